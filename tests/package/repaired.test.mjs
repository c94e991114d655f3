import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { installPackage } from './support/install.mjs';
import { describeCsr, ecCsr, guideCsr, openssl } from './support/openssl.mjs';

/** How a CSR comes out of mails, forms, configurations and word processors. OpenSSL reads hardly any of these. */
const pasted = {
  quoted: (pem) => pem.replace(/^/gm, '> '),
  'on one line': (pem) => pem.replaceAll('\n', ' '),
  'in base64url': (pem) => pem.replaceAll('+', '-').replaceAll('/', '_'),
  'with blank lines': (pem) => pem.replaceAll('\n', '\n\n'),
  'escaped as in JSON': (pem) => JSON.stringify(pem).slice(1, -1),
  'in base64 once more': (pem) => Buffer.from(pem).toString('base64'),
  'with smart dashes': (pem) => pem.replaceAll('-----', '\u2013\u2013\u2013\u2013\u2013'),
  'with a byte order mark': (pem) => `\ufeff${pem}`,
  'with another label': (pem) => pem.replaceAll('CERTIFICATE REQUEST', 'CERTIFICATE'),
  'without a frame': (pem) => pem.replace(/^-.*\n/gm, ''),
};

/** Whether OpenSSL reads a request, and its signature holds. */
function isRead(csr) {
  try {
    openssl(['req', '-in', 'csr.pem', '-noout', '-verify'], { 'csr.pem': csr });
    return true;
  } catch {
    return false;
  }
}

describe('what an order sends of a CSR', async () => {
  let project;
  let api;
  let client;
  before(async () => {
    project = await installPackage();
    api = await project.import();
    client = new api.CertsClient({ auth: { apiKey: 'key', token: 'token' }, fetch: async () => new Response('{}') });
  });
  after(() => project?.remove());

  const id = '00000000-0000-4000-8000-000000000000';
  const order = (csr) => ({
    organizationId: id,
    contacts: [{ id, contactTypes: [{ type: 'ORGANIZATION_CONTACT' }] }],
    certType: 'SSL_OV_BASIC',
    locale: 'en',
    provider: 'DIGICERT',
    cert: { commonName: 'example.com', csr },
  });
  const sent = async (call) => {
    const { body } = await client.preview(call);
    return (typeof body === 'string' ? JSON.parse(body) : body).cert.csr;
  };

  for (const [way, paste] of Object.entries(pasted)) {
    it(`that was pasted ${way} is PEM that OpenSSL reads, and a finding says so`, async () => {
      const { csr: own } = await api.createCsr({ subject: { commonName: 'example.com' } });
      for (const pem of [guideCsr(), own]) {
        const csr = paste(pem);
        const shown = (await api.inspectCsr(csr)).csr.pem;
        const inOrder = await sent((client) => client.orders.create(order(csr)));
        const inReissue = await sent((client) => client.orders.reissue(id, { cert: { csr } }));
        assert.deepEqual([inOrder, inReissue], [shown, shown]);
        assert.ok(isRead(inOrder), `OpenSSL does not read ${inOrder}, pasted as ${csr}`);
        assert.deepEqual(describeCsr(inOrder), describeCsr(pem));
        const codes = (await api.checkOrder(order(csr))).map(({ code }) => code);
        assert.ok(codes.includes('csr_repaired'), codes.join());
      }
    });
  }

  it('is nothing when there are two', async () => {
    await assert.rejects(client.orders.create(order(guideCsr() + ecCsr())), (error) => {
      assert.ok(error.findings.some(({ code }) => code === 'csr_several'));
      return error instanceof api.ValidationError;
    });
  });

  it('is nothing when its signature does not hold', async () => {
    const der = Buffer.from(guideCsr().replace(/^-.*\n/gm, ''), 'base64');
    der[der.length - 1] ^= 1;
    const csr = `-----BEGIN CERTIFICATE REQUEST-----\n${der.toString('base64').replace(/.{64}/g, '$&\n')}\n-----END CERTIFICATE REQUEST-----\n`;
    const found = (findings) =>
      findings.some(({ code, field }) => code === 'signature_invalid' && field === 'cert.csr');
    assert.ok(found(await api.checkOrder(order(csr))));
    for (const call of [() => client.orders.create(order(csr)), () => client.orders.reissue(id, { cert: { csr } })]) {
      await assert.rejects(call, (error) => error instanceof api.ValidationError && found(error.findings));
    }
  });
});
