/** Runs tests/facade: the facade's source with a fake core. There is no wasm in it, so nothing has to be built. */
import { generateTypes } from './generate.mjs';
import { runTests, testFiles } from './lib/node-tests.mjs';
import { path, version } from './lib/project.mjs';
import { Problem } from './lib/run.mjs';

/** In place of the wasm and of its glue: using one of them is a mistake of the test. */
const noWasm = {
  name: 'no-wasm',
  setup({ onLoad, onResolve }) {
    onResolve({ filter: /^wasm-|\.wasm(\?module)?$/ }, ({ path }) => ({ path, namespace: 'no-wasm' }));
    onLoad({ filter: /.*/, namespace: 'no-wasm' }, ({ path }) => ({
      contents: `export default () => { throw new Error('${path}: there is no wasm in tests of the facade'); };`,
    }));
  },
};

/** A check: bundles each test file with what it imports of pkg-template/src, and runs them. */
export async function facadeTests() {
  await generateTypes();
  // Not at the top: this module is loaded before npm's packages are installed.
  const { build } = await import('esbuild');
  const files = testFiles('tests/facade');
  if (files.length === 0) throw new Problem('There are no tests in tests/facade.');
  const { metafile } = await build({
    absWorkingDir: path(),
    entryPoints: files,
    outdir: path('build', 'facade'),
    outbase: path('tests', 'facade'),
    outExtension: { '.js': '.mjs' },
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    packages: 'external',
    sourcemap: 'inline',
    define: { PACKAGE_VERSION: JSON.stringify(version()) },
    plugins: [noWasm],
    metafile: true,
    logLevel: 'warning',
  });
  return runTests(
    Object.keys(metafile.outputs).map((file) => path(file)),
    ['--enable-source-maps'],
  );
}
