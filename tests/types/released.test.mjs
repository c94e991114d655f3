/** What docs/guides/versions.md promises of names: those of the last release are there, and what is to go was announced. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { namesOf, taken } from '../../tools/lib/names.mjs';
import { path, readJson, version } from '../../tools/lib/project.mjs';
import { filesUnder } from '../../tools/lib/stamp.mjs';
import { installPackage } from '../package/support/install.mjs';

describe('the names of the last release', { timeout: 120_000 }, () => {
  let project;
  before(async () => {
    project = await installPackage();
  });
  after(() => project?.remove());

  it('are all there: what entries export, options, fields, methods, codes', () => {
    const released = readJson(path('tools', 'names-released.json'));
    const now = namesOf(project.folder);
    assert.ok(now.members.ErrorCode.split(' ').length > 20);
    assert.deepEqual(taken(released, now, version()), []);
  });

  it('and what is deprecated is in the changelog under Deprecated', () => {
    const sections = readFileSync(path('CHANGELOG.md'), 'utf8').split(/^##+ /m);
    const announced = sections.filter((section) => section.startsWith('Deprecated')).join();
    const declared = [...filesUnder(join(project.package, 'dist', 'types'))].flatMap((file) => {
      const text = readFileSync(file, 'utf8');
      const marked =
        /\/\*\*(?:(?!\*\/)[\s\S])*@deprecated(?:(?!\*\/)[\s\S])*\*\/\s*(?:export |declare |readonly |type |interface |function )*(\w+)/g;
      return [...text.matchAll(marked)].map(([, name]) => name);
    });
    assert.ok(declared.includes('strangers') && declared.includes('renewalOf'));
    assert.deepEqual(
      declared.filter((name) => !new RegExp(`\\b${name}\\b`).test(announced)),
      [],
    );
  });
});

describe('a name that is taken away', () => {
  const released = { version: '0.2.1', entries: { p: 'a b' }, members: { Options: 'x y', ErrorCode: 'lost found' } };
  const now = { entries: { p: 'b c' }, members: { Options: 'x', ErrorCode: 'found' } };

  it('is named in a release that may break nothing', () => {
    for (const next of ['0.2.1', '0.2.2']) {
      assert.deepEqual(taken(released, now, next), ['p: a', 'Options: y', 'ErrorCode: lost']);
    }
    assert.deepEqual(taken({ ...released, version: '1.2.0' }, now, '1.3.0').length, 3);
  });

  it('is named in every release when it is a code', () => {
    for (const next of ['0.3.0', '1.0.0']) assert.deepEqual(taken(released, now, next), ['ErrorCode: lost']);
  });

  it('leaves with its type', () => {
    assert.deepEqual(taken(released, { entries: { p: 'a b' }, members: {} }, '0.2.2').length, 4);
  });
});
