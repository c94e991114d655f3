import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { installed, newOrder, openPortal } from './support/portal.mjs';

/** Everything that a user can name: they may use it all, of one organization. */
const operations = [
  ...['organizations.get', 'organizations.list', 'organizations.history.list', 'organizations.history.get'],
  ...['contacts.create', 'contacts.get', 'contacts.list', 'contacts.update', 'contacts.delete'],
  ...['contacts.history.list', 'contacts.history.get', 'orders.create', 'orders.get', 'orders.list', 'orders.download'],
  ...['orders.history.list', 'orders.history.get', 'orders.cancel', 'orders.revoke', 'orders.reissue'],
  ...['orders.sendDcvEmail', 'orders.validateDomains', 'orders.updateAdditionalEmails', 'orders.sendCertificateEmail'],
  ...['organizations.create', 'certs.parse', 'orders.prices', 'groups.list'],
];

describe('a user of one organization', () => {
  let packed;
  let portal;
  let own;
  let foreign;
  let orders;
  let csr;
  before(async () => {
    packed = await installed();
    // What is asked before is not kept here, so that each test sees what is sent.
    const users = {};
    portal = await openPortal(packed, { users, cacheFor: 0 });
    const all = await portal.own.organizations.list().toArray();
    [own, foreign] = all.filter(({ contacts }) => contacts.length > 0);
    orders = await portal.own.orders.list().toArray();
    users.olga = { user: 'olga', allow: { operations, organizations: [own.id] } };
    users.zoe = { user: 'zoe', allow: { operations, organizations: [] } };
    users.both = { user: 'both', allow: { operations, organizations: [own.id, foreign.id] } };
    users.reader = { user: 'reader', allow: { organizations: [own.id] } };
    ({ csr } = await packed.api.createCsr({
      subject: { commonName: 'www.example.com' },
      dnsNames: ['www.example.com'],
    }));
  });
  after(() => packed?.project.remove());

  const ask = (method, path, options = {}) => portal.ask(method, path, { user: 'olga', ...options });
  const of = ({ id }, more = () => true) => orders.find((order) => order.organizationId === id && more(order));
  const issued = ({ status }) => status === 'DIGI_ISSUED';

  it('sees its own', async () => {
    const order = of(own, issued);
    const paths = [
      `organization/${own.id}`,
      `organization/${own.id}/history`,
      `contact/${own.contacts[0].id}`,
      `contact/${own.contacts[0].id}/history`,
      `order/${order.id}`,
      `order/${order.id}/history`,
      `order/${order.id}/downloadCert?format=pem_all`,
    ];
    for (const path of paths) assert.equal((await ask('GET', path)).status, 200, path);
    for (const part of [`order/${order.id}`, `organization/${own.id}`]) {
      const [entry] = (await ask('GET', `${part}/history`)).json.content;
      const reply = await ask('GET', `${part}/history/${entry.id}`);
      assert.deepEqual([reply.status, reply.json], [200, entry]);
    }
  });

  it('is told of what is another’s what it is told of what is not there, whatever it asks', async () => {
    const order = of(foreign, issued);
    const pending = of(foreign, ({ status }) => status === 'DIGI_PENDING') ?? order;
    const [contact] = foreign.contacts;
    const entry = (await portal.own.orders.history.list(order.id)).content[0];
    const nothing = '00000000-0000-4000-8000-000000000000';
    const missing = (await ask('GET', `order/${nothing}`)).text;
    const mine = of(own, issued);
    const asked = [
      ['GET', `organization/${foreign.id}`],
      ['GET', `organization/${foreign.id}/history`],
      ['GET', `organization/${own.id}/history/${entry.id}`],
      ['GET', `contact/${contact.id}`],
      ['GET', `contact/${contact.id}/history`],
      ['PATCH', `contact/${contact.id}`, { phone: '1' }],
      ['DELETE', `contact/${contact.id}`],
      ['POST', 'contact', { organizationId: foreign.id, email: 'a@example.com' }],
      ['POST', 'contact', { email: 'a@example.com' }],
      ['PATCH', `contact/${own.contacts[0].id}`, { organizationId: foreign.id }],
      ['PATCH', `contact/${own.contacts[0].id}`, { organization: { id: foreign.id } }],
      ['GET', `order?organizationId=${foreign.id}`],
      ['GET', `order?organizationId=${own.id},${foreign.id}`],
      ['GET', `order/${order.id}`],
      ['GET', `order/${order.id.toUpperCase()}`],
      ['GET', `order/${order.id}/history`],
      ['GET', `order/${order.id}/history/${entry.id}`],
      ['GET', `order/${mine.id}/history/${entry.id}`],
      ['GET', `order/${order.id}/downloadCert?format=p7b`],
      ['PATCH', `order/${pending.id}/cancel`, {}],
      ['PATCH', `order/${order.id}/revoke`, {}],
      ['PATCH', `order/${order.id}/reissue`, {}],
      ['PATCH', `order/${order.id}/sendDcvEmail`, {}],
      ['PATCH', `order/${order.id}/validateDomains`, { domains: [] }],
      ['PATCH', `order/${order.id}/updateAdditionalEmails`, { additionalEmails: [] }],
      ['PATCH', `order/${order.id}/sendCertificateEmail`, {}],
      ['POST', 'order', newOrder(foreign, 'www.example.com', csr)],
      ['POST', 'order', { ...newOrder(own, 'www.example.com', csr), organizationId: undefined }],
      ['POST', 'order', { ...newOrder(own, 'www.example.com', csr), organizationId: [own.id, foreign.id] }],
      ['POST', 'order', { ...newOrder(own, 'www.example.com', csr), contacts: newOrder(foreign, 'x', csr).contacts }],
      ['POST', 'order', { ...newOrder(own, 'www.example.com', csr), contacts: [contact.id] }],
      ['POST', 'order', { ...newOrder(own, 'www.example.com', csr), more: { contactId: contact.id } }],
      ['POST', 'order', { ...newOrder(own, 'www.example.com', csr), cert: { organizationId: foreign.id } }],
    ];
    portal.sent.length = 0;
    for (const [method, path, body] of asked) {
      const reply = await ask(method, path, body === undefined ? {} : { body });
      assert.deepEqual([reply.status, reply.text], [404, missing], `${method} ${path} ${JSON.stringify(body)}`);
    }
    assert.deepEqual(
      portal.sent.filter(({ method, url }) => method !== 'GET' && !url.includes('/auth/')),
      [],
    );
  });

  it('has requests parsed in the forms that they have, and is told what they are; an id is none', async () => {
    const order = of(foreign, issued);
    const base64 = csr.replaceAll(/-----[^-]+-----/g, '');
    for (const given of [csr, base64, base64.replaceAll(/\s/g, '')]) {
      assert.equal((await ask('POST', 'cert/parse', { body: { csrs: [given] } })).status, 200, given);
    }
    portal.sent.length = 0;
    for (const body of [{ csrs: [csr], orderId: order.id }, { csrs: [order.id] }, { csrs: order.id }, {}]) {
      const { status, json } = await ask('POST', 'cert/parse', { body });
      assert.deepEqual([status, json.errors[0].code, portal.sent], [400, 'no_csrs', []], JSON.stringify(body));
    }
  });

  it('finds in each list its own and nothing else, and counts that', async () => {
    const mine = orders.filter(({ organizationId }) => organizationId === own.id);
    const list = async (path) => (await ask('GET', path)).json;
    const { content, page } = await list('order?page=0&size=5&sort=dateCreated,desc');
    assert.deepEqual(
      [content.length, page],
      [5, { size: 5, totalElements: mine.length, totalPages: Math.ceil(mine.length / 5), number: 0 }],
    );
    assert.ok(content.every(({ organizationId }) => organizationId === own.id));
    assert.deepEqual(
      content.map(({ dateCreated }) => dateCreated),
      mine
        .map(({ dateCreated }) => dateCreated)
        .sort()
        .reverse()
        .slice(0, 5),
    );
    const issuedOnes = await list('order?statuses=DIGI_ISSUED&size=100');
    assert.deepEqual(
      issuedOnes.content.map(({ id }) => id).sort(),
      mine
        .filter(issued)
        .map(({ id }) => id)
        .sort(),
    );
    assert.deepEqual(
      (await list('organization')).content.map(({ id }) => id),
      [own.id],
    );
    assert.equal((await list(`organization?name=${encodeURIComponent(foreign.name)}`)).page.totalElements, 0);
    const contacts = await list('contact?size=100');
    assert.ok(contacts.content.length > 0 && contacts.content.every(({ organizationId }) => organizationId === own.id));
    assert.equal(
      (await list(`contact?email=${encodeURIComponent(foreign.contacts[0].email)}`)).content.filter(
        ({ organizationId }) => organizationId !== own.id,
      ).length,
      0,
    );
  });

  it('of several sees all of them, each once, page by page', async () => {
    const wanted = orders
      .filter(({ organizationId }) => [own.id, foreign.id].includes(organizationId))
      .map(({ id }) => id);
    const seen = [];
    for (let page = 0; page * 7 < wanted.length; page += 1) {
      const { json } = await ask('GET', `order?page=${page}&size=7`, { user: 'both' });
      assert.equal(json.page.totalElements, wanted.length);
      seen.push(...json.content.map(({ id }) => id));
    }
    assert.deepEqual(seen.sort(), wanted.sort());
  });

  it('of none sees nothing', async () => {
    for (const list of ['order', 'organization', 'contact']) {
      assert.deepEqual((await ask('GET', list, { user: 'zoe' })).json.content, [], list);
    }
    assert.equal((await ask('GET', `organization/${own.id}`, { user: 'zoe' })).status, 404);
  });

  it('has what belongs to nobody only where it is named, and makes no organization', async () => {
    for (const [method, path, body] of [
      ['GET', 'order/prices'],
      ['GET', 'group'],
      ['POST', 'cert/parse', { csrs: [csr] }],
    ]) {
      const given = body && { body };
      assert.equal((await ask(method, path, { user: 'reader', ...given })).status, 403, path);
      assert.equal((await ask(method, path, { ...given })).status, 200, path);
    }
    const made = await ask('POST', 'organization', { body: { name: 'New' } });
    assert.deepEqual([made.status, made.json.errors[0].code], [403, 'not_allowed']);
  });

  it('places an order of its own, and changes it', async () => {
    const placed = await ask('POST', 'order', { body: newOrder(own, 'www.example.com', csr) });
    assert.equal(placed.status, 202, placed.text);
    const changed = await ask('PATCH', `order/${placed.json.id}/cancel`, { body: {} });
    assert.deepEqual([changed.status, changed.json.status], [200, 'DIGI_CANCELED']);
  });

  it('is shown no reply that does not say whose it is', async () => {
    const id = of(own).id;
    const bodies = {
      'an order': { id, status: 'CREATED' },
      'an order of null': { id, status: 'CREATED', organizationId: null },
      'another order': { id: of(foreign).id, organizationId: own.id },
      'a list': [{ id, organizationId: own.id }],
    };
    const ofOwn = { olga: { user: 'olga', allow: { organizations: [own.id] } } };
    for (const [name, body] of Object.entries(bodies)) {
      const service = async () =>
        new Response(JSON.stringify(body), { headers: { 'content-type': 'application/json' } });
      const odd = await openPortal(packed, { service, users: ofOwn });
      const reply = await odd.ask('GET', `order/${id}`, { user: 'olga' });
      assert.deepEqual([reply.status, reply.json.errors[0].code], [502, 'organization_unnamed'], name);
      const file = await odd.ask('GET', `order/${id}/downloadCert?format=p7b`, { user: 'olga' });
      assert.equal(file.status, 502, name);
    }
    // A service that does not filter, and one whose lists say less than its orders.
    const foreignOrder = { id: of(foreign).id, organizationId: foreign.id, status: 'CREATED' };
    for (const [content, status, shown] of [
      [[{ id, organizationId: own.id, status: 'CREATED' }, foreignOrder], 200, [id]],
      [[{ id, status: 'CREATED' }], 502, undefined],
    ]) {
      const page = { size: 100, totalElements: content.length, totalPages: 1, number: 0 };
      const service = async () => new Response(JSON.stringify({ content, page }));
      const odd = await openPortal(packed, { service, users: ofOwn });
      const reply = await odd.ask('GET', 'order', { user: 'olga' });
      assert.deepEqual([reply.status, reply.json.content?.map(({ id }) => id)], [status, shown]);
      assert.ok(!reply.text.includes(foreignOrder.id));
    }
  });
});
