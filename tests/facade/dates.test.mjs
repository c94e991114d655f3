import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { loadFacade } from './support/facade.mjs';

const { dateOf } = await loadFacade();

describe('dateOf', () => {
  it('reads a date in every form that services write, as the core does', () => {
    const table = JSON.parse(readFileSync(new URL('../dates.json', import.meta.url), 'utf8'));
    for (const { value, date } of table) {
      assert.equal(dateOf(value)?.toISOString() ?? null, date, JSON.stringify(value));
    }
  });

  it('takes what a program has in hand', () => {
    const now = new Date();
    assert.equal(dateOf(now), now);
    for (const none of [undefined, new Date(Number.NaN), Number.NaN, Number.POSITIVE_INFINITY, 1e300, () => {}]) {
      assert.equal(dateOf(none), undefined);
    }
  });
});
