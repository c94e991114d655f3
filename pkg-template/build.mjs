/**
 * `npm run build` of the package: bundles the facade with what wasm-pack built, and emits its types, into dist/.
 *
 * Wants `build/core`, `build/pki` and `build/sandbox` of the project's root, and the version in PACKAGE_VERSION.
 */
import { execFileSync } from 'node:child_process';
import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));
const source = join(here, 'src');
const dist = join(here, 'dist');
const wasmFolder = (name) => join(here, '..', 'build', name);

async function bundle(version) {
  const shared = {
    bundle: true,
    target: 'es2022',
    // Neither Node nor a browser: what differs between them is in the entries.
    platform: 'neutral',
    external: ['node:*', '*.wasm', '*.wasm?module'],
    define: { PACKAGE_VERSION: JSON.stringify(version) },
    plugins: [wasmGlue, inlineWasm],
    logLevel: 'warning',
  };
  const esm = {
    ...shared,
    format: 'esm',
    splitting: true,
    outbase: join(source, 'entries'),
    outdir: join(dist, 'esm'),
    chunkNames: 'chunks/[name]-[hash]',
    entryPoints: [
      ...['browser', 'edge-light', 'inline', 'node', 'slim', 'workerd'],
      ...['pki', 'sandbox'].flatMap((part) =>
        ['browser', 'edge-light', 'node', 'workerd'].map((environment) => `${part}/${environment}`),
      ),
    ].map((entry) => join(source, 'entries', `${entry}.ts`)),
  };
  const cjs = {
    ...shared,
    format: 'cjs',
    outdir: join(dist, 'cjs'),
    entryPoints: {
      index: join(source, 'entries', 'cjs.ts'),
      pki: join(source, 'entries', 'pki', 'cjs.ts'),
      sandbox: join(source, 'entries', 'sandbox', 'cjs.ts'),
      slim: join(source, 'entries', 'slim.ts'),
    },
  };
  await Promise.all([build(esm), build(cjs)]);
}

/**
 * `wasm-glue:NAME`: the functions that wasm-bindgen generated, as a function that makes them. Its own file holds one
 * instance for ever; this way a broken one can be replaced.
 */
const wasmGlue = {
  name: 'wasm-glue',
  setup({ onLoad, onResolve }) {
    onResolve({ filter: /^wasm-glue:/ }, ({ path }) => ({ path: path.split(':')[1], namespace: 'wasm-glue' }));
    onLoad({ filter: /.*/, namespace: 'wasm-glue' }, async ({ path: name }) => {
      const { outputFiles } = await build({
        entryPoints: [join(wasmFolder(name), `${name}.js`)],
        bundle: true,
        write: false,
        target: 'es2022',
        format: 'iife',
        globalName: 'glue',
        // The wasm is always handed in. Without this, bundlers would find a second one to copy.
        define: { 'import.meta.url': 'undefined' },
      });
      const contents = `export default function makeGlue() { ${outputFiles[0].text}\nreturn glue; }`;
      return { contents, loader: 'js' };
    });
  },
};

/** `wasm-inline:NAME`: a function that gives the wasm's bytes, which stand inside the JavaScript. */
const inlineWasm = {
  name: 'wasm-inline',
  setup({ onLoad, onResolve }) {
    onResolve({ filter: /^wasm-inline:/ }, ({ path }) => ({ path: path.split(':')[1], namespace: 'wasm-inline' }));
    onLoad({ filter: /.*/, namespace: 'wasm-inline' }, async ({ path: name }) => {
      const base64 = await readFile(join(wasmFolder(name), `${name}_bg.wasm`), 'base64');
      const contents = `export default () => Uint8Array.from(atob('${base64}'), (char) => char.charCodeAt(0));`;
      return { contents, loader: 'js' };
    });
  },
};

/** TypeScript reads a declaration as ESM or CommonJS by the nearest package.json, so there are two trees of them. */
async function emitTypes() {
  const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
  const types = join(dist, 'types');
  execFileSync(process.execPath, [tsc, '--project', here, '--outDir', types], { stdio: 'inherit' });
  await rm(join(types, 'entries'), { recursive: true });
  await cp(types, join(dist, 'cjs', 'types'), { recursive: true });
  await writeFile(join(dist, 'cjs', 'package.json'), '{ "type": "commonjs" }\n');
}

const version = process.env.PACKAGE_VERSION;
if (!version) throw new Error('PACKAGE_VERSION is not set: run `npm run build` in the root of the project instead.');
await rm(dist, { recursive: true, force: true });
await bundle(version);
await emitTypes();
await Promise.all(
  ['core', 'pki', 'sandbox'].map((name) => cp(join(wasmFolder(name), `${name}_bg.wasm`), join(dist, `${name}.wasm`))),
);
