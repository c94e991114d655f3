import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { loadFacade } from './support/facade.mjs';

describe('a store in memory', () => {
  let store;
  before(async () => {
    store = (await loadFacade()).createMemoryStore();
  });

  it('keeps values, and replaces them by what is made of them', async () => {
    assert.equal(await store.get('a'), undefined);
    await store.set('a', '1');
    await store.update('a', (value) => `${value}2`);
    assert.equal(await store.get('a'), '12');
    await store.update('a', () => undefined);
    assert.equal(await store.get('a'), undefined);
    await store.set('b', '1');
    await store.set('b', undefined);
    assert.equal(await store.get('b'), undefined);
  });

  it('gives a lock to one at a time, until it is given back or its lease has ended', async (test) => {
    let now = 0;
    test.mock.method(performance, 'now', () => now);
    const lease = await store.lock('a', 1_000);
    assert.equal(await store.lock('a', 1_000), undefined);
    assert.ok(await store.lock('b', 1_000), 'another lock is free');
    await lease.release();
    const second = await store.lock('a', 1_000);
    now = 1_000;
    const third = await store.lock('a', 1_000);
    assert.ok(second && third);
    await second.release();
    assert.equal(await store.lock('a', 1_000), undefined, 'what ended gives back nobody else’s');
  });
});

describe('a store of a client', () => {
  it('is locked for the other clients of the process as well, whichever store they have', async () => {
    const { createMemoryStore, lockedHereToo } = await loadFacade();
    const [one, other] = [createMemoryStore(), createMemoryStore()].map((store) => lockedHereToo(store, new Set()));
    const lease = await one.lock('a', 60_000);
    assert.equal(await other.lock('a', 60_000), undefined);
    const beside = await other.lock('b', 60_000);
    await lease.release();
    const next = await other.lock('a', 60_000);
    assert.equal(await one.lock('a', 60_000), undefined);
    for (const held of [next, beside]) await held.release();
  });

  it('is locked here until it is given back, or the instance breaks that locked it, however long that takes', async (test) => {
    const { createMemoryStore, lockedHereToo, shared } = await loadFacade();
    let now = performance.now();
    test.mock.method(performance, 'now', () => now);
    for (const isDefault of [false, true]) {
      const underWay = new Set();
      const locking = lockedHereToo(isDefault ? shared().store : createMemoryStore(), underWay);
      const other = lockedHereToo(createMemoryStore(), new Set());
      const lease = await locking.lock('d', 60_000);
      now += 3_600_000;
      assert.equal(await other.lock('d', 60_000), undefined, `default: ${isDefault}`);
      await lease.release();
      assert.equal(underWay.size, 0);
      await (await other.lock('d', 60_000)).release();
      await locking.lock('d', 60_000);
      for (const end of underWay) end();
      await (await other.lock('d', 60_000)).release();
    }
  });

  it('keeps nobody out with a lock that it did not give', async () => {
    const { createMemoryStore, lockedHereToo } = await loadFacade();
    const given = createMemoryStore();
    const refusals = [() => undefined, () => Promise.reject(new Error('down')), () => ({})];
    for (const lock of refusals) {
      const outcome = await Promise.resolve(lockedHereToo({ ...given, lock }, new Set()).lock('c', 60_000)).catch(
        (error) => error,
      );
      assert.equal(outcome?.release, undefined);
      const lease = await lockedHereToo(given, new Set()).lock('c', 60_000);
      assert.ok(lease);
      await lease.release();
    }
  });

  it('that lacks a method stays as it is, for the core to refuse', async () => {
    const { createMemoryStore, lockedHereToo } = await loadFacade();
    const { lock, ...lacking } = createMemoryStore();
    for (const store of [lacking, null, 8, {}]) assert.equal(lockedHereToo(store, new Set()), store);
    assert.equal(typeof lock, 'function');
  });
});
