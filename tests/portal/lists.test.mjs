import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { installed, openPortal } from './support/portal.mjs';

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('what many ask', () => {
  let packed;
  before(async () => {
    packed = await installed();
  });
  after(() => packed?.project.remove());

  it('at the same time is asked once, and kept for some seconds until something changes', async () => {
    const portal = await openPortal(packed, { users: { olaf: { user: 'olaf' } } });
    const asked = ['ada', 'rita', 'olaf', 'ada'].map((user) => portal.ask('GET', 'order?size=3', { user }));
    const replies = await Promise.all(asked);
    assert.equal(new Set(replies.map(({ text }) => text)).size, 1);
    await portal.ask('GET', 'order?size=3');
    assert.deepEqual(portal.calls(), ['GET /order']);
    const [order] = (await portal.own.orders.list({ statuses: ['DIGI_PENDING'] })).content;
    portal.sent.length = 0;
    assert.equal((await portal.ask('PATCH', `order/${order.id}/cancel`, { body: {} })).status, 200);
    const after = await portal.ask('GET', `order?size=100`);
    assert.equal(after.json.content.find(({ id }) => id === order.id).status, 'DIGI_CANCELED');
    assert.deepEqual(portal.calls(), [`PATCH /order/${order.id}/cancel`, 'GET /order']);
  });

  it('is not kept when the option says so, nor is what is no list', async () => {
    const portal = await openPortal(packed, { cacheFor: 0 });
    for (let times = 0; times < 2; times += 1) await portal.ask('GET', 'order?size=1');
    assert.equal(portal.calls().length, 2);
    const kept = await openPortal(packed);
    for (let times = 0; times < 2; times += 1) await kept.ask('GET', 'order/prices');
    assert.equal(kept.calls().length, 2);
  });

  it('what a user may not see is not seen because another may', async () => {
    const users = {};
    const portal = await openPortal(packed, { users });
    const all = (await portal.ask('GET', 'order?size=100')).json;
    const organization = all.content[0].organizationId;
    users.olga = { user: 'olga', allow: { organizations: [organization] } };
    const restricted = await openPortal(packed, { users });
    await restricted.ask('GET', 'order?size=100');
    const { content } = (await restricted.ask('GET', 'order?size=100', { user: 'olga' })).json;
    assert.ok(content.length > 0 && content.length < all.content.length);
    assert.ok(content.every((order) => order.organizationId === organization));
  });

  it('ends at the service when the last page has left', async () => {
    let aborted = 0;
    const service = (_, { signal }) =>
      new Promise((_, reject) => {
        signal.addEventListener('abort', () => {
          aborted += 1;
          reject(signal.reason);
        });
      });
    const portal = await openPortal(packed, { service });
    const pages = [new AbortController(), new AbortController()];
    const asked = pages.map(({ signal }) => portal.ask('GET', 'order', { signal }));
    while (portal.sent.length === 0) await turn();
    pages[0].abort();
    await turn();
    assert.equal(aborted, 0, 'one still waits');
    pages[1].abort();
    assert.deepEqual(
      (await Promise.all(asked)).map(({ status }) => status),
      [499, 499],
    );
    while (aborted === 0) await turn();
    assert.equal(portal.sent.length, 1);
  });

  it('a page is not sent what it has, and forgets it when it is logged out or closed', async () => {
    const portal = await openPortal(packed);
    let user = 'ada';
    const { page, seen } = portal.pageClient({}, () => user);
    const statuses = [];
    page.on('response', ({ status }) => statuses.push(status));
    const conditions = () => seen.map(({ headers }) => new Headers(headers).get('if-none-match') !== null);
    const first = await page.orders.list({ size: 5 });
    first.content.length = 0;
    const again = await page.orders.list({ size: 5 });
    assert.deepEqual([again.content.length, conditions()], [5, [false, true]]);
    const etag = (await portal.ask('GET', 'order?size=5')).headers.get('etag');
    // nginx and others weaken the name of what they compress.
    for (const known of [etag, `W/${etag}`, `"another", W/${etag}`]) {
      const direct = await portal.ask('GET', 'order?size=5', { headers: { 'if-none-match': known } });
      assert.deepEqual([direct.status, direct.text], [304, ''], known);
    }
    const sessions = [];
    page.on('session', (event) => sessions.push(event));
    user = 'nobody';
    await assert.rejects(page.orders.list({ size: 5 }), (error) => {
      assert.ok(error instanceof packed.api.SessionEndedError && error instanceof packed.api.AuthenticationError);
      return error.code === 'session_ended';
    });
    assert.deepEqual(sessions, [{ kind: 'ended' }]);
    user = 'ada';
    await page.orders.list({ size: 5 });
    assert.equal(conditions().at(-1), false, 'it has nothing of the session before');
    assert.ok(seen.every(({ credentials }) => credentials === 'same-origin'));
  });

  it('a refused key is not a session that has ended', async () => {
    const service = async () => new Response('{}', { status: 401 });
    const portal = await openPortal(packed, { service });
    const { page } = portal.pageClient({ maxRetries: 0 });
    await assert.rejects(page.orders.list(), (error) => error.name === 'ServerError' && error.status === 502);
  });
});
