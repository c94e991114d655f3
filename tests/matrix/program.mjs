/** What has to work everywhere: reading a request, making one, and an order's life against the sandbox. */
import { CertsClient, createCsr, inspectCsr, NotFoundError } from 'markmonitor-certs';
import { parseCsr } from 'markmonitor-certs/pki';
import { createSandbox } from 'markmonitor-certs/sandbox';

const person = {
  firstName: 'Ada',
  lastName: 'Park',
  jobTitle: 'Engineer',
  email: 'ada@example.com',
  phone: '+12085550100',
};
const contactTypes = [{ type: 'ORGANIZATION_CONTACT' }];

/** What it returns when all of it worked, in one line; what it failed with, otherwise. */
export async function program() {
  try {
    return (await work()).join(' ');
  } catch (error) {
    return `failed: ${error?.stack ?? error}`;
  }
}

async function work() {
  const subject = { commonName: 'example.com', organizationName: 'Example Inc.', country: 'US' };
  const { csr } = await createCsr({ subject, dnsNames: ['example.com', 'www.example.com'] });
  const { subjectAltNames } = await parseCsr(csr);
  const { signature } = await inspectCsr(csr);

  const sandbox = await createSandbox({ seed: 1 });
  // In a page, too: the credentials of a sandbox are no secret.
  const client = new CertsClient({ auth: sandbox.credentials, fetch: sandbox.fetch });
  const organization = await client.organizations.create({
    name: 'Example Inc.',
    address1: '1 Main Street',
    city: 'Meridian',
    state: 'Idaho',
    country: 'US',
    zipcode: '83642',
    phone: '+12085550100',
    provider: 'DIGICERT',
    contacts: [{ ...person, provider: 'DIGICERT', contactTypes }],
  });
  const order = await client.orders.create({
    organizationId: organization.id,
    contacts: [{ id: organization.contacts[0].id, contactTypes }],
    certType: 'SSL_OV_BASIC',
    locale: 'en',
    provider: 'DIGICERT',
    cert: { commonName: 'example.com', dnsNames: ['www.example.com'], csr, dcvMethod: 'DNS_TXT_TOKEN' },
  });
  const patience = { minDelay: 10, onPoll: () => sandbox.advance(3_600_000) };
  const { status, id } = await client.orders.waitUntil(order, 'issued', patience);
  const { leaf } = await client.orders.certificate(id);
  const orders = await client.orders.list({ size: 3 }).toArray({ limit: 5 });
  const missing = await client.orders.get('0f9b7a52-3c1d-4e5f-8a6b-7c8d9e0f1a2b').catch((error) => error);
  client.close();
  return [
    ...subjectAltNames.dns,
    signature,
    status,
    leaf.subject.commonName,
    orders.length,
    missing instanceof NotFoundError && missing.status,
  ];
}
