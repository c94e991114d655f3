/** What else a client can send than tests/package does: every filter, every field, every way to wait. */
import { order, organization, person, skipTime } from '../../package/scenarios/clients.mjs';

/** Lists with every filter, and looks at what there is to see of a demo; returns the statuses that its orders have. */
export async function seeEverything({ groups, organizations, contacts, orders }) {
  const paging = { page: 0, size: 3 };
  await groups.list({ ...paging, sort: 'name,desc' });
  const [owner] = await organizations.list({ sort: 'name,desc' }).toArray();
  await organizations.list({ ...paging, name: owner.name, providerId: owner.providerId });
  const [contact] = await contacts.list({ sort: 'lastName,asc' }).toArray({ limit: 1 });
  await contacts.list({ ...paging, email: contact.email });

  const all = await orders.list({ sort: 'status' }).toArray();
  const statuses = new Set(all.map(({ status }) => status));
  for (const status of statuses) {
    const of = all.filter((one) => one.status === status);
    await orders.list({ statuses: [status, 'CREATED'], certificateTypes: of.map(({ certType }) => certType) });
    const { id } = await orders.get(of[0].id);
    for await (const line of orders.history.list(id, { ...paging, sort: 'dateCreated,desc' })) {
      await orders.history.get(id, line.id);
    }
  }
  const { organizationId, providerId, cert } = all.find(({ status }) => status === 'DIGI_ISSUED');
  await orders.list({ organizationId, providerId, commonNames: [cert.commonName, '*.example.com'] });
  await orders.list({ validUntil: new Date() });
  await orders.list({ validUntil: '2030-01-31' });
  await orders.expiring({ withinDays: 30 });

  const filter = { ...paging, userId: 'demo@example.com', text: 'created', sort: 'dateCreated' };
  await organizations.history.list(owner.id, filter);
  await contacts.history.list(contact.id, filter);
  await orders.history.list(all[0].id, filter);
  return statuses;
}

/** Bodies with every field that there is, and an order watched from its creation to its reissue. */
export async function fillInEverything({ groups, organizations, contacts, orders }, { csr, options }) {
  const often = { minDelay: 20, maxDelay: 20, onPoll: () => skipTime(options) };
  const approver = { ...person('ORGANIZATION_CONTACT', 'EXTENDED_VALIDATION_APPROVER'), phoneExtension: '12' };
  const owner = await organizations.create({
    ...organization(),
    assumedName: 'Example',
    address2: 'Floor 3',
    contacts: [approver],
  });
  const added = await contacts.create({ ...approver, organizationId: owner.id });
  await contacts.update(added.id, { ...approver, firstName: 'Grace', organizationId: owner.id });
  await organizations.waitUntilValidated(owner.id, { ...often, type: 'EV' });

  const [group] = await groups.list().toArray({ limit: 1 });
  const wanted = order(owner, csr, {
    dnsNames: ['www.example.com', 'shop.example.com'],
    serverPlatform: 'NGINX',
    algorithmHash: 'RSA',
    organizationUnits: ['QA'],
    provider: 'DIGICERT',
    dcvMethod: 'EMAIL',
    dcvEmails: [{ dnsName: 'example.com', emailDomain: 'example.com', email: 'admin@example.com' }],
  });
  const contactTypes = ['ORGANIZATION_CONTACT', 'EXTENDED_VALIDATION_APPROVER'].map((type) => ({ type }));
  const { id } = await orders.create({
    ...wanted,
    contacts: [{ id: owner.contacts[0].id, contactTypes }],
    certType: 'SSL_EV_SECURESITE_PRO',
    groupId: group.id,
    skipPrice: true,
    comments: 'For the shop.',
    additionalEmails: ['ops@example.com'],
    renewalNotificationsDisabled: true,
  });
  for await (const seen of orders.watch(id, often)) if (seen.status === 'DIGI_PENDING') await orders.sendDcvEmail(id);
  const second = await orders.createOnce(order(owner, csr, { dnsNames: ['*.example.com'] }), { replaces: id });
  for await (const { error } of orders.waitUntilAll([id, second.id], 'issued', often)) if (error) throw error;

  const changes = { dnsNames: ['shop.example.com'], csr, serverPlatform: 'APACHE', algorithmHash: 'RSA' };
  const before = await orders.get(id);
  await orders.reissue(id, { cert: changes, ignoreOrgCheck: true, additionalEmails: ['dev@example.com'] });
  await orders.waitUntil(before, 'reissued', often);
}
