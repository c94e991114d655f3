import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { checks, sets } from './checks.mjs';
import { path } from './lib/project.mjs';
import { checksOf, select } from './lib/select.mjs';
import { toolNames } from './setup.mjs';

const list = { checks, sets };
const names = (some) => some.map(({ name }) => name);

test('the table in CONTRIBUTING.md says what runs where', () => {
  const row = (...cells) => `| ${cells.join(' | ')} |`;
  const wanted = checks.map(({ name, set, what }) => row(`\`${name}\``, `\`${set}\``, what));
  const [, after] = readFileSync(path('CONTRIBUTING.md'), 'utf8').split(
    '\n| check | set | what it holds |\n|---|---|---|\n',
  );
  const [table] = after.split('\n\n');
  assert.deepEqual(table.split('\n'), wanted);
});

test('no check is called like another one or like a set', () => {
  const all = [...names(checks), ...Object.keys(sets)];
  assert.deepEqual(all, [...new Set(all)]);
});

test('every check is of a set, and uses what set-up knows', () => {
  for (const { name, set, uses = [] } of checks) {
    assert.ok(Object.hasOwn(sets, set), name);
    assert.deepEqual(
      uses.filter((tool) => !toolNames.includes(tool)),
      [],
      name,
    );
  }
});

test('what a check needs comes before it', () => {
  checks.forEach(({ name, needs }, index) => {
    if (needs) assert.ok(names(checks.slice(0, index)).includes(needs), name);
  });
});

test('`check` builds no wasm', () => {
  const run = select(['check'], list);
  assert.deepEqual(
    run.filter(({ uses = [] }) => uses.some((tool) => ['rust target', 'wasm tools'].includes(tool))),
    [],
  );
});

test('a set is whole: it has what its checks need', () => {
  for (const set of ['check', 'test', 'release']) assert.deepEqual(select([set], list), checksOf(set, list));
});

test('in `npm test` the quick checks are first, the long ones last; no Firefox is needed', () => {
  const run = checksOf('test', list);
  const quick = names(checksOf('check', list));
  assert.deepEqual(names(run).slice(0, quick.length), quick);
  assert.deepEqual(names(run).slice(-3), ['contract', 'fuzz', 'memory']);
  assert.ok(!run.some(({ uses = [] }) => uses.includes('firefox')));
});

test('`release` runs everything but `soak`', () => {
  assert.deepEqual(
    checksOf('release', list),
    checks.filter(({ set }) => set !== 'soak'),
  );
});
