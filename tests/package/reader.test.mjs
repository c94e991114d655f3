import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { openPage } from './support/chromium.mjs';
import { installPackage } from './support/install.mjs';
import { ecCsr, guideCsr } from './support/openssl.mjs';

const subpath = 'markmonitor-certs/pki';
const codes = (findings) => findings.map(({ code }) => code);

describe('the reader alone', () => {
  let project;
  before(async () => {
    project = await installPackage();
  });
  after(() => project?.remove());

  it('reads what the whole package reads, as ESM and as CommonJS', async () => {
    const whole = await project.import();
    for (const reader of [await project.import(subpath), project.require(subpath)]) {
      for (const csr of [guideCsr(), ecCsr()]) {
        assert.deepEqual(await reader.parseCsr(csr), await whole.parseCsr(csr));
        assert.deepEqual(await reader.inspectCsr(csr), await whole.inspectCsr(csr));
      }
    }
  });

  it('exports what it promises, and nothing of how it is made', async () => {
    const whole = await project.import();
    const reader = await project.import(subpath);
    const errors = Object.keys(whole).filter((name) => name.endsWith('Error'));
    const reading = ['asn1Tree', 'inspectAll', 'inspectCsr', 'parseBundle', 'parseCertificate', 'parseCsr', 'sameKey'];
    const functions = [...reading, 'createCsr', 'init', 'toPkcs12'];
    const ofClient = [
      'CertsClient',
      'allowedActions',
      'checkOrder',
      'createMemoryStore',
      'createRenewalJournal',
      'dateOf',
      'dcvInstructions',
      'renewalOf',
      'responseOf',
    ];
    assert.deepEqual(Object.keys(reader).sort(), [...errors, ...functions, 'version'].sort());
    assert.deepEqual(Object.keys(whole).sort(), [...errors, ...functions, ...ofClient, 'version'].sort());
  });

  it('throws errors that the whole package knows as its own', async () => {
    const { ParseError, ValidationError } = await project.import();
    for (const reader of [await project.import(subpath), project.require(subpath)]) {
      await assert.rejects(reader.parseCsr('hello'), ParseError);
      await assert.rejects(reader.createCsr({ subject: { country: 'Germany' }, dnsNames: [] }), ValidationError);
    }
  });

  it('says of what it cannot take what that is, and what it takes', async () => {
    const { createCsr, parseCsr } = await project.import(subpath);
    for (const view of [new DataView(new ArrayBuffer(8)), new Uint16Array(8), new Float64Array(8)]) {
      await assert.rejects(parseCsr(view), { code: 'wrong_kind' });
    }
    for (const transferred of [new Uint8Array(8), new ArrayBuffer(8)]) {
      structuredClone(transferred, { transfer: [transferred.buffer ?? transferred] });
      await assert.rejects(parseCsr(transferred), { code: 'empty' });
    }
    const csr = { subject: { commonName: 'www.example.com' }, dnsNames: ['www.example.com'] };
    const ofKey = (key) => createCsr({ ...csr, key });
    await assert.rejects(ofKey({ der: new Uint8Array(8) }), /no `der` in `key`.* algorithm, .* pem, password/);
    await assert.rejects(ofKey({ password: 'secret' }), /`key\.pem` must be PEM or DER/);
  });

  it('loads its own wasm in a page, and no other', async () => {
    const opened = await openPage(project);
    try {
      const name = await opened.page.evaluate(
        async ([entry, csr]) => (await (await import(entry)).parseCsr(csr)).subject.commonName,
        [opened.entry('./pki'), guideCsr()],
      );
      assert.equal(name, 'example.com');
      const loaded = opened.requests.filter((path) => path.endsWith('.wasm'));
      assert.deepEqual(loaded, ['/package/dist/pki.wasm']);
      assert.deepEqual(opened.errors, []);
    } finally {
      await opened.close();
    }
  });

  it('shares its wasm with the whole package, and leaves the client unloaded', async () => {
    const opened = await openPage(project);
    try {
      await opened.page.evaluate(
        async ([whole, reader, csr]) => {
          await (await import(whole)).parseCsr(csr);
          await (await import(reader)).parseCsr(csr);
        },
        [opened.entry('.'), opened.entry('./pki'), guideCsr()],
      );
      const loaded = opened.requests.filter((path) => path.endsWith('.wasm'));
      assert.deepEqual(loaded, ['/package/dist/pki.wasm']);
    } finally {
      await opened.close();
    }
  });
});

