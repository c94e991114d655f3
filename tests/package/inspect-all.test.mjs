import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import { bothForms, installPackage } from './support/install.mjs';
import { ecCsr, guideCsr } from './support/openssl.mjs';

const fixture = (name) => readFileSync(new URL(`../pki/fixtures/${name}`, import.meta.url));
const text = (name) => fixture(name).toString();
const [leaf, intermediate, root] = ['leaf-90', 'intermediate', 'root'].map((name) => text(`${name}.cert.pem`));

describe('everything in a paste', () => {
  let project;
  before(async () => {
    project = await installPackage();
  });
  after(() => project?.remove());

  it('is inspected, each with its place in the string', async () => {
    const [guide, ec] = [guideCsr(), ecCsr()];
    const broken = guide.replace('MII', 'M!I');
    const parts = [guide, leaf + intermediate + root, ec, broken];
    const paste = `Grüße 🔑\n${parts.join('\n– und –\n')}bye`;
    for (const { api } of Object.values(await bothForms(project))) {
      const found = await api.inspectAll(paste);
      assert.deepEqual(
        found.map(({ kind, file, start, end }) => [kind, file, paste.slice(start, end).trim()]),
        ['csr', 'bundle', 'csr', 'other'].map((kind, index) => [kind, 0, parts[index].trim()]),
      );
      assert.deepEqual(found[0].inspection, await api.inspectCsr(guide));
      assert.equal(found[0].inspection.signature, 'valid');
      assert.deepEqual(found[1].bundle, await api.parseBundle(parts[1]));
      assert.equal(found[1].bundle.strangers, found[1].bundle.unrelated);
      assert.deepEqual(found[2].inspection, await api.inspectCsr(ec));
      assert.equal(found[3].error.code, 'base64');
    }
  });

  it('or in files, of which one may be a key', async () => {
    const { inspectAll } = await project.import();
    const key =
      '-----BEGIN PRIVATE KEY-----\nMIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg\n-----END PRIVATE KEY-----\n';
    const p7b = fixture('mixed.p7b.der');
    const file = new Blob([guideCsr()]);
    const found = await inspectAll([key, p7b, file, 'hello, world!', root]);
    assert.deepEqual(
      found.map(({ kind, file: index, error }) => [kind, index, error?.code]),
      [
        ['other', 0, 'private_key'],
        ['bundle', 1, undefined],
        ['csr', 2, undefined],
        ['other', 3, 'base64'],
        ['bundle', 4, undefined],
      ],
    );
    assert.deepEqual([found[1].start, found[1].end], [0, p7b.length]);
    assert.equal(found[1].bundle.leaf.subject.commonName, 'example.com');
    assert.doesNotMatch(JSON.stringify(found), /MIGHAgEA/);
    assert.deepEqual(await inspectAll([]), []);
  });

  it('refuses what is neither text nor a file', async () => {
    const { inspectAll, ParseError } = await project.import();
    for (const nothing of [undefined, 7, [null], [{}]]) await assert.rejects(inspectAll(nothing), ParseError);
  });
});
