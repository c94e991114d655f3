import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { openContract } from '../contract/support/contract.mjs';
import { environmentNames, openEnvironments } from './support/environments.mjs';
import { guideCsr } from './support/openssl.mjs';
import { startSandboxServer } from './support/sandbox-server.mjs';

describe('every call of the service is made and answered', { timeout: 300_000 }, () => {
  let environments;
  let contract;
  before(async () => {
    [environments, contract] = await Promise.all([openEnvironments(), openContract()]);
  });
  after(() => environments?.close());

  for (const name of environmentNames) {
    it(`in ${name}, over HTTP`, async () => {
      const server = await startSandboxServer('--rate-limit', 'off');
      try {
        const options = { ...server.options, rateLimit: false };
        const results = await environments[name].run('calls.mjs', 'everyCall', { csr: guideCsr(), options });
        assertResults(results);
        await assertRequests(server, contract);
      } finally {
        await server.stop();
      }
    });
  }
});

async function assertRequests(server, contract) {
  const requests = (await server.requests()).map((request) => ({
    ...request,
    operation: contract.operationOf(request)?.operationId,
  }));
  const succeeded = new Set(requests.filter(({ status }) => status < 300).map(({ operation }) => operation));
  assert.deepEqual(
    [...succeeded].sort(),
    [...contract.operations].sort(),
    'all that the service has, and nothing else',
  );
  // Time jumps over the life of tokens, so some calls were made once more with a new one.
  assert.deepEqual([...new Set(requests.map(({ status }) => status).filter((status) => status >= 400))], [401]);
}

function assertResults(results) {
  assert.ok(results.groups.every(({ id, name }) => id && name) && results.groups.length > 0);
  assert.deepEqual(results.requestedGroups, results.groups);
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
