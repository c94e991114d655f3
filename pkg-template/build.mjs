/**
 * `npm run build` of the package: bundles the facade with what wasm-pack built, and emits its types, into dist/.
 *
 * Wants `build/core`, `build/pki`, `build/renewals` and `build/sandbox` of the project's root, and the version in PACKAGE_VERSION.
 */
import { execFileSync } from 'node:child_process';
import { chmod, cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { guardedGlue } from './glue.mjs';
import { entry, esmEnvironments } from './src/wasm/environments.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const source = join(here, 'src');
const dist = join(here, 'dist');
const wasmFolder = (name) => join(here, '..', 'build', name);

/** The parts of the package that load a wasm; `core` is the main one. */
const parts = ['core', 'pki', 'sandbox'];

/** All that there are of wasm: the main part loads that of renewals as well. */
const modules = [...parts, 'renewals'];

/** The entries that load none, and reach nothing of those that do. */
const plain = ['proxy', 'redis'];
const plainEntries = plain.map((name) => ({ out: name, in: join(source, `${name}.ts`) }));

async function bundle(version) {
  const shared = {
    bundle: true,
    target: 'es2022',
    // Neither Node nor a browser: what differs between them is in the entries.
    platform: 'neutral',
    external: ['*.wasm', '*.wasm?module', '../embedded/*', '../../embedded/*'],
    define: { PACKAGE_VERSION: JSON.stringify(version) },
    plugins: [entries, wasmGlue, domainSuffixes],
    sourcemap: true,
    logLevel: 'warning',
  };
  const esm = {
    ...shared,
    format: 'esm',
    splitting: true,
    outdir: join(dist, 'esm'),
    chunkNames: 'chunks/[name]-[hash]',
    entryPoints: [
      ...parts.flatMap((part) =>
        esmEnvironments(part).map((name) => ({
          out: part === 'core' ? name : `${part}/${name}`,
          in: `entry:${name}:${part}`,
        })),
      ),
      ...plainEntries,
    ],
  };
  const cjs = {
    ...shared,
    format: 'cjs',
    outdir: join(dist, 'cjs'),
    entryPoints: [
      ...parts.map((part) => ({ out: part === 'core' ? 'index' : part, in: `entry:commonjs:${part}` })),
      { out: 'slim', in: 'entry:slim:core' },
      ...plainEntries,
    ],
  };
  await Promise.all([build(esm), build(cjs)]);
}

/**
 * The program, one file with all that it uses but this package itself, which it imports as anyone does. What is bundled is
 * what the manifest names: the notices and the bill of materials are made of that list.
 */
async function bundleProgram() {
  const { metafile } = await build({
    entryPoints: [{ out: 'cli', in: join(source, 'cli', 'main.ts') }],
    outdir: dist,
    bundle: true,
    minify: true,
    keepNames: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    external: ['markmonitor-certs', 'markmonitor-certs/*'],
    // What is bundled is CommonJS in part, and requires what Node has.
    banner: {
      js: '#!/usr/bin/env node\nimport { createRequire } from "node:module"; const require = createRequire(import.meta.url);',
    },
    legalComments: 'none',
    metafile: true,
    logLevel: 'warning',
  });
  const bundled = Object.keys(metafile.inputs).flatMap(
    (file) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1] ?? [],
  );
  const { devDependencies } = JSON.parse(await readFile(join(here, 'package.json'), 'utf8'));
  const [found, named] = [[...new Set(bundled)].sort(), Object.keys(devDependencies).sort()];
  if (found.join() !== named.join()) {
    throw new Error(
      `The program bundles ${found.join(', ')}, and devDependencies of the manifest are ${named.join(', ')}.`,
    );
  }
  await chmod(join(dist, 'cli.js'), 0o755);
}

/** `entry:ENVIRONMENT:PART`: a part of the package with the way in which an environment finds its wasm. */
const entries = {
  name: 'entries',
  setup({ onLoad, onResolve }) {
    onResolve({ filter: /^entry:/ }, ({ path }) => ({ path: path.slice('entry:'.length), namespace: 'entry' }));
    onLoad({ filter: /.*/, namespace: 'entry' }, ({ path }) => {
      const [environment, part] = path.split(':');
      return { contents: entry(environment, part), loader: 'ts', resolveDir: source };
    });
  },
};

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
      return { contents: guardedGlue(name, outputFiles[0].text), loader: 'js' };
    });
  },
};

/**
 * The wasm in base64, once for ESM and CommonJS: a script, which both can load and which exports nothing in either, leaves
 * the text where `src/wasm/embedded.ts` looks for it. `.cjs` would do for Node, but some bundlers take that for a file to
 * copy.
 */
async function embedWasm(version) {
  const folder = join(dist, 'embedded');
  await mkdir(folder);
  await writeFile(join(folder, 'package.json'), '{ "type": "commonjs" }\n');
  for (const name of modules) {
    const base64 = await readFile(join(wasmFolder(name), `${name}_bg.wasm`), 'base64');
    const key = `Symbol.for('markmonitor-certs@${version}/embedded')`;
    await writeFile(join(folder, `${name}.js`), `(globalThis[${key}] ??= {}).${name} =\n  '${base64}';\n`);
  }
}

/** `domain-suffixes`: the table that rules about names look things up in, which is loaded by itself. */
const domainSuffixes = {
  name: 'domain-suffixes',
  setup({ onLoad, onResolve }) {
    // esbuild writes a module's path into what it bundles, so that of the file would differ from machine to machine.
    onResolve({ filter: /^domain-suffixes$/ }, ({ path }) => ({ path, namespace: 'table' }));
    onLoad({ filter: /.*/, namespace: 'table' }, async () => ({
      contents: await readFile(join(here, '..', 'src', 'pki', 'suffixes.txt'), 'utf8'),
      loader: 'text',
    }));
  },
};

/** TypeScript reads a declaration as ESM or CommonJS by the nearest package.json, so there are two trees of them. */
async function emitTypes() {
  const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
  const types = join(dist, 'types');
  execFileSync(process.execPath, [tsc, '--project', here, '--outDir', types], { stdio: 'inherit' });
  await cp(types, join(dist, 'cjs', 'types'), { recursive: true });
  await writeFile(join(dist, 'cjs', 'package.json'), '{ "type": "commonjs" }\n');
}

const version = process.env.PACKAGE_VERSION;
if (!version) throw new Error('PACKAGE_VERSION is not set: run `npm run build` in the root of the project instead.');
await rm(dist, { recursive: true, force: true });
await bundle(version);
await bundleProgram();
await embedWasm(version);
await emitTypes();
await Promise.all(modules.map((name) => cp(join(wasmFolder(name), `${name}_bg.wasm`), join(dist, `${name}.wasm`))));
