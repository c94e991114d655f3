import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { openPage } from './support/chromium.mjs';
import { bothForms, installPackage } from './support/install.mjs';
import { describeCsr, ecCsr, guideCsr, keyHash } from './support/openssl.mjs';

const algorithms = { rsaEncryption: 'RSA', 'id-ecPublicKey': 'EC' };

/** What `parseCsr` gave, in the words of `describeCsr`. */
function view(csr) {
  const { dns, ip } = csr.subjectAltNames;
  return {
    version: csr.version,
    subject: csr.subject.attributes.map(({ name, value }) => ({ name, value })),
    names: [...dns.map((name) => `DNS:${name}`), ...ip.map((address) => `IP Address:${address}`)],
    algorithm: csr.publicKey.algorithm,
    bits: csr.publicKey.bits,
    curve: csr.publicKey.curve,
    signatureAlgorithm: csr.signatureAlgorithm.name,
    spkiSha256: csr.publicKey.spkiSha256,
  };
}

function expected(csr) {
  const { publicKey, algorithm, ...rest } = describeCsr(csr);
  return { ...rest, algorithm: algorithms[algorithm], spkiSha256: keyHash(publicKey) };
}

describe('a CSR is read as OpenSSL reads it', async () => {
  const csrs = { "the guide's own": guideCsr(), 'one with an EC key and three names': ecCsr() };
  let project;
  let page;
  before(async () => {
    project = await installPackage();
    page = await openPage(project);
  });
  after(async () => {
    await page?.close();
    await project?.remove();
  });

  for (const [which, csr] of Object.entries(csrs)) {
    for (const form of ['ESM', 'CommonJS']) {
      it(`${which}, in Node as ${form}`, async () => {
        const { api } = (await bothForms(project))[form];
        assert.deepEqual(view(await api.parseCsr(csr)), expected(csr));
      });
    }

    it(`${which}, in Chromium`, async () => {
      assert.deepEqual(view(await page.run('csr.mjs', 'parse', csr)), expected(csr));
    });
  }

  it('with its fields by name', async () => {
    const { parseCsr } = await project.import();
    const { attributes, ...subject } = (await parseCsr(guideCsr())).subject;
    assert.deepEqual(subject, {
      country: 'US',
      state: 'Idaho',
      locality: 'Meridian',
      organizationName: 'Example Inc.',
      organizationalUnit: 'QA',
      commonName: 'example.com',
    });
    assert.equal(attributes.length, 6);
  });

  it('in PEM, base64 and DER, as text and as bytes', async () => {
    const { parseCsr } = await project.import();
    const pem = guideCsr();
    const base64 = pem.replaceAll(/-----.*-----|\n/g, '');
    const der = Uint8Array.from(Buffer.from(base64, 'base64'));
    const wanted = await parseCsr(pem);
    const among = ['Grüße, \ud800 und 日本\n', `${'–'.repeat(2_000_000)}\n`].map((text) => `${text}${pem}${text}`);
    for (const input of [base64, der, der.buffer, new TextEncoder().encode(pem), ...among]) {
      assert.deepEqual(await parseCsr(input), wanted);
    }
  });

  const garbage = { 'no PEM at all': 'hello', 'a cut CSR': guideCsr().slice(0, 300), nothing: '' };
  for (const [what, input] of Object.entries(garbage)) {
    it(`and ${what} is a ParseError that says what was expected`, async () => {
      for (const { api } of Object.values(await bothForms(project))) {
        await assert.rejects(api.parseCsr(input), (error) => {
          assert.ok(error instanceof api.ParseError && error instanceof Error);
          assert.match(error.message, /expected/i);
          assert.match(error.code, /^[a-z0-9_]+$/);
          return true;
        });
      }
      const failure = await page.run('csr.mjs', 'failure', input);
      assert.equal(failure.name, 'ParseError');
      assert.ok(failure.isParseError);
      assert.match(failure.message, /expected/i);
    });
  }

  it('and bytes that go wrong say where', async () => {
    const { parseCsr } = await project.import();
    const der = Buffer.from(guideCsr().replaceAll(/-----.*-----|\n/g, ''), 'base64');
    await assert.rejects(parseCsr(der.subarray(0, 100)), (error) => Number.isInteger(error.offset));
  });

  it('and the page loads one wasm, without a complaint of its Content-Security-Policy', () => {
    assert.deepEqual(
      page.requests.filter((path) => path.endsWith('.wasm')),
      ['/package/dist/pki.wasm'],
    );
    assert.deepEqual(page.errors, []);
  });
});
