import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { environmentNames, openEnvironments } from './support/environments.mjs';
import { certificatesInP7b, describeCsr, guideCsr, publicKeyOf, verifyChain } from './support/openssl.mjs';
import { startSandboxServer } from './support/sandbox-server.mjs';

describe('an order becomes a certificate', { timeout: 300_000 }, () => {
  const csr = guideCsr();
  let environments;
  let server;
  before(async () => {
    environments = await openEnvironments();
    server = await startSandboxServer('--rate-limit', 'off');
  });
  after(async () => {
    await environments?.close();
    await server?.stop();
  });

  for (const name of environmentNames) {
    for (const where of ['over HTTP', 'in memory']) {
      it(`in ${name}, with the sandbox ${where}`, async () => {
        const options = where === 'over HTTP' ? { ...server.options, rateLimit: false } : undefined;
        const result = await environments[name].run('order.mjs', 'firstCertificate', { csr, options });

        assert.equal(result.tokenLastsMinutes, 90);
        assert.equal(result.created, 202);
        assert.equal(result.statuses[0], 'CREATED');
        assert.equal(result.issued, 'DIGI_ISSUED');
        assertChain(result, csr);
      });
    }
  }

  it('and the page had nothing to complain of', () => {
    assert.deepEqual(environments.page.errors, []);
  });
});

/** The files are a chain that OpenSSL trusts, for the CSR's key, and what the package read in them is the same chain. */
function assertChain({ pem, p7b, bundle, sameFromP7b, keyIsTheCsrs, at }, csr) {
  const [leaf, ...rest] = pem.match(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g);
  const root = rest.pop();
  assert.match(verifyChain({ leaf, intermediates: rest, root, at: new Date(at) }), /leaf\.pem: OK/);
  assert.equal(publicKeyOf(leaf), describeCsr(csr).publicKey);
  const trim = (text) => text.trim();
  assert.deepEqual(
    certificatesInP7b(Uint8Array.from(p7b)).map(trim).toSorted(),
    [leaf, ...rest, root].map(trim).toSorted(),
  );

  assert.equal(bundle.leaf.pem.trim(), leaf.trim());
  assert.deepEqual(bundle.leaf.subjectAltNames.dns.toSorted(), ['example.com', 'www.example.com']);
  assert.equal(bundle.intermediates.length, rest.length);
  assert.equal(bundle.root.pem.trim(), root.trim());
  assert.ok(sameFromP7b && keyIsTheCsrs);
}
