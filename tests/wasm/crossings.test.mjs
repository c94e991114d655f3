import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { describe, it } from 'node:test';
import { path } from '../../tools/lib/project.mjs';

const counted = JSON.parse(
  execFileSync(process.execPath, [path('bench', 'client', 'crossings.mjs')], { encoding: 'utf8' }),
);

describe('the boundary of core.wasm', () => {
  it('is crossed at most 40 times by a call', () => {
    const { total, names } = counted['one order'];
    assert.ok(total > 0);
    assert.ok(total <= 40, `${total} times: ${names.map(([name, count]) => `${count} ${name}`).join(', ')}`);
  });

  it('is crossed by a page as often whatever the number of its items', () => {
    assert.equal(counted['a page of 1,000 orders'].total, counted['a page of 20 orders'].total);
  });
});
