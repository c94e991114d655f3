/**
 * Orders a certificate and waits for it:
 *
 *   node order.mjs FOLDER NAME…
 *
 * The folder gets the key before the order is placed, the order's id after it, and the certificate at the end. Run it again
 * with the same folder when it was interrupted: it waits for the same order.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CertsClient, createCsr } from 'markmonitor-certs';

const [folder, ...names] = process.argv.slice(2);
if (names.length === 0) throw new Error('Say where to, and for which names: node order.mjs FOLDER NAME…');
const file = (name) => join(folder, name);
const saved = (name) =>
  readFile(file(name), 'utf8').catch((error) => {
    if (error.code !== 'ENOENT') throw error;
  });

// MARKMONITOR_API_KEY, MARKMONITOR_USERNAME and MARKMONITOR_PASSWORD say who we are.
const client = new CertsClient();

/** The request of this folder: made once, so that the order that is there is known by it. */
async function request() {
  const there = await saved('request.csr');
  if (there) return there;
  const { csr, privateKeyPem } = await createCsr({ subject: { commonName: names[0] }, dnsNames: names });
  await mkdir(folder, { recursive: true });
  await writeFile(file('key.pem'), privateKeyPem, { mode: 0o600, flag: 'wx' });
  await writeFile(file('request.csr'), csr);
  return csr;
}

async function place() {
  const [organization] = await client.organizations.list().toArray({ limit: 1 });
  const [contact] = organization?.contacts ?? [];
  if (!contact) throw new Error('The account has no organization with a contact.');
  const [commonName, ...dnsNames] = names;
  return client.orders.createOnce({
    organizationId: organization.id,
    contacts: [{ id: contact.id, contactTypes: [{ type: 'ORGANIZATION_CONTACT' }] }],
    certType: 'SSL_OV_BASIC',
    locale: 'en',
    provider: 'DIGICERT',
    cert: { commonName, dnsNames, csr: await request(), dcvMethod: 'DNS_TXT_TOKEN' },
  });
}

const order = await place();
await writeFile(file('order.txt'), `${order.id}\n`);
console.log(`Order ${order.id} is ${order.status}.`);

const onPoll = ({ status }) => console.log(`It is ${status}.`);
const issued = await client.orders.waitUntil(order, 'issued', { onPoll, maxWait: 7 * 24 * 3_600_000 });
const { leaf, intermediates } = await client.orders.certificate(issued);
await writeFile(file('fullchain.pem'), [leaf, ...intermediates].map(({ pem }) => pem).join(''));
console.log(`The certificate is in ${file('fullchain.pem')}, and ends on ${leaf.notAfter}.`);
client.close();
