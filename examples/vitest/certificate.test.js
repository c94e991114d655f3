import { CertsClient } from 'markmonitor-certs';
import { createSandbox } from 'markmonitor-certs/sandbox';
import { expect, test } from 'vitest';
import { newCertificate } from './certificate.js';

const sandbox = await createSandbox({ demo: true, autoAdvance: true });
const client = new CertsClient({ auth: sandbox.credentials, fetch: sandbox.fetch });
const order = () => newCertificate(client, 'shop.example.com', { minDelay: 1, maxDelay: 1 });

test('an order becomes a certificate', async () => {
  expect((await order()).leaf.subject.commonName).toBe('shop.example.com');
});

test('an order that failed may have been placed all the same', async () => {
  sandbox.fault({ method: 'POST', path: '/order', status: 502, body: '<h1>Bad Gateway</h1>', times: 1 });
  await expect(order()).rejects.toMatchObject({ status: 502, mayHaveBeenApplied: true });
});

test('a token lives ninety minutes, and then another one is fetched', async () => {
  await client.tokens.authenticate();
  sandbox.advance(91 * 60_000);
  await client.orders.prices();
  expect(sandbox.requests.slice(-3).map(({ status }) => status)).toEqual([401, 200, 200]);
});
