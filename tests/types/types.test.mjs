import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cp, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { allPrograms } from '../../tools/lib/snippets.mjs';
import { installPackage } from '../package/support/install.mjs';

const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
const typeRoots = [fileURLToPath(new URL('../../node_modules/@types', import.meta.url))];
const programs = fileURLToPath(new URL('programs', import.meta.url));
const others = fileURLToPath(new URL('others.d.ts', import.meta.url));

/** How users have TypeScript resolve a package, and whether the program is ESM. */
const configurations = {
  'Node, ESM': { type: 'module', module: 'NodeNext' },
  'Node, CommonJS': { type: 'commonjs', module: 'NodeNext' },
  'the old resolution, which reads no exports': {
    ...{ type: 'commonjs', module: 'CommonJS', moduleResolution: 'Node10', ignoreDeprecations: '6.0' },
  },
  'a bundler': { type: 'module', module: 'ESNext', moduleResolution: 'Bundler' },
};

describe('the shipped types compile, and keep the promises of the API', { timeout: 300_000 }, () => {
  let project;
  before(async () => {
    project = await installPackage();
    await cp(programs, project.folder, { recursive: true });
  });
  after(() => project?.remove());

  /** What the compiler complains of. */
  async function complaints({ type, ...options }, files, more = {}) {
    const compilerOptions = {
      ...{ noEmit: true, strict: true, skipLibCheck: false, exactOptionalPropertyTypes: true, types: [] },
      ...{ noUncheckedIndexedAccess: true, target: 'ES2022', lib: ['ES2022', 'DOM'], ...options, ...more },
    };
    await writeFile(join(project.folder, 'package.json'), JSON.stringify({ private: true, type }));
    await writeFile(join(project.folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files }));
    return new Promise((resolve) => {
      execFile(process.execPath, [tsc, '--project', project.folder], (error, stdout) => resolve(error ? stdout : ''));
    });
  }

  for (const [name, configuration] of Object.entries(configurations)) {
    it(`for ${name}`, async () => {
      assert.equal(await complaints(configuration, ['usage.ts', 'mistakes.ts', 'promises.ts', 'portal.ts']), '');
    });
  }

  it('and so do the programs of the README and of the guides, as TypeScript in the strictest settings', async () => {
    const found = allPrograms();
    for (const page of ['README.md', 'docs/guides/']) assert.ok(found.some((program) => program.page.startsWith(page)));
    const files = found.map(({ name }) => `program-${name}.ts`);
    await Promise.all(files.map((file, index) => writeFile(join(project.folder, file), found[index].code)));
    await cp(others, join(project.folder, 'others.d.ts'));
    const more = { types: ['node'], typeRoots, lib: ['ES2023', 'DOM', 'DOM.Iterable'] };
    assert.equal(await complaints(configurations['Node, ESM'], [...files, 'others.d.ts'], more), '');
  });

  it('and so does a portal for the servers of node:http and http2', async () => {
    await writeFile(
      join(project.folder, 'servers.ts'),
      `import { createServer } from 'node:http';
      import { createServer as createHttp2, createSecureServer } from 'node:http2';
      import { CertsClient } from 'markmonitor-certs';
      import { createProxy, toNodeHandler } from 'markmonitor-certs/proxy';
      const handle = createProxy({ client: new CertsClient(), prefix: '/api', hosts: ['x'], authorize: () => null });
      createServer(toNodeHandler(handle));
      createHttp2(toNodeHandler(handle));
      createSecureServer({ allowHTTP1: true }, toNodeHandler(handle));`,
    );
    assert.equal(await complaints(configurations['Node, ESM'], ['servers.ts'], { types: ['node'], typeRoots }), '');
  });

  it('and a broken promise is noticed', async () => {
    const broken = (await readFile(join(programs, 'promises.ts'), 'utf8')).replace(
      'Promise<Price[]>',
      'Promise<Price>',
    );
    await writeFile(join(project.folder, 'broken.ts'), broken);
    assert.match(await complaints(configurations['a bundler'], ['broken.ts']), /broken\.ts\(\d+,\d+\): error TS2344/);
  });

  it('without the DOM library, for a program of Node alone', async () => {
    // What @types/node declares of the globals that the package's types name.
    await writeFile(
      join(project.folder, 'globals.d.ts'),
      `declare class Headers implements Iterable<[string, string]> {
        get(name: string): string | null; [Symbol.iterator](): IterableIterator<[string, string]>;
      }
      declare class Response {} declare class URL {} declare class AbortSignal {}
      declare function fetch(input: string): Promise<Response>;`,
    );
    await writeFile(
      join(project.folder, 'node.ts'),
      `import { CertsClient, parseCsr } from 'markmonitor-certs';
      export const subject = parseCsr('').then((csr) => csr.subject.commonName);
      export const order = new CertsClient().orders.get('id');`,
    );
    assert.equal(await complaints(configurations['Node, ESM'], ['globals.d.ts', 'node.ts'], { lib: ['ES2022'] }), '');
  });
});
