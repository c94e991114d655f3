/** The facade from its sources, with a core of the test's own: no wasm, so nothing has to be built. */
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const source = fileURLToPath(new URL('../../../pkg-template/src', import.meta.url));

/** Modules whose parts are tested by themselves. */
const parts = [
  ...[
    'errors/nearest',
    'errors/dto',
    'host/body',
    'host/head',
    'host/service',
    'host/natives',
    'pki/signatures',
    'store/here',
  ],
  ...[
    'renewals/command',
    'renewals/journal-file',
    'renewals/node',
    'renewals/reading',
    'renewals/steps',
    'wasm/embedded',
    'wasm/flight',
    'wasm/instance',
    'wasm/part',
  ],
];

/** Stands for the version: what copies of one version share is then each copy's alone. */
const placeholder = '0.0.0-copy';
const gluesOf = (version) => Symbol.for(`glues of ${version}`);

const fakeGlue = {
  name: 'fake-glue',
  setup({ onLoad, onResolve }) {
    onResolve({ filter: /^wasm-glue:/ }, ({ path }) => ({ path: path.split(':')[1], namespace: 'fake-glue' }));
    onLoad({ filter: /.*/, namespace: 'fake-glue' }, ({ path }) => ({
      contents: `export default (guard) => globalThis[Symbol.for('glues of ${placeholder}')].${path}(guard);`,
    }));
  },
};

/** In place of the table of domain suffixes. */
const noSuffixes = {
  name: 'no-suffixes',
  setup({ onLoad, onResolve }) {
    onResolve({ filter: /^domain-suffixes$/ }, ({ path }) => ({ path, namespace: 'no-suffixes' }));
    onLoad({ filter: /.*/, namespace: 'no-suffixes' }, () => ({ contents: '', loader: 'text' }));
  },
};

let bundled;
async function bundle() {
  const contents = [
    "export * from './index.js';",
    "export { coreLoader } from './wasm/core.js';",
    "export { pkiLoader } from './wasm/pki.js';",
    "export { shared } from './wasm/shared.js';",
    ...parts.map((part) => `export * from './${part}.js';`),
  ].join('\n');
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: source, loader: 'ts' },
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    platform: 'neutral',
    define: { PACKAGE_VERSION: JSON.stringify(placeholder) },
    plugins: [fakeGlue, noSuffixes],
  });
  return outputFiles[0].text;
}

/** A copy of the facade that shares nothing with any other; `glues` makes the functions around each wasm, by name. */
export async function loadFacade(glues = {}) {
  bundled ??= bundle();
  const version = `0.0.0-${randomUUID()}`;
  globalThis[gluesOf(version)] = glues;
  const folder = await mkdtemp(join(tmpdir(), 'facade-'));
  const file = join(folder, 'facade.mjs');
  await writeFile(file, (await bundled).replaceAll(placeholder, version));
  const facade = await import(pathToFileURL(file).href);
  await rm(folder, { recursive: true });
  return facade;
}
