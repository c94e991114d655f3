import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { environmentNames, openEnvironments } from './support/environments.mjs';
import { guideCsr } from './support/openssl.mjs';
import { startSandboxServer } from './support/sandbox-server.mjs';

const id = '[0-9a-f-]{36}';

/** The 27 calls of the service, and authentication. */
const calls = [
  'POST /auth/v1/auth/authenticate',
  'GET /auth/v1/auth/refresh',
  'POST /certs/v1/organization',
  `GET /certs/v1/organization/${id}`,
  'GET /certs/v1/organization',
  `GET /certs/v1/organization/${id}/history`,
  `GET /certs/v1/organization/${id}/history/${id}`,
  'POST /certs/v1/contact',
  `GET /certs/v1/contact/${id}`,
  'GET /certs/v1/contact',
  `PATCH /certs/v1/contact/${id}`,
  `DELETE /certs/v1/contact/${id}`,
  `GET /certs/v1/contact/${id}/history`,
  `GET /certs/v1/contact/${id}/history/${id}`,
  'POST /certs/v1/cert/parse',
  'POST /certs/v1/order',
  `GET /certs/v1/order/${id}`,
  'GET /certs/v1/order',
  'GET /certs/v1/order/prices',
  `GET /certs/v1/order/${id}/downloadCert`,
  `GET /certs/v1/order/${id}/history`,
  `GET /certs/v1/order/${id}/history/${id}`,
  ...[
    ...['cancel', 'revoke', 'reissue', 'sendDcvEmail'],
    ...['validateDomains', 'updateAdditionalEmails', 'sendCertificateEmail'],
  ].map((action) => `PATCH /certs/v1/order/${id}/${action}`),
].map((call) => new RegExp(`^${call}$`));

describe('every call of the service is made and answered', { timeout: 300_000 }, () => {
  let environments;
  before(async () => {
    environments = await openEnvironments();
  });
  after(() => environments?.close());

  for (const name of environmentNames) {
    it(`in ${name}, over HTTP`, async () => {
      const server = await startSandboxServer('--rate-limit', 'off');
      try {
        const options = { ...server.options, rateLimit: false };
        const results = await environments[name].run('calls.mjs', 'everyCall', { csr: guideCsr(), options });
        assertResults(results);
        await assertRequests(server);
      } finally {
        await server.stop();
      }
    });
  }
});

async function assertRequests(server) {
  const requests = await server.requests();
  const succeeded = requests.filter(({ status }) => status < 300).map(({ method, path }) => `${method} ${path}`);
  for (const call of calls)
    assert.ok(
      succeeded.some((request) => call.test(request)),
      `${call} was made`,
    );
  const unknown = requests.filter(({ method, path }) => !calls.some((call) => call.test(`${method} ${path}`)));
  assert.deepEqual(unknown, [], 'and nothing that the service does not have');
  // Time jumps over the life of tokens, so some calls were made once more with a new one.
  assert.deepEqual([...new Set(requests.map(({ status }) => status).filter((status) => status >= 400))], [401]);
}

function assertResults(results) {
  assert.equal(results.organization.name, 'Example Inc.');
  assert.equal(results.organizations.content[0].id, results.organization.id);
  assert.deepEqual(results.organizations.page, { size: 5, totalElements: 1, totalPages: 1, number: 0 });
  assert.deepEqual(results.organizationLine, results.organizationHistory.content[0]);
  assert.equal(results.contact.firstName, 'Grace');
  assert.ok(results.contacts.content.some((contact) => contact.id === results.contact.id));
  assert.equal(results.updated.jobTitle, 'Admiral');
  assert.deepEqual(results.contactLine, results.contactHistory.content[0]);
  assert.equal(results.deleted, true);
  assert.equal(results.parsed[0].commonName, 'example.com');
  assert.ok(results.prices.some(({ certType }) => certType === 'SSL_OV_BASIC'));
  assert.equal(results.order.status, 'DIGI_ISSUED');
  assert.equal(results.orders.content[0].id, results.order.id);
  assert.ok(results.file > 1_000);
  assert.deepEqual(results.orderLine, results.orderHistory.content[0]);
  assert.deepEqual(results.addressed.additionalEmails, ['ops@example.com']);
  assert.notEqual(results.reissued.cert.serialNumber, results.order.cert.serialNumber);
  assert.equal(results.revoked.status === 'DIGI_REVOKED' || results.revoked.cert.revokeStatus === 'PENDING', true);
  assert.equal(results.canceled.status, 'DIGI_CANCELED');
}
