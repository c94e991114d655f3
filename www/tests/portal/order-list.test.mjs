import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { CertsClient } from 'markmonitor-certs';
import { bundled, pageStorage } from './support.mjs';

const day = (number) => new Date(Date.UTC(2026, 0, number)).toISOString();
const orderOf = (number, changes = {}) => ({
  id: `00000000-0000-4000-8000-${`${number}`.padStart(12, '0')}`,
  status: 'DIGI_ISSUED',
  dateUpdated: day(number),
  ...changes,
});

/** A service of these orders: pages of at most `most`, sorted unless it `ignoresSort`, failing where `fails` says so. */
function serviceOf(orders, { most = 200, ignoresSort = false, fails = () => false } = {}) {
  const calls = [];
  const fetch = async (input, init) => {
    const { url } = new Request(input, init);
    const { searchParams } = new URL(url);
    const [page, size] = [
      Number(searchParams.get('page') ?? 0),
      Math.min(most, Number(searchParams.get('size') ?? 20)),
    ];
    calls.push(page);
    if (fails(calls.length)) return Response.json({ message: 'not now' }, { status: 400 });
    const sort = ignoresSort ? null : searchParams.get('sort');
    const all = sort ? orders.toSorted((a, b) => ((a.dateUpdated ?? '') < (b.dateUpdated ?? '') ? 1 : -1)) : orders;
    const place = { size, number: page, totalElements: all.length, totalPages: Math.ceil(all.length / size) };
    return Response.json({ content: all.slice(page * size, (page + 1) * size), page: place });
  };
  const auth = { apiKey: 'key', token: 'token' };
  return { calls, client: new CertsClient({ auth, fetch, rateLimit: false, maxRetries: 0 }) };
}

describe('the list of orders', () => {
  let OrderList;
  let createBrowserStore;
  before(async () => {
    ({ OrderList, createBrowserStore } = await bundled('order-list.ts', 'browser-store.ts'));
  });

  const { signal } = new AbortController();
  const started = (options) => {
    const told = [];
    const list = new OrderList((known, changed) => told.push({ ...known, changed }));
    return { list, told, look: (service = options) => list.look({ client: service.client, signal }) };
  };

  test('a part is never the whole, and loading goes on where it failed', async () => {
    const orders = Array.from({ length: 25 }, (_, index) => orderOf(index + 1));
    const service = serviceOf(orders, { most: 10, fails: (call) => call === 3 });
    const { list, told, look } = started(service);
    await assert.rejects(look());
    assert.deepEqual([list.known.orders.length, list.known.total, list.known.isWhole], [20, 25, false]);
    assert.ok(told.every(({ isWhole }) => !isWhole));
    await look();
    assert.deepEqual(service.calls, [0, 1, 2, 2]);
    assert.deepEqual([list.known.orders.length, list.known.isWhole], [25, true]);
  });

  test('a look for changes is one call, and says what changed', async () => {
    const orders = Array.from({ length: 300 }, (_, index) => orderOf(index + 1));
    const service = serviceOf(orders);
    const { told, look } = started(service);
    await look();
    service.calls.length = 0;
    await look();
    orders[5] = { ...orders[5], status: 'DIGI_REVOKED', dateUpdated: day(400) };
    orders.push(orderOf(401));
    await look();
    assert.deepEqual(service.calls, [0, 0]);
    const { changed, total } = told.at(-1);
    assert.deepEqual(changed.map(({ status }) => status).sort(), ['DIGI_ISSUED', 'DIGI_REVOKED']);
    assert.equal(total, 301);
  });

  for (const [what, change, options] of [
    ['that ignores sort', (order) => order, { ignoresSort: true }],
    ['whose orders have no dates', ({ dateUpdated: _, ...order }) => order, {}],
    ['whose dates are null', (order) => ({ ...order, dateUpdated: null }), {}],
  ]) {
    test(`a service ${what} is looked through as a whole, more rarely, and its changes are seen`, async () => {
      const orders = Array.from({ length: 300 }, (_, index) => change(orderOf(index + 1)));
      const service = serviceOf(orders, options);
      const { list, told, look } = started(service);
      await look();
      assert.equal(list.pagesOfALook, 1);
      await look();
      assert.ok(list.pagesOfALook > 1);
      orders[100] = { ...orders[100], status: 'DIGI_REVOKED' };
      await look();
      assert.deepEqual(
        told.flatMap(({ changed }) => changed.filter(({ status }) => status === 'DIGI_REVOKED')).map(({ id }) => id),
        [orders[100].id],
      );
    });
  }

  test('a store forgets what nobody needs any more, and is cleared for one account alone', () => {
    const storage = pageStorage();
    const [mine, other] = [createBrowserStore(storage, 'mine:'), createBrowserStore(storage, 'other:')];
    mine.set('a', '1');
    mine.set('b', '2', 0);
    other.set('a', '3');
    assert.deepEqual([mine.get('a'), mine.get('b'), other.get('a')], ['1', undefined, '3']);
    mine.clear();
    assert.deepEqual([mine.get('a'), other.get('a')], [undefined, '3']);
  });
});
