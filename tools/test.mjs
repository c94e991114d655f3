/** `npm test`: sets up, runs every check, tells how each went. .ci/run calls this and nothing else. */
import { build } from './build.mjs';
import { path, tarball } from './lib/project.mjs';
import { CommandFailed, main, Problem, run } from './lib/run.mjs';
import { filesUnder } from './lib/stamp.mjs';
import { setUpBuild, setUpTests } from './setup.mjs';

/** The test files of a folder. Named one by one: what `node --test FOLDER` means differs between versions of Node. */
const testsIn = (...folders) =>
  [...filesUnder(...folders.map((folder) => path(folder)))].filter((file) => /\.test\.[cm]?[jt]s$/.test(file));
const nodeTest = (...folders) => ['node', '--test', '--test-reporter=spec', ...testsIn(...folders)];

/**
 * Every check, in the order in which they run: the quick ones first, those that want the tarball after the build.
 * `command` is a list, or a function to await. A check with `needs` is skipped when the one that it names failed.
 */
const checks = () => [
  { name: 'rustfmt', command: ['cargo', 'fmt', '--all', '--check'] },
  { name: 'biome', command: ['biome', 'check', '--error-on-warnings', '.'] },
  { name: 'layers', command: ['node', 'tools/check-layers.mjs'] },
  { name: 'tools', command: nodeTest('tools') },
  { name: 'clippy', command: ['cargo', 'clippy', '--workspace', '--all-targets', ...denyWarnings] },
  { name: 'clippy, wasm', command: ['cargo', 'clippy', ...wasm, '--features', 'wasm', ...denyWarnings] },
  {
    name: 'clippy, sandbox wasm',
    command: ['cargo', 'clippy', '-p', 'sandbox', ...wasm, ...sandboxWasm, ...denyWarnings],
  },
  { name: 'native tests', command: ['cargo', 'test', '--workspace'] },
  { name: 'licences', command: ['node', 'tools/check-licences.mjs'] },
  { name: 'build', command: build },
  { name: 'types of the facade', needs: 'build', command: ['tsc', '--noEmit', '-p', 'pkg-template'] },
  { name: 'types of the package', needs: 'build', command: nodeTest('tests/types') },
  { name: 'package in Node and Chromium', needs: 'build', command: nodeTest('tests/package') },
  { name: 'README snippets', needs: 'build', command: ['node', 'tools/check-readme.mjs'] },
  { name: 'publint', needs: 'build', command: ['publint', 'run', tarball(), '--strict'] },
  { name: 'are the types wrong', needs: 'build', command: ['attw', tarball(), ...attwOptions] },
  { name: 'size', needs: 'build', command: ['node', 'tools/check-size.mjs'] },
];

/** Subpaths need `exports`, which node10 does not read; and a .wasm has no types. */
const attwOptions = '--profile node16 --exclude-entrypoints ./core.wasm ./sandbox.wasm'.split(' ');
const denyWarnings = ['--', '-D', 'warnings'];
const wasm = ['--target', 'wasm32-unknown-unknown'];
const sandboxWasm = ['--no-default-features', '--features', 'wasm'];

/** Runs one check: undefined when it passed, else the reason in one line. */
async function failure({ command }) {
  try {
    if (typeof command === 'function') await command();
    else await run(command[0], command.slice(1));
    return undefined;
  } catch (error) {
    if (!(error instanceof Problem)) console.error(error);
    else if (!(error instanceof CommandFailed)) console.error(error.message);
    return error.message.split('\n')[0];
  }
}

async function runAll() {
  const results = [];
  for (const check of checks()) {
    const blocker = results.find(({ name, outcome }) => name === check.needs && outcome !== 'passed');
    if (blocker) {
      results.push({ name: check.name, outcome: 'skipped', detail: `needs ${blocker.name}` });
      continue;
    }
    console.log(`\n━━ ${check.name}`);
    const started = performance.now();
    const reason = await failure(check);
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    console.log(`━━ ${check.name}: ${reason ? 'failed' : 'passed'} in ${seconds} s`);
    results.push({ name: check.name, outcome: reason ? 'failed' : 'passed', seconds, detail: reason });
  }
  return results;
}

const marks = { passed: '✔', failed: '✘', skipped: '–' };

function report(results) {
  const width = Math.max(...results.map(({ name }) => name.length));
  console.log('');
  for (const { name, outcome, seconds = '', detail = '' } of results) {
    console.log(
      `${marks[outcome]} ${name.padEnd(width)} ${seconds.padStart(6)}${seconds && ' s'}  ${detail}`.trimEnd(),
    );
  }
  const count = (wanted) => results.filter(({ outcome }) => outcome === wanted).length;
  const skipped = count('skipped');
  console.log(`\n${count('passed')} passed, ${count('failed')} failed${skipped ? `, ${skipped} skipped` : ''}`);
}

main(async () => {
  await setUpBuild();
  await setUpTests();
  const results = await runAll();
  report(results);
  process.exitCode = results.some(({ outcome }) => outcome !== 'passed') ? 1 : 0;
});
