import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cp, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { installPackage } from '../package/support/install.mjs';
import { guideCsr } from '../package/support/openssl.mjs';

const run = promisify(execFile);

describe('a program that esbuild bundles', () => {
  let project;
  before(async () => {
    project = await installPackage();
  });
  after(() => project?.remove());

  async function bundled(entry, options) {
    const source = join(project.folder, `${entry.replace('/', '-')}-${options.format}.js`);
    const outdir = join(project.folder, 'out', options.format, entry);
    await writeFile(
      source,
      `import { CertsClient, parseCsr } from '${entry}';
       const fetch = async () => new Response('{"content":[{"id":"x"}]}');
       const client = new CertsClient({ auth: { apiKey: 'key', token: 'token' }, fetch });
       Promise.all([parseCsr(${JSON.stringify(guideCsr())}), client.orders.list()]).then(
         ([{ subject }, { content }]) => console.log(subject.commonName, content.length));`,
    );
    const { warnings } = await build({
      entryPoints: { program: source },
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

  it('as CommonJS for Node needs no other file', async () => {
    const outdir = await bundled('markmonitor-certs/inline', {
      format: 'cjs',
      platform: 'node',
      outExtension: { '.js': '.cjs' },
    });
    assert.equal(await output(outdir, '.cjs'), 'example.com 1');
    assert.deepEqual(await readdir(outdir), ['program.cjs']);
  });

  it('as ESM for Node wants the wasm next to it, where it looks', async () => {
    const outdir = await bundled('markmonitor-certs', {
      format: 'esm',
      platform: 'node',
      outExtension: { '.js': '.mjs' },
    });
    for (const file of ['core.wasm', 'pki.wasm'])
      await cp(join(project.package, 'dist', file), join(outdir, '..', file));
    assert.equal(await output(outdir, '.mjs'), 'example.com 1');
  });
});
