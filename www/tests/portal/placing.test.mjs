import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { CertsClient } from 'markmonitor-certs';
import { createSandbox } from 'markmonitor-certs/sandbox';
import { bundled, pageStorage } from './support.mjs';

const csr = (await import('node:fs')).readFileSync(
  new URL('../../src/views/csr/examples/ec-three-names.pem', import.meta.url),
  'utf8',
);

describe('placing an order', () => {
  let Placing;
  let createBrowserStore;
  before(async () => {
    ({ Placing, createBrowserStore } = await bundled('placing.ts', 'browser-store.ts'));
  });

  /** A page with its storage and a sandbox; `load` is what a reload does. */
  async function page() {
    const sandbox = await createSandbox({ demo: true, rateLimit: false });
    const storage = pageStorage();
    const { credentials: auth } = sandbox;
    let fetch = sandbox.fetch;
    const load = () => {
      const store = createBrowserStore(storage, 'test:');
      const options = { auth, fetch: (...request) => fetch(...request), store, rateLimit: false };
      const clients = { client: new CertsClient(options), reader: new CertsClient({ ...options, readOnly: true }) };
      const told = [];
      const placing = new Placing({
        storage,
        key: 'test:placing',
        clients: async () => clients,
        tell: (_slot, placed) => told.push(placed?.progress.kind),
      });
      return { placing, told, ...clients };
    };
    const first = load();
    const [organization] = await first.client.organizations.list().toArray({ limit: 1 });
    const contacts = organization.contacts
      .map(({ id, contactTypes }) => ({
        id,
        contactTypes: contactTypes.filter(({ type }) => !type.startsWith('TECH')),
      }))
      .filter(({ contactTypes }) => contactTypes.length > 0);
    const order = {
      organizationId: organization.id,
      contacts,
      certType: 'SSL_OV_BASIC',
      locale: 'en',
      provider: 'DIGICERT',
      cert: { commonName: 'example.org', dnsNames: ['example.org', 'www.example.org', 'shop.example.org'], csr },
    };
    const posts = () => sandbox.requests.filter(({ method, path }) => method === 'POST' && path.endsWith('/order'));
    return {
      ...first,
      load,
      order,
      sandbox,
      storage,
      posts,
      /** Wraps what reaches the service. */
      through(wrap) {
        fetch = (input, init) => wrap(() => sandbox.fetch(input, init), new Request(input, init));
      },
    };
  }

  const isOrder = ({ method, url }) => method === 'POST' && url.endsWith('/order');

  test('two clicks at once are one order, and nothing is remembered afterwards', async () => {
    const { placing, order, posts, storage } = await page();
    const [one, two] = await Promise.all([placing.place('form', order), placing.place('form', order)]);
    assert.equal(one.kind, 'placed');
    assert.equal(two.kind, 'sending');
    assert.equal(posts().length, 1);
    assert.equal(storage.getItem('test:placing'), '[]');
  });

  test('it is remembered before it is sent', async () => {
    const { placing, order, storage, through } = await page();
    let seen;
    through((send, request) => {
      if (isOrder(request)) seen = JSON.parse(storage.getItem('test:placing'));
      return send();
    });
    await placing.place('form', order);
    assert.equal(seen.length, 1);
    assert.deepEqual(seen[0].order, order);
  });

  test('a page that ended in flight finds the order again, and sends nothing', async () => {
    const { placing, order, load, posts, through } = await page();
    // The page ends before the answer comes.
    through((send, request) => (isOrder(request) ? send().then(() => new Promise(() => {})) : send()));
    void placing.place('form', order);
    while (posts().length === 0) await new Promise((resolve) => setImmediate(resolve));
    const next = load();
    assert.equal(next.placing.get('form').progress.kind, 'looking');
    assert.deepEqual(await next.placing.place('form', order), { kind: 'looking' });
    await next.placing.resume();
    const { progress } = next.placing.get('form');
    assert.equal(progress.kind, 'placed');
    const [placed] = await next.client.orders.list({ sort: 'dateCreated,desc' }).toArray({ limit: 1 });
    assert.equal(progress.order.id, placed.id);
    assert.equal(posts().length, 1);
  });

  test('a page that ended before the send says that nothing was placed, and sends it when it is asked to', async () => {
    const { placing, order, load, posts, through } = await page();
    // It ends while it still looks whether the order is there.
    through((send, request) => (request.method === 'GET' ? new Promise(() => {}) : send()));
    void placing.place('form', order);
    through((send) => send());
    const next = load();
    await next.placing.resume();
    assert.equal(next.placing.get('form').progress.kind, 'notPlaced');
    assert.equal(posts().length, 0);
    await next.placing.send('form');
    assert.equal(next.placing.get('form').progress.kind, 'placed');
    assert.equal(posts().length, 1);
  });

  test('what is refused is told, and the next try is a new one', async () => {
    const { placing, order, posts } = await page();
    const { kind, error } = await placing.place('form', { ...order, organizationId: 'no id' });
    assert.equal(kind, 'refused');
    assert.equal(error.name, 'ValidationError');
    assert.equal(posts().length, 0);
    assert.equal((await placing.place('form', order)).kind, 'placed');
  });

  test('the same order again is given back; beside it another one is placed only when that is wanted', async () => {
    const { placing, order, posts, sandbox } = await page();
    const first = await placing.place('form', order);
    const again = await placing.place('form', order);
    assert.deepEqual([again.kind, again.isNew, again.order.id], ['placed', false, first.order.id]);
    assert.equal(posts().length, 1);
    sandbox.advance(60_000);
    const other = await placing.place('form', order, { notBefore: sandbox.now.toISOString() });
    assert.deepEqual([other.kind, other.isNew], ['placed', true]);
    assert.equal(posts().length, 2);
  });
});
