import assert from 'node:assert/strict';
import { test } from 'node:test';
import { completeManifest } from './lib/manifest.mjs';
import { path, readJson } from './lib/project.mjs';

test('the package brings no other package along, so no licence but that of its crates', () => {
  const manifest = readJson(path('pkg-template', 'package.json'));
  const published = completeManifest(manifest, { version: '1.2.3' });
  const lists = Object.keys(published).filter((name) => /dependencies$/i.test(name));
  // What `markmonitor-certs/redis` is given: whoever has none needs none.
  assert.deepEqual(lists, ['peerDependencies']);
  const optional = Object.entries(manifest.peerDependenciesMeta).filter(([, { optional }]) => optional);
  assert.deepEqual(
    Object.keys(manifest.peerDependencies),
    optional.map(([name]) => name),
  );
});
