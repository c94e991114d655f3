/** Every check that `npm test` runs. To add one, add a line. */
import { relative } from 'node:path';
import { build, buildPage } from './build.mjs';
import { path, root, tarball } from './lib/project.mjs';
import { Problem, run } from './lib/run.mjs';
import { filesUnder } from './lib/stamp.mjs';

/** A command, its words divided by single spaces. */
const command = (line) => () => {
  const [name, ...args] = line.split(' ');
  return run(name, args);
};

/** The tests of a folder, by Node's own runner. */
const nodeTests = (folder) => () => {
  const files = [...filesUnder(path(folder))].filter((file) => /\.test\.[cm]?[jt]s$/.test(file));
  // Given none, node would look for tests by itself, and call it a success to find none.
  if (files.length === 0) throw new Problem(`There are no tests in ${folder}.`);
  return run('node', ['--test', '--test-reporter=spec', ...files]);
};

/** Relative, so that no folder's name can hold a space. */
const packed = () => relative(root, tarball());
/** node10 does not read `exports`, so subpaths can not be there; and a .wasm has no types. */
const attwOptions = '--profile node16 --exclude-entrypoints ./core.wasm ./pki.wasm ./sandbox.wasm';

/**
 * In the order in which they run: the quick ones first, those that want the tarball after the build. One with `needs`
 * is skipped when the check of that name did not pass.
 */
export const checks = () => [
  { name: 'rustfmt', run: command('cargo fmt --all --check') },
  { name: 'biome', run: command('biome check --error-on-warnings .') },
  { name: 'openapi', run: command('redocly lint docs/openapi.yaml') },
  { name: 'layers', run: command('node tools/check-layers.mjs') },
  { name: 'tools', run: nodeTests('tools') },
  { name: 'clippy', run: command('cargo clippy --workspace --all-targets -- -D warnings') },
  {
    name: 'clippy for wasm',
    run: command(
      'cargo clippy -p core-wasm -p pki-wasm -p sandbox-wasm --target wasm32-unknown-unknown -- -D warnings',
    ),
  },
  { name: 'native tests', run: command('cargo test --workspace') },
  { name: 'contract', run: command('node tests/contract/run.mjs --quick') },
  { name: 'fuzz', run: command('node fuzz/run.mjs 20') },
  { name: 'licences', run: command('node tools/check-licences.mjs') },
  { name: 'build', run: build },
  { name: 'types of the package', run: nodeTests('tests/types'), needs: 'build' },
  { name: 'requests beside OpenSSL and pyca', run: nodeTests('tests/pki'), needs: 'build' },
  { name: 'package in Node and Chromium', run: nodeTests('tests/package'), needs: 'build' },
  { name: 'traffic of the client beside the contract', run: nodeTests('tests/contract'), needs: 'build' },
  {
    name: 'reference of the package',
    run: command('typedoc --options pkg-template/typedoc.json --emit none'),
    needs: 'build',
  },
  { name: 'package in Bun, Deno and workerd', run: nodeTests('tests/runtimes'), needs: 'build' },
  { name: 'package in bundlers', run: nodeTests('tests/bundlers'), needs: 'build' },
  { name: 'snippets of the README', run: command('node tools/check-readme.mjs'), needs: 'build' },
  { name: "a user's test with Vitest", run: command('node tools/check-example.mjs'), needs: 'build' },
  { name: 'demo page', run: buildPage, needs: 'build' },
  { name: 'demo page in Chromium and Firefox', run: nodeTests('www/tests'), needs: 'demo page' },
  { name: 'publint', run: command(`publint run ${packed()} --strict`), needs: 'build' },
  { name: 'are the types wrong', run: command(`attw ${packed()} ${attwOptions}`), needs: 'build' },
  { name: 'size', run: command('node tools/check-size.mjs'), needs: 'build' },
];
