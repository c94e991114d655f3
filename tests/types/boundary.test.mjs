import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { it } from 'node:test';
import { fileURLToPath } from 'node:url';

const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
const program = fileURLToPath(new URL('boundary.ts', import.meta.url));
const modules = fileURLToPath(new URL('../../pkg-template/src/wasm/modules.d.ts', import.meta.url));

it('what is written of the wasm modules is what the build declares', { timeout: 120_000 }, async () => {
  const options = [
    '--noEmit',
    '--strict',
    '--skipLibCheck',
    '--target',
    'ES2022',
    '--module',
    'ESNext',
    '--moduleResolution',
    'Bundler',
  ];
  const libraries = ['--lib', 'ES2022,DOM,DOM.Iterable,ESNext.Disposable'];
  const complaints = await new Promise((resolve) => {
    execFile(process.execPath, [tsc, ...options, ...libraries, program, modules], (error, stdout) =>
      resolve(error ? stdout : ''),
    );
  });
  assert.equal(complaints, '');
});
