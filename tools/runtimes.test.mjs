import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { rows, table } from '../tests/matrix/support/rows.mjs';
import { path } from './lib/project.mjs';

test('the table in docs/runtimes.md is that of the matrix', async () => {
  const [, written] = readFileSync(path('docs', 'runtimes.md'), 'utf8').match(/<!-- table -->\n(.*?)\n<!-- end/s) ?? [];
  assert.equal(written, table(await rows()));
});
