import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { installPackage } from './support/install.mjs';

const id = '123e4567-e89b-12d3-a456-426614174000';

/** What a broken core must not do: end the process. */
const uncaught = [];
process.on('uncaughtException', (error) => uncaught.push(error));
process.on('unhandledRejection', (reason) => uncaught.push(reason));

/** Set: the next time that wasm calls JavaScript, an exception goes through wasm, as a trap does. */
let poison;
const { instantiate } = WebAssembly;
WebAssembly.instantiate = (module, imports) => {
  for (const functions of Object.values(imports ?? {})) {
    for (const [name, work] of Object.entries(functions)) {
      functions[name] = (...args) => {
        if (poison) {
          poison = false;
          throw new WebAssembly.RuntimeError('unreachable');
        }
        return work(...args);
      };
    }
  }
  return instantiate(module, imports);
};

describe('when the core breaks', () => {
  let project;
  let api;
  before(async () => {
    project = await installPackage();
    api = await project.import();
  });
  after(() => project?.remove());

  let answer;
  let sent;
  beforeEach(() => {
    answer = async () => new Response('{"id":"x"}');
    sent = [];
    poison = false;
  });
  const fetch = (url, init) => {
    sent.push(new URL(url).pathname);
    if (url.endsWith('/authenticate')) return new Response(JSON.stringify({ token: 'a.token', expiresIn: 5400 }));
    return answer(url, init);
  };
  let keys = 0;
  const newClient = (options) => {
    keys += 1;
    const auth = { apiKey: `key-${keys}`, username: 'user', password: 'word' };
    return new api.CertsClient({ auth, fetch, ...options });
  };
  const aTurn = () => new Promise((resolve) => setImmediate(resolve));
  const until = async (isSo) => {
    for (let turn = 0; !isSo(); turn += 1) {
      assert.ok(turn < 10_000, `${isSo} never came true`);
      await aTurn();
    }
  };
  const unanswered = () => new Promise(() => {});
  /** Lets the core see a reply, and break over it. */
  const breakOver = async (client) => {
    let reply;
    answer = () =>
      new Promise((resolve) => {
        reply = resolve;
      });
    const call = client.orders.get(id);
    const asked = assert.rejects(call, api.InternalError);
    await until(() => reply);
    poison = true;
    reply(new Response('{"id":"x"}'));
    await asked;
    assert.equal(poison, false);
  };

  it('every call under way is rejected, of all clients, and the process lives on', async () => {
    const [one, other] = [newClient(), newClient()];
    await Promise.all([one.tokens.authenticate(), other.tokens.authenticate()]);
    answer = unanswered;
    const controller = new AbortController();
    const calls = [
      one.orders.get(id),
      other.orders.get(id, { signal: controller.signal }),
      one.orders.list().then(),
      one.orders.watch(id).next(),
      other.orders.waitUntil(id, 'issued'),
    ];
    const rejections = calls.map((call) => assert.rejects(call, api.InternalError));
    await breakOver(one);
    await Promise.all(rejections);
    // Listeners of the broken one are still called.
    controller.abort();
    await aTurn();
    assert.deepEqual(uncaught, []);
  });

  it('the next call works, with the token and the limit that were', async () => {
    const client = newClient({ rateLimit: { limit: 10, windowMs: 60_000 } });
    await client.tokens.authenticate();
    answer = async () => new Response('{"id":"x"}');
    await client.orders.get(id);
    const { used } = client.rateLimit.state;
    await breakOver(client);
    answer = async () => new Response('{"id":"y"}');
    assert.deepEqual(await client.orders.get(id), { id: 'y' });
    assert.equal(sent.filter((path) => path.endsWith('/authenticate')).length, 1);
    // The call that broke was sent too.
    assert.equal(client.rateLimit.state.used, used + 2);
    assert.equal(client.rateLimit.state.inFlight, 0);
  });

  it('a client with a limit of its own keeps that too, and forgets it with close()', async () => {
    const client = newClient({ rateLimit: { limit: 10, windowMs: 60_000, scope: 'client' } });
    await client.orders.get(id);
    const { used } = client.rateLimit.state;
    await breakOver(client);
    answer = async () => new Response('{"id":"y"}');
    await client.orders.get(id);
    assert.equal(client.rateLimit.state.used, used + 2);
    client.close();
    await breakOver(newClient());
    await assert.rejects(client.orders.get(id), { code: 'closed' });
  });

  it('as a timer rings or a listener is called, nothing is uncaught', async () => {
    const timers = new Map();
    const { setTimeout } = globalThis;
    const controller = new AbortController();
    const callers = {
      'a timer': () => timers.get(12_345)(),
      'a listener': () => controller.abort(),
    };
    try {
      globalThis.setTimeout = (callback, ms) => timers.set(ms, callback) && setTimeout(callback, ms);
      for (const [what, call] of Object.entries(callers)) {
        sent = [];
        answer = unanswered;
        const { signal } = controller;
        const waiting = newClient({ maxRetries: 0 }).orders.get(id, { signal, timeout: 12_345 });
        const rejected = assert.rejects(waiting, api.InternalError, what);
        await until(() => sent.length === 2);
        poison = true;
        call();
        await rejected;
        assert.equal(poison, false, what);
      }
    } finally {
      globalThis.setTimeout = setTimeout;
    }
    await aTurn();
    assert.deepEqual(uncaught, []);
  });

  it('the reader alone, what reads fails, and reads again; calls of clients continue', async () => {
    const request = { subject: { commonName: 'example.com' }, dnsNames: ['example.com'] };
    let reply;
    answer = () =>
      new Promise((resolve) => {
        reply = resolve;
      });
    const call = newClient().orders.get(id);
    await until(() => reply);
    poison = true;
    await assert.rejects(api.createCsr(request), api.InternalError);
    assert.equal(poison, false);
    const { csr } = await api.createCsr(request);
    assert.equal((await api.parseCsr(csr)).subject.commonName, 'example.com');
    reply(new Response('{"id":"x"}'));
    assert.deepEqual(await call, { id: 'x' });
  });
});
