import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runChecks } from './checking.mjs';
import { CommandFailed, Skipped } from './run.mjs';

const passes = async () => {};
const fails = async () => {
  throw new CommandFailed('false', 'exit code 1');
};

/** The exit code, and the report without the times. */
async function report(checks, { missing = {}, mustRun = false } = {}) {
  const lines = [];
  const print = (text) => lines.push(...text.split('\n'));
  const code = await runChecks(checks, new Map(Object.entries(missing)), { mustRun, print });
  return {
    code,
    lines: lines.filter(Boolean).map((line) =>
      line
        .replace(/\d+\.\d s/, '')
        .replace(/ +/g, ' ')
        .trim(),
    ),
  };
}

test('after a failure it continues, and what needs the failed one is skipped with the reason', async () => {
  const checks = [
    { name: 'build', run: fails },
    { name: 'package', run: passes, needs: 'build' },
    { name: 'page', run: passes, needs: 'package' },
    { name: 'native', run: passes },
  ];
  assert.deepEqual(await report(checks), {
    code: 1,
    lines: [
      '✘ build exit code 1',
      '– package needs build, which failed',
      '– page needs package, which was skipped',
      '✔ native',
      '1 passed, 1 failed, 2 skipped',
    ],
  });
});

test('what lacks a tool is skipped with the reason, which is said first; in CI that is a failure', async () => {
  const checks = [
    { name: 'native', run: passes },
    { name: 'firefox', run: passes, uses: ['firefox'] },
  ];
  const missing = { firefox: 'Firefox is missing: install it.' };
  const lines = ['Firefox is missing: install it.', '✔ native', '– firefox Firefox is missing: install it.'];
  assert.deepEqual(await report(checks, { missing }), { code: 0, lines: [...lines, '1 passed, 0 failed, 1 skipped'] });
  const strict = [...lines, '1 passed, 0 failed, 1 skipped: in CI nothing may be skipped'];
  assert.deepEqual(await report(checks, { missing, mustRun: true }), { code: 1, lines: strict });
});

test('a check that finds nothing to run on is skipped with its reason', async () => {
  const run = async () => {
    throw new Skipped('no crate is there yet');
  };
  const { lines } = await report([{ name: 'floors', run }]);
  assert.deepEqual(lines, ['– floors no crate is there yet', '0 passed, 0 failed, 1 skipped']);
});

test('tests that a check skipped are named and counted; in CI they are a failure', async () => {
  const checks = [{ name: 'oracles', run: async () => ['one: no Python here', 'two: no Python here'] }];
  const lines = ['✔ oracles one: no Python here', 'two: no Python here'];
  const counted = '1 passed, 0 failed, 2 skipped tests inside them';
  assert.deepEqual(await report(checks), { code: 0, lines: [...lines, counted] });
  assert.equal((await report(checks, { mustRun: true })).code, 1);
});

test('when nothing ran, nothing passed', async () => {
  const checks = [{ name: 'firefox', run: passes, uses: ['firefox'] }];
  assert.equal((await report(checks, { missing: { firefox: 'Firefox is missing.' } })).code, 1);
});

test('all that pass are a success', async () => {
  assert.deepEqual(await report([{ name: 'native', run: passes }], { mustRun: true }), {
    code: 0,
    lines: ['✔ native', '1 passed, 0 failed'],
  });
});
