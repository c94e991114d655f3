import assert from 'node:assert/strict';
import { test } from 'node:test';
import { select } from './select.mjs';

const list = {
  sets: { quick: [], all: ['quick'] },
  checks: [
    { name: 'format', set: 'quick' },
    { name: 'build', set: 'all' },
    { name: 'package', set: 'all', needs: 'build' },
    { name: 'page', set: 'other', needs: 'package' },
  ],
};
const selected = (...names) => select(names, list).map(({ name }) => name);

test('a set brings what it includes', () => {
  assert.deepEqual(selected('quick'), ['format']);
  assert.deepEqual(selected('all'), ['format', 'build', 'package']);
});

test('a check brings what it needs, and that what it needs itself, once and in order', () => {
  assert.deepEqual(selected('page', 'format', 'build'), ['format', 'build', 'package', 'page']);
});

test('an unknown name is refused with the nearest one and all there are', () => {
  assert.throws(() => selected('format', 'pakage'), {
    message:
      'There is no check or set "pakage". Did you mean "package"?\nSets: quick, all.\nChecks: format, build, package, page.',
  });
  assert.throws(() => selected('constructor'), /There is no check or set "constructor"/);
});