describe('a request is judged', () => {
  let project;
  let api;
  before(async () => {
    project = await installPackage();
    api = await project.import();
  });
  after(() => project?.remove());

  /** An order of the demo world that has its certificate, and a client of that world. Close the client in the end. */
  async function issuedOrder() {
    const { createSandbox } = await project.import('markmonitor-certs/sandbox');
    const sandbox = await createSandbox({ demo: true });
    const client = new api.CertsClient({ auth: sandbox.credentials, fetch: sandbox.fetch, rateLimit: false });
    const { content } = await client.orders.list({ statuses: ['DIGI_ISSUED'], size: 1 });
    return { client, order: content[0] };
  }

  it('by the keys that the caller knows to be weak', async () => {
    const csr = guideCsr();
    const { publicKey } = await api.parseCsr(csr);
    const other = createHash('sha256').update('another key').digest('hex');
    const judged = async (weakKeys) => codes((await api.inspectCsr(csr, { weakKeys })).findings);
    assert.ok((await judged([other, publicKey.spkiSha256])).includes('key_listed_weak'));
    assert.ok(!(await judged([other])).includes('key_listed_weak'));
  });

  it('by an order and its organization', async () => {
    const csr = ecCsr();
    const order = { certType: 'SSL_OV_BASIC', cert: { commonName: 'example.org', dnsNames: ['www.example.org'] } };
    const judged = async (context) => codes((await api.inspectCsr(csr, context)).findings);
    const organization = { name: 'Example Inc.', country: 'US' };
    const found = await judged({ order, organization });
    assert.ok(found.includes('order_organization_differs') && found.includes('order_country_differs'), `${found}`);
    const same = await judged({ order, organization: { name: 'Beispiel GmbH', country: 'DE' } });
    assert.deepEqual(
      same.filter((code) => code.startsWith('order_')),
      ['order_lacks_name'],
      'the address alone is not in the order',
    );
  });

  it('and a context that is not one is refused, with what and where', async () => {
    const order = { cert: 'example.com' };
    await assert.rejects(api.inspectCsr(guideCsr(), { order }), (error) => {
      assert.ok(error instanceof api.ValidationError);
      assert.match(error.message, /^`order.cert` must be an object\.$/);
      return true;
    });
  });

  it('and a bundle by its signatures', async () => {
    const { client, order } = await issuedOrder();
    const { leaf, intermediates, root } = await client.orders.certificate(order.id);
    client.close();
    const judged = async (...certificates) => {
      const { findings } = await api.parseBundle(certificates.map(({ pem }) => pem).join(''));
      return findings.filter(({ code }) => code.startsWith('certificate_signature')).map(({ field }) => field);
    };
    /** With one letter of its own subject changed. */
    const changed = ({ pem, subject: { commonName } }) => {
      const der = Buffer.from(pem.replaceAll(/-----.*-----|\s/g, ''), 'base64');
      der[der.lastIndexOf(commonName, der.length - 1)] ^= 1;
      return { pem: `-----BEGIN CERTIFICATE-----\n${der.toString('base64')}\n-----END CERTIFICATE-----\n` };
    };
    assert.deepEqual(await judged(leaf, ...intermediates, root), []);
    assert.deepEqual(await judged(changed(leaf), ...intermediates, root), ['leaf']);
  });

  it('and a bundle by its request', async () => {
    const { client, order } = await issuedOrder();
    const file = await client.orders.download(order.id, 'p7b');
    const judged = async (csr) => codes((await api.parseBundle(file, { csr })).findings);
    assert.ok((await judged(guideCsr())).includes('certificate_key_differs'));
    assert.ok(!(await judged(order.cert.csr)).includes('certificate_key_differs'));
    await assert.rejects(api.parseBundle(file, { csr: 'hello' }), api.ParseError);
    client.close();
  });
});
