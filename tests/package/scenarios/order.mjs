import { newClient, order, organization, skipTime } from './clients.mjs';

/** From nothing to a certificate, as in the README. */
export async function firstCertificate(loaded, { csr, options }) {
  const { client, service } = await newClient(loaded, options);
  const { api } = loaded;

  const token = await client.tokens.authenticate();
  const owner = await client.organizations.create(organization());
  const created = await client.orders.create(order(owner, csr, { dnsNames: ['www.example.com'] }));
  const statuses = [created.status];
  const note = ({ status }) => {
    if (status !== statuses.at(-1)) statuses.push(status);
    if (options) skipTime(options);
  };
  const issued = await client.orders.waitUntil(created, 'issued', { minDelay: 50, maxDelay: 50, onPoll: note });

  const pem = await client.orders.download(issued.id, 'pem_all');
  const p7b = await client.orders.download(issued.id, 'p7b');
  const bundle = await client.orders.certificate(issued);
  return {
    tokenLastsMinutes: Math.round(token.remainingMs / 60_000),
    contacts: owner.contacts.length,
    created: api.responseOf(created).status,
    statuses,
    issued: issued.status,
    pem: new TextDecoder().decode(pem),
    p7b: [...p7b],
    bundle,
    sameFromP7b: (await api.parseBundle(p7b)).pem === bundle.pem,
    keyIsTheCsrs: await api.sameKey(bundle.leaf.pem, csr),
    at: (service?.now ?? new Date(issued.dateUpdated)).toISOString(),
  };
}
