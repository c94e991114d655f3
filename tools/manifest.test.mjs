import assert from 'node:assert/strict';
import { test } from 'node:test';
import { path, readJson } from './lib/project.mjs';

test('the package brings no other package along, so no licence but that of its crates', () => {
  const manifest = readJson(path('pkg-template', 'package.json'));
  const lists = Object.keys(manifest).filter((name) => /dependencies$/i.test(name));
  assert.deepEqual(lists, []);
});
