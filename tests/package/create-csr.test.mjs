import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { environmentNames, openEnvironments } from './support/environments.mjs';
import { describeCsr, openssl } from './support/openssl.mjs';

const dnsNames = ['example.com', 'www.example.com'];
const subject = { commonName: 'example.com', organizationName: 'Example Inc.', country: 'US' };
const keys = {
  'EC P-256': undefined,
  'EC P-384': { algorithm: 'EC', curve: 'P-384' },
  'RSA 2048': { algorithm: 'RSA', bits: 2048 },
};

describe('a CSR that the package makes is one to OpenSSL', () => {
  let environments;
  before(async () => {
    environments = await openEnvironments();
  });
  after(() => environments?.close());

  for (const name of environmentNames) {
    for (const [which, key] of Object.entries(keys)) {
      it(`with a key of ${which}, in ${name}`, async () => {
        const request = { subject, dnsNames, ...(key && { key }) };
        const made = await environments[name].run('csr.mjs', 'create', request);
        const read = describeCsr(made.csr);
        assert.deepEqual(
          read.names,
          dnsNames.map((dns) => `DNS:${dns}`),
        );
        assert.deepEqual(read.subject.map(({ value }) => value).toSorted(), Object.values(subject).toSorted());
        const publicKey = openssl(['pkey', '-in', 'key.pem', '-pubout'], { 'key.pem': made.privateKeyPem });
        assert.equal(publicKey, read.publicKey);
        assert.doesNotThrow(() => openssl(['req', '-in', 'csr.pem', '-noout', '-verify'], { 'csr.pem': made.csr }));
        assert.equal(made.signature, 'valid');
      });
    }
  }
});
