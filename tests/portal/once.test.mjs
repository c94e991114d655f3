import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { installed, newOrder, openPortal } from './support/portal.mjs';

const idOf = (number) => `3fa85f64-5717-4562-b3fc-${String(number).padStart(12, '0')}`;
const json = (status, body) => new Response(JSON.stringify(body), { status });

/** A service that places orders; what it answers to each POST is the test's. */
function shop(answer = (order) => json(202, order)) {
  const orders = [];
  const service = async (_, { method, body }) => {
    if (method !== 'POST') return json(200, { content: orders });
    const order = { ...JSON.parse(body), id: idOf(orders.length), status: 'CREATED' };
    orders.push(order);
    return answer(order, orders.length);
  };
  return { orders, service };
}

describe('a change', () => {
  let packed;
  before(async () => {
    packed = await installed();
  });
  after(() => packed?.project.remove());

  const named = (id, body = { comments: 'one' }, user = 'ada') => ({ user, body, headers: { 'idempotency-key': id } });

  it('that arrives twice is sent once, and answered twice alike', async () => {
    const { orders, service } = shop();
    const portal = await openPortal(packed, { service });
    const [first, again] = [
      await portal.ask('POST', 'order', named('a')),
      await portal.ask('POST', 'order', named('a')),
    ];
    assert.deepEqual([first.status, again.status, again.text, orders.length], [202, 202, first.text, 1]);
    assert.deepEqual(
      portal.audit.map(({ id, again }) => [id, again]),
      [
        [idOf(0), undefined],
        [idOf(0), true],
      ],
    );
    await portal.ask('POST', 'order', named('b'));
    assert.equal(orders.length, 2, 'another name is another change');
  });

  it('that arrives while the first is under way waits for it, though the first page has left', {
    timeout: 20_000,
  }, async () => {
    let answer;
    const { orders, service } = shop(
      (order) =>
        new Promise((resolve) => {
          answer = () => resolve(json(202, order));
        }),
    );
    const portal = await openPortal(packed, { service });
    const page = new AbortController();
    const first = portal.ask('POST', 'order', { ...named('a'), signal: page.signal });
    while (orders.length === 0) await new Promise((resolve) => setImmediate(resolve));
    page.abort();
    const resent = Array.from({ length: 6 }, () => portal.ask('POST', 'order', named('a')));
    await new Promise((resolve) => setImmediate(resolve));
    answer();
    const replies = await Promise.all([first, ...resent]);
    assert.equal(orders.length, 1);
    assert.deepEqual(
      replies.slice(1).map(({ status }) => status),
      Array(6).fill(202),
    );
  });

  it('is another for another user, and refused with another body', async () => {
    const { orders, service } = shop();
    const portal = await openPortal(packed, {
      service,
      users: { eve: { user: 'eve', allow: { operations: ['orders.create'] } } },
    });
    await portal.ask('POST', 'order', named('a'));
    const other = await portal.ask('POST', 'order', named('a', { comments: 'two' }));
    assert.deepEqual([other.status, other.json.errors[0].code], [422, 'once_id_taken']);
    assert.equal((await portal.ask('POST', 'order', named('a', undefined, 'eve'))).status, 202);
    assert.equal(orders.length, 2);
    const elsewhere = await portal.ask('PATCH', `order/${idOf(0)}/cancel`, named('a'));
    assert.equal(elsewhere.status, 422, 'nor for another call');
  });

  it('is another for another API key, although both have one user', async () => {
    const keys = ['key-one', () => 'key-two', async () => 'key-three', 'key-one'];
    const { orders, service } = shop();
    const store = packed.api.createMemoryStore();
    for (const apiKey of keys) {
      const auth = { apiKey, token: 'the-token' };
      const portal = await openPortal(packed, { service, client: { auth, store } });
      assert.equal((await portal.ask('POST', 'order', named('a'))).status, 202);
    }
    assert.equal(orders.length, 3);
  });

  it('that is not an object is refused', async () => {
    const { orders, service } = shop();
    const portal = await openPortal(packed, { service });
    for (const body of ['null', '"x"', '5', '[]', '[{}]']) {
      assert.equal((await portal.ask('POST', 'order', named('a', body))).status, 400, body);
    }
    assert.equal(orders.length, 0);
  });

  it('whose outcome is unknown is not sent again, by this process nor by the next', async () => {
    const store = packed.api.createMemoryStore();
    const failures = {
      'a lost reply': () => Promise.reject(new TypeError('fetch failed', { cause: { code: 'ECONNRESET' } })),
      'a broken gateway': () => json(504, {}),
      'a reply that breaks off': () => new Response('{"id": "3fa', { status: 202 }),
    };
    for (const [name, answer] of Object.entries(failures)) {
      const { orders, service } = shop(answer);
      const portal = await openPortal(packed, { service, client: { store } });
      const first = await portal.ask('POST', 'order', named(name.replaceAll(' ', '-')));
      assert.ok(first.status >= 502, name);
      const next = await openPortal(packed, { service, client: { store } });
      for (const { ask } of [portal, next]) {
        const again = await ask('POST', 'order', named(name.replaceAll(' ', '-')));
        assert.deepEqual([again.status, again.json.errors[0].code], [409, 'outcome_unknown'], name);
      }
      assert.equal(orders.length, 1, name);
    }
  });

  it('of a process that ended in the middle is of unknown outcome', async () => {
    const store = packed.api.createMemoryStore();
    const never = shop(() => new Promise(() => {}));
    const portal = await openPortal(packed, { service: never.service, client: { store, timeout: 2000 } });
    portal.ask('POST', 'order', named('a'));
    while (never.orders.length === 0) await new Promise((resolve) => setImmediate(resolve));
    // The lock of the dead one ends with its lease; that of this store ends at once.
    const next = await openPortal(packed, {
      service: never.service,
      client: { store: { ...store, lock: () => ({ release() {} }) } },
    });
    const again = await next.ask('POST', 'order', named('a'));
    assert.deepEqual([again.status, again.json.errors[0].code, never.orders.length], [409, 'outcome_unknown', 1]);
  });

  it('that certainly was not made may be sent again', async () => {
    const refusals = [
      () => json(400, { validations: [{ field: 'cert', code: 'X', message: 'no' }] }),
      () => json(429, {}),
    ];
    for (const refuse of refusals) {
      const { orders, service } = shop((order, count) => (count === 1 ? refuse() : json(202, order)));
      const portal = await openPortal(packed, { service, client: { maxRetries: 0 } });
      const first = await portal.ask('POST', 'order', named('a'));
      assert.ok([400, 429].includes(first.status));
      assert.equal((await portal.ask('POST', 'order', named('a'))).status, 202);
      assert.equal(orders.length, 2);
    }
  });

  it('is forgotten after its time, and a store that fails sends nothing', async () => {
    const { orders, service } = shop();
    const portal = await openPortal(packed, { service, rememberFor: 0 });
    for (let times = 0; times < 2; times += 1) await portal.ask('POST', 'order', named('a'));
    assert.equal(orders.length, 2);
    const broken = {
      ...packed.api.createMemoryStore(),
      update: async () => {
        throw new Error('redis.internal is away');
      },
    };
    const failing = await openPortal(packed, { service, client: { store: broken } });
    const reply = await failing.ask('POST', 'order', named('a'));
    assert.deepEqual([reply.status, reply.json.errors[0].code, orders.length], [503, 'store_failed', 2]);
    assert.ok(!reply.text.includes('internal'));
  });

  /** Two servers with one store: what the second looks at while the first has a change under way is counted. */
  async function twoServers(service) {
    const store = packed.api.createMemoryStore();
    const looked = { times: 0 };
    const get = (key) => {
      if (key.startsWith('markmonitor-certs once')) looked.times += 1;
      return store.get(key);
    };
    const first = await openPortal(packed, { service, client: { store, maxRetries: 0 } });
    const second = await openPortal(packed, { service, client: { store: { ...store, get }, maxRetries: 0 } });
    return { first, second, looked };
  }
  const until = async (condition) => {
    while (!condition()) await new Promise((resolve) => setImmediate(resolve));
  };
  /** Timers of such a length end at once. */
  const hurry = (test, length) => {
    const { setTimeout } = globalThis;
    test.mock.method(globalThis, 'setTimeout', (work, ms, ...more) =>
      setTimeout(work, ms === length ? 0 : ms, ...more),
    );
  };

  it('that another server has under way is waited for, for as long as that may take', async (test) => {
    let answer;
    const { orders, service } = shop(
      (order) =>
        new Promise((resolve) => {
          answer = () => resolve(json(202, order));
        }),
    );
    const { first, second, looked } = await twoServers(service);
    const sent = first.ask('POST', 'order', named('a'));
    await until(() => orders.length === 1);
    hurry(test, 500);
    const again = second.ask('POST', 'order', named('a'));
    await until(() => looked.times > 100 || second.audit.length > 0);
    answer();
    const replies = await Promise.all([sent, again]);
    assert.deepEqual([replies.map(({ status }) => status), orders.length], [[202, 202], 1]);
    assert.equal(replies[0].text, replies[1].text);
  });

  it('that another server did not make, for it was refused, is sent', async () => {
    const answers = [];
    const { orders, service } = shop(
      (order) => new Promise((resolve) => answers.push(() => resolve(json(202, order)))),
    );
    const refusing = (url, init) =>
      service(url, init).then((reply) => (orders.length === 1 ? json(400, { errors: [] }) : reply));
    const { first, second, looked } = await twoServers(refusing);
    const sent = first.ask('POST', 'order', named('a'));
    await until(() => answers.length === 1);
    const again = second.ask('POST', 'order', named('a'));
    await until(() => looked.times > 0);
    answers[0]();
    assert.equal((await sent).status, 400);
    await until(() => answers.length === 2 || second.audit.length > 0);
    answers[1]?.();
    assert.deepEqual([(await again).status, orders.length], [202, 2]);
  });

  for (const method of ['lock', 'update']) {
    it(`of a store whose ${method} is silent is refused in time, and leaves nothing written when it speaks`, async (test) => {
      const { orders, service } = shop();
      const store = packed.api.createMemoryStore();
      let speak;
      const silent = new Promise((resolve) => (speak = resolve));
      const hanging = {
        ...store,
        [method]: async (...args) => {
          if (args[0].startsWith('markmonitor-certs once')) await silent;
          return store[method](...args);
        },
      };
      const portal = await openPortal(packed, { service, client: { store: hanging } });
      hurry(test, 5000);
      const reply = await portal.ask('POST', 'order', named('a'));
      test.mock.restoreAll();
      assert.deepEqual([reply.status, reply.json.errors[0].code], [503, 'store_failed']);
      speak();
      const again = await portal.ask('POST', 'order', named('a'));
      assert.deepEqual([again.status, orders.length], [202, 1]);
    });
  }

  it('of a page that left while the store was slow is not sent, unless another page waits for it', async () => {
    const { orders, service } = shop();
    const store = packed.api.createMemoryStore();
    let asked = 0;
    let speak;
    const silent = new Promise((resolve) => (speak = resolve));
    const update = async (...args) => {
      if (args[0].startsWith('markmonitor-certs once')) {
        asked += 1;
        await silent;
      }
      return store.update(...args);
    };
    const portal = await openPortal(packed, { service, client: { store: { ...store, update } } });
    const leaving = (id) => {
      const page = new AbortController();
      return { page, reply: portal.ask('POST', 'order', { ...named(id), signal: page.signal }) };
    };
    const [alone, resent] = [leaving('a'), leaving('b')];
    await until(() => asked === 2);
    const waiting = portal.ask('POST', 'order', named('b'));
    for (const { page } of [alone, resent]) page.abort();
    speak();
    assert.deepEqual([(await alone.reply).status, (await resent.reply).status], [499, 499]);
    assert.deepEqual([(await waiting).status, orders.length], [202, 1]);
    assert.equal((await portal.ask('POST', 'order', named('a'))).status, 202, 'it may be sent afterwards');
  });

  it('of the page’s client carries its name, and the page is told what the proxy knows', async () => {
    const { orders, service } = shop((order) => json(202, order));
    const portal = await openPortal(packed, { service });
    const { page, seen } = portal.pageClient();
    const order = newOrder({ id: idOf(7), contacts: [{ id: idOf(8) }] }, 'www.example.com', 'X');
    await page.orders.create(order, { check: false });
    await page.orders.create(order, { check: false });
    const names = seen.map(({ headers }) => new Headers(headers).get('idempotency-key'));
    assert.equal(new Set(names).size, 2);
    const same = { check: false, onceId: 'shop 7' };
    const [first, again] = [await page.orders.create(order, same), await page.orders.create(order, same)];
    assert.deepEqual([first.id, orders.length], [again.id, 3]);
    await assert.rejects(page.orders.create({ ...order, comments: 'more' }, same), { code: 'once_id_taken' });
    const lost = await openPortal(packed, { service: shop(() => json(504, {})).service });
    const { page: other } = lost.pageClient();
    await assert.rejects(other.orders.create(order, same), { mayHaveBeenApplied: true });
    await assert.rejects(other.orders.create(order, same), { name: 'OutcomeUnknownError', code: 'outcome_unknown' });
  });
});
