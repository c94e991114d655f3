import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { beforeEach, describe, it } from 'node:test';
import { answered, withFakeCore } from './support/fake-core.mjs';

const id = '1c7d2a0e-6a5f-4f7e-9a51-0d9b7a6f2a10';
const over = { value: undefined, done: true };

/** Everything that yields one value after the other: how it is begun, and what its cursor yields for the value 1. */
const iterations = {
  'a watch': ['watchOrder', (client, options) => client.orders.watch(id, options), { id, order: 1 }, 1],
  'a wait for many': [
    'waitForOrders',
    (client, options) => client.orders.waitUntilAll([id], 'issued', options),
    { id, order: 1 },
    { id, order: 1 },
  ],
  'a list': [
    'pages',
    (client, options) => client.orders.list({}, options)[Symbol.asyncIterator](),
    answered({ content: [1] }),
    1,
  ],
  'the pages of a list': [
    'pages',
    (client, options) => client.orders.list({}, options).pages(),
    answered({ content: [1] }),
    { content: [1] },
  ],
};

for (const [what, [method, begin, yielded, value]] of Object.entries(iterations)) {
  describe(`${what}, iterated`, () => {
    let core;
    let client;
    let controller;
    let behaviour;
    /** How each `next` of the cursor ends, the last one again and again. */
    let nexts;
    let pending;
    let freed;
    beforeEach(async () => {
      behaviour = {};
      core = await withFakeCore(behaviour);
      client = core.newClient();
      controller = new AbortController();
      [pending, freed] = [0, 0];
      behaviour[method] = (...args) => {
        const { signal } = args.at(-1);
        return {
          next(done) {
            const next = nexts.length > 1 ? nexts.shift() : nexts[0];
            let isPending = true;
            pending += 1;
            const end = (...result) => {
              if (!isPending) return;
              isPending = false;
              pending -= 1;
              done(...result);
            };
            // As the core does: what waits ends as soon as its signal is aborted.
            signal.addEventListener('abort', () => end({ type: 'Aborted' }), { once: true });
            next(end);
          },
          free() {
            freed += 1;
          },
        };
      };
    });
    const yields = (done) => done(undefined, yielded);
    const ends = (done) => done(undefined, undefined);
    const waits = () => {};
    const fails = (done) => done({ type: 'NotFoundError', code: 'not_found', message: 'No.', headers: [] });
    const listeners = () => getEventListeners(controller.signal, 'abort').length;
    const begun = () => begin(client, { signal: controller.signal });
    const untilItWaits = async () => {
      while (pending === 0) await new Promise(setImmediate);
    };

    it('yields what there is, and ends', async () => {
      nexts = [yields, yields, ends];
      const seen = [];
      for await (const item of begun()) seen.push(item);
      assert.deepEqual(seen, [value, value]);
      assert.deepEqual([listeners(), freed], [0, 1]);
    });

    it('yields in the order in which it is asked, and nothing after its end', async () => {
      nexts = [yields, ends];
      const iteration = begun();
      const asked = [iteration.next(), iteration.next(), iteration.next()];
      assert.deepEqual(await Promise.all(asked), [{ value, done: false }, over, over]);
      assert.equal(freed, 1);
    });

    it('is ended at once by return(), whatever it waits for', async () => {
      nexts = [yields, waits];
      const iteration = begun();
      await iteration.next();
      const [second, third] = [iteration.next(), iteration.next()];
      await untilItWaits();
      assert.deepEqual(await iteration.return(), over);
      assert.deepEqual(await Promise.all([second, third, iteration.next()]), [over, over, over]);
      assert.deepEqual([pending, listeners(), freed], [0, 0, 1]);
    });

    it('is ended at once by throw(), and by leaving its block', async () => {
      for (const end of [(it) => it.throw('enough').catch((reason) => reason), (it) => it[Symbol.asyncDispose]()]) {
        nexts = [waits];
        const iteration = begun();
        const next = iteration.next();
        await untilItWaits();
        assert.ok([undefined, 'enough'].includes(await end(iteration)));
        assert.deepEqual(await next, over);
      }
      assert.deepEqual([pending, freed], [0, 2]);
    });

    it('is ended at once by its signal, with the reason of that', async () => {
      nexts = [waits];
      const iteration = begun();
      const next = iteration.next();
      await untilItWaits();
      assert.equal(listeners(), 1);
      controller.abort('the reason');
      await assert.rejects(next, (reason) => reason === 'the reason');
      assert.deepEqual(await iteration.next(), over);
      assert.deepEqual([pending, listeners(), freed], [0, 0, 1]);
    });

    it('shares one listener on a signal with any number of others', async () => {
      nexts = [waits];
      const iterations = Array.from({ length: 30 }, begun);
      const next = iterations.map((iteration) => iteration.next());
      while (pending < 30) await new Promise(setImmediate);
      assert.equal(listeners(), 1);
      await iterations[0].return();
      assert.deepEqual(await next.shift(), over);
      assert.equal(listeners(), 1);
      controller.abort('the reason');
      for (const result of next) await assert.rejects(result, (reason) => reason === 'the reason');
      assert.deepEqual([pending, listeners(), freed], [0, 0, 30]);
    });

    it('is ended by a signal without a reason with an AbortError', async () => {
      nexts = [waits];
      let abort;
      const signal = { aborted: false, addEventListener: (_, listener) => (abort = listener) };
      const next = begin(client, { signal }).next();
      await untilItWaits();
      signal.aborted = true;
      abort();
      await assert.rejects(next, { name: 'AbortError' });
    });

    it('listens to its signal only as long as somebody waits', async () => {
      nexts = [yields];
      const iteration = begun();
      assert.equal(listeners(), 0);
      await iteration.next();
      assert.equal(listeners(), 0);
      controller.abort('the reason');
      await assert.rejects(iteration.next(), (reason) => reason === 'the reason');
      assert.equal(pending, 0);
    });

    it('ends with the error of one that fails, once', async () => {
      nexts = [fails];
      const iteration = begun();
      const asked = [iteration.next(), iteration.next()];
      await assert.rejects(asked[0], core.NotFoundError);
      assert.deepEqual(await asked[1], over);
      assert.equal(freed, 1);
    });

    it('that is ended before it began loads and asks nothing', async () => {
      nexts = [waits];
      const iteration = begun();
      await iteration.return();
      assert.deepEqual(await iteration.next(), over);
      assert.equal(core.instances.length, 0);
    });

    it('that is left half way frees what is left', async () => {
      nexts = [yields];
      for await (const _ of begun()) break;
      assert.equal(freed, 1);
    });
  });
}
