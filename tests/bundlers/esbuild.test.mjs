import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { installPackage } from '../package/support/install.mjs';
import { guideCsr } from '../package/support/openssl.mjs';

const run = promisify(execFile);

const lists = `
  const fetch = async () => new Response('{"content":[{"id":"x"}]}');
  const client = new CertsClient({ auth: { apiKey: 'key', token: 'token' }, fetch });
  console.log((await client.orders.list()).content.length);`;
const reads = `console.log((await parseCsr(${JSON.stringify(guideCsr())})).subject.commonName);`;

/**
 * What a program does with which entry, and what it prints; the wasm that a build holds.
 */
const jobs = {
  'only lists': {
    entry: 'markmonitor-certs',
    code: lists,
    output: '1',
    emitted: ['core', 'pki', 'renewals'],
  },
  'only reads': {
    entry: 'markmonitor-certs',
    code: reads,
    output: 'example.com',
    emitted: ['core', 'pki', 'renewals'],
  },
  'only reads, through the reader alone': {
    entry: 'markmonitor-certs/pki',
    code: reads,
    output: 'example.com',
    emitted: ['pki'],
  },
  'lists and reads': {
    entry: 'markmonitor-certs',
    code: `${lists}\n${reads}`,
    output: '1\nexample.com',
    emitted: ['core', 'pki', 'renewals'],
  },
};

describe('a program that esbuild bundles', () => {
  let project;
  before(async () => {
    project = await installPackage();
  });
  after(() => project?.remove());

  /** Bundles a job into a folder of its own; returns the folder. */
  async function bundled(name, { entry, code }, options) {
    const folder = join(project.folder, `${name} ${options.format} ${options.platform} ${options.conditions}`);
    const outdir = join(folder, 'app', 'out');
    await mkdir(folder, { recursive: true });
    const main = `async function main() { ${code} }\nmain();`;
    const names = ['CertsClient', 'parseCsr'].filter((name) => code.includes(name));
    await writeFile(join(folder, 'program.js'), `import { ${names} } from '${entry}';\n${main}`);
    const { warnings } = await build({
      entryPoints: { program: join(folder, 'program.js') },
      bundle: true,
      outdir,
      logLevel: 'silent',
      ...options,
    });
    assert.deepEqual(warnings, []);
    return outdir;
  }
  const output = async (outdir, extension) =>
    (await run(process.execPath, [join(outdir, `program${extension}`)])).stdout.trim();
  /** workerd compiles what is imported; the bundler copies it beside the program. */
  const worker = {
    format: 'esm',
    conditions: ['workerd'],
    loader: { '.wasm': 'copy' },
    assetNames: '[name]',
  };

  for (const [name, job] of Object.entries(jobs)) {
    for (const [format, extension] of Object.entries({ esm: '.mjs', cjs: '.cjs' })) {
      it(`and ${name}: for Node, as ${format}, it needs no other file`, async () => {
        const options = { format, platform: 'node', outExtension: { '.js': extension } };
        const outdir = await bundled(name, job, options);
        assert.deepEqual(await readdir(outdir), [`program${extension}`]);
        assert.equal(await output(outdir, extension), job.output);
      });
    }

    // It emits no file that is fetched, whatever it is told of production.
    for (const [title, more] of Object.entries({
      'a page': {},
      'a page in production': { conditions: ['production'] },
    })) {
      it(`and ${name}: for ${title}, split, a chunk for each of ${job.emitted.join(' and ')}`, async () => {
        const outdir = await bundled(name, job, { format: 'esm', splitting: true, platform: 'browser', ...more });
        const files = (await readdir(outdir)).filter((file) => /^(core|pki|renewals|sandbox)-/.test(file));
        assert.deepEqual(files.map((file) => file.split('-')[0]).sort(), job.emitted);
      });
    }

    it(`and ${name}: for a worker it emits ${job.emitted.join(' and ')}`, async () => {
      const files = await readdir(await bundled(name, job, worker));
      assert.deepEqual(files.sort(), [...job.emitted.map((file) => `${file}.wasm`), 'program.js'].sort());
    });
  }
});
