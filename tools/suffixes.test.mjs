import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { it } from 'node:test';
import { brotliCompressSync } from 'node:zlib';
import { generated, table } from './suffixes.mjs';

const text = readFileSync(table, 'utf8');

it('the table of suffixes is what the script makes of the packages', async () => {
  assert.equal(text, await generated(), 'run `node tools/suffixes.mjs`');
});

it('the table begins with its date, and is in the order in which it is searched', () => {
  const [date, ...lines] = text.trimEnd().split('\n');
  assert.match(date, /^\d{4}-\d{2}-\d{2}$/);
  const tlds = lines.map((line) => line.split(' ')[0]);
  assert.deepEqual(tlds, [...new Set(tlds)].sort());
  for (const line of lines) assert.match(line, /^[a-z0-9-]+( !?(\*|[a-z0-9-]+)(\.[a-z0-9-]+)*)*$/);
});

it('no label has become an address', () => {
  assert.doesNotMatch(text, /\d+\.\d+\.\d+\.\d+/);
  for (const suffix of ['bg 0 1 2 3 4 5 6 7 8 9 a', 'hu 2000 ']) assert.ok(text.includes(`\n${suffix}`), suffix);
});

it('the table weighs 12 KB at most', () => {
  assert.ok(brotliCompressSync(text).length <= 12_000);
});
