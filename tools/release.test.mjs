import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { path, version } from './lib/project.mjs';
import { assertInChangelog, publishedManifest, repositoryAddress } from './lib/release.mjs';

const run = promisify(execFile);

test('nothing is released without the address of the repository', async () => {
  const env = { ...process.env, REPOSITORY_URL: undefined };
  const released = run(process.execPath, [path('tools', 'release.mjs')], { cwd: path(), env });
  await assert.rejects(released, ({ code, stderr }) => code === 1 && /pass --repository https:/.test(stderr));
});

test('the address is that of a repository', () => {
  for (const given of [
    'https://host.example/owner/name',
    'https://host.example/owner/name.git',
    'https://host.example/owner/name/',
  ]) {
    assert.equal(repositoryAddress(given), 'https://host.example/owner/name');
  }
  for (const wrong of [undefined, '', 'owner/name', 'http://host.example/owner/name', 'https://host.example/owner']) {
    assert.throws(() => repositoryAddress(wrong), /HOST\/OWNER\/NAME/, String(wrong));
  }
});

test('the manifest says of it where the sources, the page and the issues are', () => {
  assert.deepEqual(publishedManifest({ name: 'x' }, 'https://host.example/owner/name'), {
    name: 'x',
    repository: { type: 'git', url: 'git+https://host.example/owner/name.git' },
    homepage: 'https://host.example/owner/name#readme',
    bugs: { url: 'https://host.example/owner/name/issues' },
  });
});

test('the changelog tells of the version', () => {
  assertInChangelog(readFileSync(path('CHANGELOG.md'), 'utf8'), version());
  assert.throws(() => assertInChangelog('## [0.1.0]\n\n## [011.0] - 2026-01-01', '0.1.0'), /no heading/);
});
