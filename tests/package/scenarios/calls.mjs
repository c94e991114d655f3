import { newClient, order, organization, person, skipTime } from './clients.mjs';

/** Makes every call of the service; returns what each one returned. */
export async function everyCall(loaded, { csr, options }) {
  const { client } = await newClient(loaded, options);
  const { groups, organizations, contacts, certs, orders, tokens } = client;
  const pollOften = { minDelay: 20, maxDelay: 20, onPoll: () => skipTime(options) };
  const results = {};

  results.authenticate = await tokens.authenticate();
  results.refresh = await tokens.refresh();

  results.groups = await groups.list().toArray();
  results.requestedGroups = (await client.request({ service: 'auth', method: 'GET', path: '/group' })).groups;

  const owner = await organizations.create(organization());
  results.organization = await organizations.get(owner.id);
  results.organizations = await organizations.list({ name: 'Example Inc.', size: 5 });
  results.organizationHistory = await organizations.history.list(owner.id);
  results.organizationLine = await organizations.history.get(owner.id, results.organizationHistory.content[0].id);

  const contact = await contacts.create({ ...person(), organizationId: owner.id, firstName: 'Grace' });
  results.contact = await contacts.get(contact.id);
  results.contacts = await contacts.list({ email: contact.email });
  results.updated = await contacts.update(contact.id, { jobTitle: 'Admiral' });
  results.contactHistory = await contacts.history.list(contact.id);
  results.contactLine = await contacts.history.get(contact.id, results.contactHistory.content[0].id);
  results.deleted = (await contacts.delete(contact.id)) === undefined;

  results.parsed = await certs.parse([csr]);
  results.prices = await orders.prices();

  const created = await orders.create(order(owner, csr));
  const pending = await orders.waitUntil(created, ({ status }) => status === 'DIGI_PENDING', pollOften);
  results.pending = await orders.sendDcvEmail(pending);
  const issued = await orders.waitUntil(created.id, 'issued', pollOften);
  results.order = await orders.get(issued.id);
  results.orders = await orders.list({ organizationId: owner.id, statuses: ['DIGI_ISSUED'] });
  results.file = (await orders.download(issued.id, 'pem_all')).length;
  results.orderHistory = await orders.history.list(issued.id);
  results.orderLine = await orders.history.get(issued.id, results.orderHistory.content[0].id);
  results.validated = await orders.validateDomains(issued.id, ['example.com']);
  results.addressed = await orders.updateAdditionalEmails(issued.id, ['ops@example.com']);
  results.mailed = await orders.sendCertificateEmail(issued);
  results.reissuing = await orders.reissue(issued, { cert: { dnsNames: ['www.example.com'] } });
  results.reissued = await orders.waitUntil(issued, 'reissued', pollOften);
  results.revoked = await orders.revoke(results.reissued, { permanent: true });

  const unwanted = await orders.create(order(owner, csr));
  results.canceled = await orders.cancel(unwanted);
  return results;
}
