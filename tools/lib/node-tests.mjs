/** Tests by Node's own runner, which names those that were skipped. */
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { path } from './project.mjs';
import { Problem, run } from './run.mjs';
import { filesUnder } from './stamp.mjs';

/** Every test file in these folders; a path to a file names itself. */
export const testFiles = (...places) =>
  [...filesUnder(...places.map((place) => path(place)))].filter((file) => /\.test\.[cm]?[jt]s$/.test(file));

/** Runs test files; returns for each skipped test a line with its name and the reason. */
export async function runTests(files, options = []) {
  const folder = path('build', 'skipped-tests');
  const skipped = join(folder, `${process.pid}.jsonl`);
  mkdirSync(folder, { recursive: true });
  const reporters = [
    ...['--test-reporter=spec', '--test-reporter-destination=stdout'],
    ...[`--test-reporter=${path('tools', 'lib', 'skipped-tests.mjs')}`, `--test-reporter-destination=${skipped}`],
  ];
  try {
    // It would report to the runner of this very process, if that is one.
    const env = { NODE_TEST_CONTEXT: undefined };
    await run('node', ['--test', ...reporters, ...options, ...files], { env });
    const lines = readFileSync(skipped, 'utf8').split('\n').filter(Boolean);
    return lines.map((line) => JSON.parse(line)).map(({ name, reason }) => `${name}: ${reason}`);
  } finally {
    rmSync(skipped, { force: true });
  }
}

const check = (places, filesAtOnce) => () => {
  const files = testFiles(...places);
  // Given none, node would look for tests by itself, and call it a success to find none.
  if (files.length === 0) throw new Problem(`There are no tests in ${places.join(' or ')}.`);
  return runTests(files, [`--test-concurrency=${filesAtOnce}`]);
};

/**
 * A check that runs the tests in these places, as many files at once as there are cores. By itself node leaves one core out,
 * and most of these tests wait for a browser or another process.
 */
export const nodeTests = (...places) => check(places, availableParallelism());

/** The same, one file after the other: they share a folder, or measure. */
export const nodeTestsInTurn = (...places) => check(places, 1);
