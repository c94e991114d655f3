import { createCsr } from 'markmonitor-certs';

/** Stands for your own code: orders a certificate, and waits for it. */
export async function newCertificate({ organizations, orders }, commonName, waiting) {
  const [{ id: organizationId, contacts }] = await organizations.list().toArray({ limit: 1 });
  const { csr, privateKeyPem } = await createCsr({ subject: { commonName }, dnsNames: [commonName] });
  const order = await orders.create({
    organizationId,
    contacts: [{ id: contacts[0].id, contactTypes: [{ type: 'ORGANIZATION_CONTACT' }] }],
    certType: 'SSL_DV_GEOTRUST',
    locale: 'en',
    provider: 'DIGICERT',
    cert: { commonName, csr, dcvMethod: 'DNS_TXT_TOKEN' },
  });
  const issued = await orders.waitUntil(order, 'issued', waiting);
  return { privateKeyPem, ...(await orders.certificate(issued)) };
}
