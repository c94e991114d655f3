import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { installPackage } from './support/install.mjs';

const id = '123e4567-e89b-12d3-a456-426614174000';
const auth = { apiKey: 'the-api-key', token: 'the-token' };

/** Timers as Jest, Vitest and sinon put them in: nothing runs before the test says so, microtasks of the global neither. */
function fakeTimers() {
  const names = ['setTimeout', 'clearTimeout', 'queueMicrotask', 'setImmediate'];
  const real = Object.fromEntries(names.map((name) => [name, globalThis[name]]));
  const timers = new Map();
  let last = 0;
  globalThis.setTimeout = (callback, ms) => {
    last += 1;
    timers.set(last, { callback, ms });
    return last;
  };
  globalThis.clearTimeout = (timer) => timers.delete(timer);
  globalThis.queueMicrotask = () => {};
  globalThis.setImmediate = () => {};
  return {
    timers,
    restore: () => Object.assign(globalThis, real),
    /** Lets promises settle, which no fake reaches. */
    settle: () => new Promise((resolve) => real.setImmediate(resolve)),
  };
}

describe('with the fake timers of a test runner', () => {
  let project;
  let api;
  before(async () => {
    project = await installPackage();
    api = await project.import();
  });
  after(() => project?.remove());
  let fake;
  afterEach(() => fake?.restore());
  // Not a Response: Node reads those with the global queueMicrotask.
  const reply = () => ({ status: 200, headers: {}, json: async () => ({ id: 'x' }) });

  it('calls are answered, before, meanwhile and after', async () => {
    const client = new api.CertsClient({ auth, fetch: async () => reply(), rateLimit: false });
    assert.deepEqual(await client.orders.get(id), { id: 'x' });
    fake = fakeTimers();
    assert.deepEqual(await client.orders.get(id), { id: 'x' });
    fake.restore();
    assert.deepEqual(await client.orders.get(id), { id: 'x' });
  });

  it('a timeout comes when the test says so', async () => {
    fake = fakeTimers();
    const client = new api.CertsClient({ auth, fetch: () => new Promise(() => {}), rateLimit: false, maxRetries: 0 });
    const call = assert.rejects(client.orders.get(id, { timeout: 12_345 }), api.TimeoutError);
    await fake.settle();
    const [[number, timer]] = [...fake.timers].filter(([, { ms }]) => ms === 12_345);
    fake.timers.delete(number);
    timer.callback();
    await call;
    assert.equal(fake.timers.size, 0, 'no timer is left');
  });
});
