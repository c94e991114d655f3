import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { withFakeCore } from './support/fake-core.mjs';

/** A client of a proxy whose host can be asked directly: what the core is told of each request. */
async function newPage(answer) {
  const { newClient, instances, asked } = await withFakeCore();
  const sent = [];
  const fetch = async (url, init) => {
    sent.push({ url, ...init });
    return answer(url, init);
  };
  const client = newClient({ auth: 'proxy', certsBaseUrl: '/api/certs', fetch });
  await client.request({ method: 'GET', path: '/x' });
  const { host } = instances[0].clients[0];
  let settle;
  const told = new Map();
  host.start((id, outcome, detail, value) => {
    if (id > 1000) return;
    told.set(id, { outcome, detail, value });
    if (told.has(2) || outcome !== 0) settle?.();
  });
  const ask = async (url, method = 'GET') => {
    told.clear();
    const settled = new Promise((resolve) => {
      settle = resolve;
    });
    host.send(fetch, 1, 2, method, url, 'accept\napplication/json\n', undefined, 0, 1_000_000);
    await settled;
    return { status: told.get(1)?.detail, body: told.get(2)?.value };
  };
  return {
    client,
    ask,
    sent,
    asked,
    conditions: () => sent.map(({ headers }) => new Headers(headers).get('if-none-match')),
  };
}

const list = (items, headers = {}) =>
  new Response(JSON.stringify(items), { headers: { etag: `"${items.length}"`, ...headers } });

describe('a page behind a proxy', () => {
  it('sends its cookies, as no other client does', async () => {
    const { ask, sent } = await newPage(() => list([]));
    await ask('/api/certs/order');
    assert.equal(sent[0].credentials, 'same-origin');
  });

  it('follows no redirect: what leads to a login ends the session, and what is known of it', async () => {
    const opaque = () => ({ type: 'opaqueredirect', status: 0, headers: new Headers() });
    const replies = [
      opaque,
      ...[301, 302, 303, 307, 308].map(
        (status) => () => new Response(null, { status, headers: { location: '/login' } }),
      ),
    ];
    for (const reply of replies) {
      let answer = () => list([1]);
      const { ask, sent, conditions } = await newPage(() => answer());
      await ask('/api/certs/order');
      answer = reply;
      const { status, body } = await ask('/api/certs/order');
      assert.deepEqual([status, body], [401, { errors: [{ message: 'redirected, as to a login' }] }]);
      answer = () => list([1]);
      await ask('/api/certs/order');
      assert.deepEqual(conditions(), [null, '"1"', null]);
      assert.ok(sent.every(({ redirect }) => redirect === 'manual'));
    }
  });

  it('answers "not modified" with what it has, a fresh copy each time', async () => {
    const { ask, conditions } = await newPage((_, { headers }) =>
      new Headers(headers).has('if-none-match') ? new Response(null, { status: 304 }) : list([1, 2]),
    );
    const first = await ask('/api/certs/order');
    first.body.length = 0;
    const again = await ask('/api/certs/order');
    assert.deepEqual([again.status, again.body], [200, [1, 2]]);
    await ask('/api/certs/order?page=1');
    assert.deepEqual(conditions(), [null, '"2"', null]);
  });

  it('forgets what it has when its session ends, when it is closed, and with what was asked before', async () => {
    let status = 200;
    let release;
    const { client, ask, conditions } = await newPage(async (url) => {
      if (url.endsWith('slow')) {
        await new Promise((resolve) => {
          release = resolve;
        });
      }
      return status === 200 ? list([1]) : new Response('{}', { status });
    });
    await ask('/order');
    status = 401;
    await ask('/other');
    status = 200;
    await ask('/order');
    client.close();
    await ask('/order');
    const slow = ask('/slow');
    client.close();
    release();
    await slow;
    const last = ask('/slow');
    await Promise.resolve();
    release();
    await last;
    assert.deepEqual(conditions(), Array(6).fill(null));
  });

  it('keeps no more than some megabytes, and nothing of a change or without a name', async () => {
    const large = 'x'.repeat(900_000);
    const { ask, conditions } = await newPage((_, { method }) =>
      method === 'GET' ? list([large]) : new Response('[]', { headers: { etag: '"1"' } }),
    );
    for (let at = 0; at < 12; at += 1) await ask(`/order?page=${at}`);
    await ask('/order?page=0');
    await ask('/order?page=11');
    assert.deepEqual(conditions().slice(-2), [null, '"1"'], 'the oldest go first');
    await ask('/order', 'POST');
    await ask('/order');
    assert.equal(conditions().at(-1), null);
  });

  it('shows the queue of its server, and what is no such thing not', async () => {
    const shown = [
      '{"limit":100,"remaining":7,"queued":3,"waitMs":1200}',
      '{',
      '{"limit":null,"remaining":null,"queued":0,"waitMs":0}',
    ];
    const { client, ask } = await newPage(() => list([], { 'certs-rate-limit': shown.shift() ?? '' }));
    let changes = 0;
    client.rateLimit.on('change', () => {
      changes += 1;
    });
    await ask('/a');
    assert.deepEqual(client.rateLimit.state.server, { limit: 100, remaining: 7, queued: 3, waitMs: 1200 });
    await ask('/b');
    assert.equal(client.rateLimit.state.server.remaining, 7);
    await ask('/c');
    assert.equal(client.rateLimit.state.server.limit, Number.POSITIVE_INFINITY);
    assert.equal(changes, 2);
  });
});
