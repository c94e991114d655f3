import assert from 'node:assert/strict';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { nodeTests, runTests } from './node-tests.mjs';
import { path } from './project.mjs';

const folder = path('build', 'node-tests');
after(() => rmSync(folder, { recursive: true, force: true }));

test('tests and suites that are skipped are named with their reasons', async () => {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'skips.mjs');
  writeFileSync(
    file,
    `import { describe, it } from 'node:test';
     describe('a suite', { skip: 'no browser' }, () => { it('inside', () => {}); });
     it('runs', () => {});
     it('is skipped', { skip: true }, () => {});
     it('skips itself', (test) => test.skip('no Python'));`,
  );
  assert.deepEqual((await runTests([file])).toSorted(), [
    'a suite: no browser',
    'is skipped: no reason given',
    'skips itself: no Python',
  ]);
});

test('a place without tests is refused', () => {
  assert.throws(() => nodeTests('docs', 'bench')(), /There are no tests in docs or bench/);
});
