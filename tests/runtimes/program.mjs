/** What every runtime has to be able to do: read, make and verify a request, and talk to the service. */
import { CertsClient, createCsr, inspectCsr, NotFoundError } from 'markmonitor-certs';
import { parseCsr } from 'markmonitor-certs/pki';
import { createSandbox } from 'markmonitor-certs/sandbox';

export async function program() {
  const { csr } = await createCsr({
    subject: { commonName: 'example.com', organizationName: 'Example Inc.', country: 'US' },
    dnsNames: ['example.com', 'www.example.com'],
  });
  const { signature, findings } = await inspectCsr(csr);
  const sandbox = await createSandbox({ demo: true, seed: 1 });
  const client = new CertsClient({ auth: sandbox.credentials, fetch: sandbox.fetch });
  const orders = await client.orders.list({ size: 3 }).toArray({ limit: 5 });
  const missing = await client.orders.get('0f9b7a52-3c1d-4e5f-8a6b-7c8d9e0f1a2b').catch((error) => error);
  client.close();
  return {
    names: (await parseCsr(csr)).subjectAltNames.dns,
    signature,
    errors: findings.filter(({ severity }) => severity === 'error').length,
    orders: orders.length,
    missing: missing instanceof NotFoundError && missing.status,
  };
}
