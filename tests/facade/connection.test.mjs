import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { beforeEach, describe, it } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { answered, withFakeCore } from './support/fake-core.mjs';

const id = '1c7d2a0e-6a5f-4f7e-9a51-0d9b7a6f2a10';
const refusal = {
  type: 'ValidationError',
  code: 'invalid',
  message: '`timeout` must be a number of milliseconds, at least 0, not -1.',
  findings: [{ severity: 'error', code: 'invalid_option', message: 'No.', field: 'timeout' }],
};

describe('a client', () => {
  let behaviour;
  let core;
  let client;
  beforeEach(async () => {
    behaviour = {};
    core = await withFakeCore(behaviour);
    client = core.newClient();
  });
  const trapping = () => {
    throw new WebAssembly.RuntimeError('unreachable');
  };
  const count = (name) => core.asked.filter(([asked]) => asked === name).length;

  it('loads nothing before its first call, then the core, once', async () => {
    client.withOptions({ timeout: 5 });
    assert.equal(core.instances.length, 0);
    await Promise.all([client.orders.get(id), client.orders.get(id), core.newClient().orders.prices()]);
    assert.equal(core.instances.length, 1);
    assert.equal(core.instances[0].clients.length, 2);
  });

  it('knows no state and no token before the core is loaded, and the right ones after', async () => {
    assert.equal(client.rateLimit.state, undefined);
    assert.equal(client.tokens.info, undefined);
    await core.init();
    assert.deepEqual(client.rateLimit.state, { limit: 100 });
    behaviour.tokenInfo = () => ({ expiresAt: 5, remainingMs: 3 });
    assert.deepEqual(client.tokens.info, { expiresAt: new Date(5), remainingMs: 3 });
    assert.deepEqual(await client.tokens.authenticate(), { expiresAt: new Date(0), remainingMs: 1 });
    assert.deepEqual(await client.tokens.refresh(), { expiresAt: new Date(0), remainingMs: 2 });
    assert.equal(await client.tokens.get(), 'the token');
  });

  it('forwards to the core as soon as it is loaded', async () => {
    client.rateLimit.pause(5);
    assert.equal(count('pause'), 0);
    await core.init();
    await client.orders.get(id);
    assert.deepEqual(
      core.asked.find(([name]) => name === 'pause'),
      ['pause', 5],
    );
    client.rateLimit.resume();
    client.tokens.clear();
    assert.deepEqual([count('resume'), count('clearToken')], [1, 1]);
  });

  it('returns the very value that the core answers with, and how it was answered', async () => {
    const order = { id, status: 'X', odd: [null, '\ud800'] };
    behaviour.call = (_, __, done) => done(undefined, answered(order));
    assert.equal(await client.orders.get(id), order);
    const response = core.responseOf(order);
    assert.equal(response.status, 200);
    assert.equal(response.headers.get('x-a'), 'b');
    const content = [{ id }, { id }, 'no object'];
    behaviour.call = (_, __, done) => done(undefined, answered({ content }));
    const page = await client.orders.list();
    assert.equal(page.content, content);
    for (const part of [page, ...content.slice(0, 2)]) assert.equal(core.responseOf(part).status, 200);
    assert.equal(core.responseOf({}), undefined);
  });

  it('throws what the core fails with as an error of its class, whose stack names the caller', async () => {
    behaviour.call = (_, __, done) => {
      setImmediate(done, { type: 'NotFoundError', code: 'not_found', message: 'No.', status: 404, headers: [] });
    };
    async function theCaller() {
      await client.orders.get(id);
    }
    await assert.rejects(theCaller(), (error) => {
      assert.ok(error instanceof core.NotFoundError && error instanceof core.ApiError);
      assert.match(error.stack, /theCaller/);
      return true;
    });
  });

  it('throws what the core refuses in an option as a ValidationError, in whatever is done first', async () => {
    behaviour.Client = () => {
      throw refusal;
    };
    const firsts = {
      'a call': (client) => client.orders.get(id),
      'a list': (client) => client.orders.list().then(),
      'pages of a list': (client) => client.orders.list().toArray(),
      'a wait': (client) => client.orders.waitUntil(id, 'issued'),
      'a watch': (client) => client.orders.watch(id).next(),
      'a token': (client) => client.tokens.get(),
      'a preview': (client) => client.preview((it) => it.orders.get(id)),
      'a derived client': (client) => client.withOptions({ maxRetries: 1 }).orders.get(id),
    };
    for (const [what, first] of Object.entries(firsts)) {
      await assert.rejects(first(core.newClient()), (error) => {
        assert.ok(error instanceof core.ValidationError, what);
        assert.equal(error.findings[0].field, 'timeout');
        return true;
      });
    }
    assert.equal(client.rateLimit.state, undefined);
    client.rateLimit.pause();
    delete behaviour.Client;
    await client.orders.get(id);
  });

  it('throws what the core refuses in a derived client’s option as well', async () => {
    behaviour.withOptions = () => {
      throw refusal;
    };
    await assert.rejects(client.withOptions({ timeout: -1 }).orders.get(id), core.ValidationError);
    await client.orders.get(id);
  });

  it('rejects an aborted call with the signal’s reason, and leaves no listener', async () => {
    const { signal } = new AbortController();
    const reason = { the: 'reason' };
    await assert.rejects(client.orders.get(id, { signal: AbortSignal.abort(reason) }), (error) => error === reason);
    assert.equal(core.instances.length, 0);

    const controller = new AbortController();
    const loading = client.orders.get(id, { signal: controller.signal });
    controller.abort(reason);
    await assert.rejects(loading, (error) => error === reason);
    assert.equal(getEventListeners(controller.signal, 'abort').length, 0);

    await client.orders.get(id, { signal });
    assert.equal(getEventListeners(signal, 'abort').length, 0);
    behaviour.call = (_, __, done) => done({ type: 'Aborted' });
    const aborted = AbortSignal.abort(reason);
    const late = { aborted: false, reason: aborted.reason, addEventListener() {}, removeEventListener() {} };
    await assert.rejects(client.orders.get(id, { signal: late }), (error) => error === reason);
  });

  it('rejects with an AbortError where the signal has no reason, as old polyfills’ have none', async () => {
    const { DOMException } = globalThis;
    const signalOf = (aborted) => ({ aborted, addEventListener() {}, removeEventListener() {} });
    const isAbort = (error) => error.name === 'AbortError' && error instanceof (globalThis.DOMException ?? Error);
    behaviour.call = (_, __, done) => done({ type: 'Aborted' });
    try {
      for (const present of [DOMException, undefined]) {
        globalThis.DOMException = present;
        await assert.rejects(core.newClient().orders.get(id, { signal: signalOf(true) }), isAbort);
        await assert.rejects(core.newClient().orders.get(id, { signal: signalOf(false) }), isAbort);
        await assert.rejects(core.newClient().orders.create({}, { signal: signalOf(true) }), isAbort);
      }
    } finally {
      globalThis.DOMException = DOMException;
      delete behaviour.call;
    }
    // A reason of the caller's own comes through, whatever it is.
    await assert.rejects(client.orders.get(id, { signal: AbortSignal.abort(null) }), (reason) => reason === null);
  });

  it('says of a mock that failed without a status that it is the mock', async () => {
    const message = 'GET https://x got no reply: the Response has `ok: false` and no `status`. Check the network.';
    behaviour.call = (_, __, done) =>
      done({ type: 'ConnectionError', code: 'connection', message, mayHaveBeenApplied: true });
    await assert.rejects(client.orders.get(id), (error) => {
      assert.ok(error instanceof core.ValidationError);
      assert.match(error.message, /^With the option `fetch`, the Response has .*: give it the status/);
      assert.deepEqual([error.code, error.findings[0].field, error.mayHaveBeenApplied], ['invalid', 'fetch', true]);
      return true;
    });
  });

  it('works again with its next call when its core broke, with its token and its limits', async () => {
    behaviour.call = () => {};
    await core.init();
    const other = core.newClient();
    const derived = client.withOptions({ timeout: 5 });
    const calls = [client.orders.get(id), other.orders.prices(), derived.orders.get(id)];
    const [broken] = core.instances;
    const [{ host }] = broken.clients;
    host.memory.token = 'kept';
    broken.enter(trapping);
    for (const call of calls) await assert.rejects(call, core.InternalError);
    assert.equal(client.rateLimit.state, undefined);

    delete behaviour.call;
    await Promise.all([client.orders.get(id), other.orders.get(id), derived.orders.get(id)]);
    assert.equal(core.instances.length, 2);
    const again = core.instances[1].clients.find((made) => made.host === host);
    assert.equal(again.host.memory.token, 'kept');
    assert.equal(again.host.limits, host.limits);
    assert.equal(host.limits, core.shared().limits);
    assert.equal(core.asked.filter(([name]) => name === 'withOptions').length, 2);
  });

  it('ends an iteration that its core breaks in with that, and frees what is left', async () => {
    let ask;
    const asked = new Promise((resolve) => {
      ask = resolve;
    });
    const nexts = [(done) => done(undefined, { id, order: { id } }), () => ask()];
    let freed = 0;
    behaviour.watchOrder = () => ({
      next: (done) => nexts.shift()(done),
      free: () => {
        freed += 1;
      },
    });
    const iteration = client.orders.watch(id);
    assert.deepEqual(await iteration.next(), { value: { id }, done: false });
    const second = iteration.next();
    await asked;
    core.instances[0].enter(trapping);
    await assert.rejects(second, core.InternalError);
    assert.deepEqual(await iteration.next(), { value: undefined, done: true });
    assert.equal(freed, 1);
  });

  it('that is closed closes its core, forgets what it kept, and asks no core any more', async () => {
    await client.orders.get(id);
    const { host } = core.instances[0].clients[0];
    host.memory.token = 'a secret';
    host.memory.log = [1];
    client.close();
    assert.equal(count('close'), 1);
    assert.deepEqual(host.memory, {});
    const never = core.newClient();
    never[Symbol.dispose]();
    core.asked.length = 0;
    for (const closed of [client, never, client.withOptions({ timeout: 5 })]) {
      await assert.rejects(
        closed.orders.get(id),
        (error) => error instanceof core.CertsError && error.code === 'closed',
      );
      assert.equal(closed.rateLimit.state, undefined);
      assert.equal(closed.tokens.info, undefined);
      closed.rateLimit.resume();
      closed.close();
    }
    assert.deepEqual(core.asked, [['free']]);
  });

  it('is made once in a core, also where a listener uses it while it is made', async () => {
    let made = 0;
    const told = [];
    behaviour.Client = (_, host) => {
      made += 1;
      host.emit('warning', { code: 'limits_differ' });
    };
    const listening = core.newClient();
    const child = listening.withOptions({ timeout: 5 });
    listening.on('warning', ({ code }) => told.push(code, listening.rateLimit.state?.limit));
    await child.orders.get(id);
    assert.deepEqual(told, ['limits_differ', 100]);
    core.instances[0].enter(trapping);
    await listening.orders.get(id);
    assert.deepEqual(told, ['limits_differ', 100, 'limits_differ', 100]);
    assert.equal(made, 2, 'one in each of two cores');
  });

  it('leaves the host to the calls under way when it is closed, whatever is done with it then', async () => {
    await client.orders.get(id);
    const { host } = core.instances[0].clients[0];
    const heard = [];
    host.start((task) => heard.push(task));
    const stop = client.on('request', () => {});
    host.sleep(7, 1);
    heard.length = 0;
    client.close();
    stop();
    client.on('retry', () => {});
    assert.equal(client.rateLimit.state, undefined);
    await assert.rejects(client.orders.get(id), { code: 'closed' });
    while (heard.length === 0) await setTimeout(1);
    assert.deepEqual(heard, [7]);
  });

  it('is closed with all that share its token, whichever of them is closed and whether or not it was used', async () => {
    for (const isUsed of [false, true]) {
      for (const closed of ['parent', 'child']) {
        const parent = core.newClient();
        const child = parent.withOptions({ timeout: 5 });
        await parent.orders.get(id);
        if (isUsed) await child.orders.get(id);
        const { host } = core.instances[0].clients.at(-1);
        host.memory.token = 'a secret';
        const before = count('close');
        ({ parent, child })[closed].close();
        const what = `${closed} of a ${isUsed ? 'used' : 'new'} child`;
        assert.ok(count('close') > before, what);
        assert.deepEqual(host.memory, {}, what);
      }
    }
  });

  it('says which wasm is missing where nobody says how it is found, and loads again after a failure', async () => {
    core.coreLoader().provide({ find: () => undefined });
    await assert.rejects(client.orders.get(id), { code: 'wasm_not_provided' });
    core.coreLoader().provide({ find: () => Uint8Array.of(1) });
    await assert.rejects(client.orders.get(id), { code: 'wasm_load_failed' });
    core.coreLoader().provide({ find: () => Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0) });
    await client.orders.get(id);
  });

  it('lets its listeners hear of what the core reports, and the core know whether there are any', async () => {
    await client.orders.get(id);
    const { host } = core.instances[0].clients[0];
    /** The bits of the events that are heard, as the core is told them. */
    const bits = [];
    host.start((id, _, detail) => bits.push([id, detail]));
    const heard = [];
    const stops = [
      client.on('request', (event) => heard.push(event)),
      client.on('response', (event) => heard.push(event)),
      client.rateLimit.on('change', () => heard.push('change')),
    ];
    const reported = [0, 0b1, 0b11, 0b100000011].map((events) => [0xffffffff, events]);
    assert.deepEqual(bits, reported);
    host.emit('request', { attempt: 1 });
    host.emit('response', { status: 200, headers: [['a', 'b']] });
    host.emit('change');
    assert.deepEqual([heard[0], heard[1].headers.get('a'), heard[2]], [{ attempt: 1 }, 'b', 'change']);
    for (const stop of stops) stop();
    assert.deepEqual(bits.at(-1), [0xffffffff, 0]);
    host.emit('request', { attempt: 2 });
    assert.equal(heard.length, 3);
  });

  it('reports what a listener throws as uncaught, and calls the others', async (test) => {
    await client.orders.get(id);
    const { host } = core.instances[0].clients[0];
    const uncaught = [];
    const { reportError, queueMicrotask } = globalThis;
    test.after(() => Object.assign(globalThis, { reportError, queueMicrotask }));
    globalThis.reportError = (error) => uncaught.push(error);
    const heard = [];
    const removed = [];
    client.on('warning', () => {
      throw new Error('mine');
    });
    client.on('warning', (event) => {
      heard.push(event);
      stop();
      // One more than there were when the event came.
      client.on('warning', () => heard.push('late'));
    });
    const stop = client.on('warning', () => removed.push('removed meanwhile'));
    host.emit('warning', { code: 'rate_limit_differs', message: 'words' });
    assert.deepEqual(heard, [{ code: 'rate_limit_differs', message: 'words' }]);
    assert.deepEqual([uncaught.map(({ message }) => message), removed], [['mine'], []]);

    // Node has none.
    delete globalThis.reportError;
    const microtasks = [];
    globalThis.queueMicrotask = (work) => microtasks.push(work);
    host.emit('warning', {});
    assert.equal(microtasks.length, 1);
    assert.throws(microtasks[0], { message: 'mine' });
  });

  it('gives the core one salt in the whole process', async () => {
    await client.orders.get(id);
    await core.newClient().orders.get(id);
    const [first, second] = core.instances[0].clients.map(({ host }) => host.salt());
    assert.match(first, /^(\d+,){3}\d+$/);
    assert.equal(first, second);
  });

  it('pauses for no other than a number of milliseconds', () => {
    for (const ms of ['x', '60', null, {}, -1, Number.NaN]) {
      assert.throws(
        () => client.rateLimit.pause(ms),
        { name: 'ValidationError', message: /`ms` must be a number/ },
        `${ms}`,
      );
    }
  });

  it('estimates once the core is loaded', async () => {
    assert.equal(client.rateLimit.estimate(5), undefined);
    await core.init();
    assert.equal(client.rateLimit.estimate(5, { lane: 'page' }), 7);
    assert.deepEqual(
      core.asked.find(([name]) => name === 'estimate'),
      ['estimate', 5, { lane: 'page' }],
    );
  });
});

describe('the two modules', () => {
  const order = { id, status: 'DIGI_ISSUED' };
  let core;
  let client;
  beforeEach(async () => {
    core = await withFakeCore();
    client = core.newClient();
  });
  /** How many instances there are of the client's module, and of the reader's. */
  const loaded = () => [core.instances.length, core.readers.length];

  it('are loaded each by itself: what reads loads the reader alone', async () => {
    await core.parseCsr('csr');
    await Promise.all([core.checkOrder({}), core.inspectCsr('csr'), core.parseBundle('bundle')]);
    assert.deepEqual(loaded(), [0, 1]);
  });

  it('and a client loads the reader where an order is checked, and nowhere else', async () => {
    await core.init();
    await client.orders.list();
    await client.orders.create({}, { check: false });
    await client.orders.reissue(order, {}, { check: false });
    await core.allowedActions(order);
    assert.deepEqual(loaded(), [1, 0]);
    await client.orders.create({});
    await client.orders.reissue(order);
    assert.deepEqual(loaded(), [1, 1]);
  });

  it('and where the reader cannot be loaded, no order is sent that is to be checked', async () => {
    core.pkiLoader().provide({ find: () => Promise.reject(new Error('404')) });
    await core.init();
    for (const call of ['create', 'createOnce', 'reissue']) {
      await assert.rejects(client.orders[call](order), (error) => {
        assert.equal(error.code, 'wasm_load_failed', call);
        assert.match(error.message, /^pki\.wasm could not be loaded: 404\./);
        return true;
      });
    }
    assert.deepEqual(core.asked, []);
    await client.orders.create(order, { check: false });
  });

  it('are missed with other advice where there is no WebAssembly', async () => {
    const { WebAssembly } = globalThis;
    delete globalThis.WebAssembly;
    try {
      core.pkiLoader().provide({ find: () => Uint8Array.of(0) });
      await assert.rejects(core.parseCsr('csr'), { code: 'wasm_load_failed', message: /WebAssembly is off here, / });
    } finally {
      globalThis.WebAssembly = WebAssembly;
    }
  });

  it('are missed in one sentence, whether or not the reason that the environment gives ends with a full stop', async () => {
    for (const reason of ['It is forbidden', 'It is forbidden.', 'It is forbidden. ']) {
      for (const cause of [new Error(reason), reason]) {
        core.pkiLoader().provide({ find: () => Promise.reject(cause) });
        await assert.rejects(core.parseCsr('csr'), { message: /^pki\.wasm could not be loaded: It is forbidden\. \w/ });
      }
    }
  });

  it('come from what init is given by their names, and the client from what it is given alone', async () => {
    for (const loader of [core.coreLoader(), core.pkiLoader()]) loader.provide({ find: () => undefined });
    const wasm = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);
    await assert.rejects(core.init(), { code: 'wasm_not_provided' });
    await assert.rejects(core.init({ pki: undefined }), { code: 'wasm_not_provided' });
    await assert.rejects(core.init({ reader: 'https://example.com/pki.wasm' }), (error) => {
      return error.findings[0].code === 'unknown_option' && error.findings[0].field === 'reader';
    });
    await core.init({ pki: wasm });
    assert.deepEqual(loaded(), [0, 1]);
    await core.init(await WebAssembly.compile(wasm));
    assert.deepEqual(loaded(), [1, 1]);

    const other = await withFakeCore();
    for (const loader of [other.coreLoader(), other.pkiLoader()]) loader.provide({ find: () => undefined });
    await other.init({ core: wasm, pki: new Response(wasm) });
    assert.deepEqual([other.instances.length, other.readers.length], [1, 1]);
  });

  it('break each by itself', async () => {
    await Promise.all([client.orders.get(id), core.parseCsr('csr')]);
    core.readers[0].enter(() => {
      throw new WebAssembly.RuntimeError('unreachable');
    });
    await client.orders.get(id);
    await core.parseCsr('csr');
    assert.deepEqual(loaded(), [1, 2]);
  });
});

describe('the functions that read', () => {
  it('pass on what they are given, their options as a copy', async () => {
    const core = await withFakeCore();
    const { buffer } = Uint8Array.of(1, 2);
    const copyOf = (fields) => Object.assign(Object.create(null), fields);
    await core.inspectCsr(buffer, { certType: 'X' });
    assert.deepEqual(core.asked.at(-1), ['inspectCsr', buffer, copyOf({ certType: 'X' })]);
    await core.parseBundle('bundle', { csr: buffer, more: 1 });
    assert.deepEqual(core.asked.at(-1), ['parseBundle', 'bundle', copyOf({ csr: buffer, more: 1 })]);
    const file = { arrayBuffer: async () => buffer };
    await core.inspectAll(['csr', buffer, Uint8Array.of(3), file]);
    assert.deepEqual(core.asked.at(-1), ['inspectAll', ['csr', buffer, Uint8Array.of(3), buffer]]);
    await core.inspectAll(file);
    assert.deepEqual(core.asked.at(-1), ['inspectAll', [buffer]]);
    const organization = { name: 'Example Inc.' };
    await core.checkOrder({ cert: {} }, { organization });
    const [what, order, context] = core.asked.at(-1);
    assert.deepEqual([what, order, { ...context.organization }], ['checkOrder', { cert: {} }, organization]);
    await core.dcvInstructions('example.com', 'EMAIL');
    assert.deepEqual(core.asked.at(-1), ['dcvInstructions', 'example.com', 'EMAIL', undefined]);
  });

  it('fail with a ParseError, an InternalError when the reader breaks, and then read again', async () => {
    const behaviour = {
      parseCsr: () => {
        throw new WebAssembly.RuntimeError('unreachable');
      },
      inspectCsr: () => {
        throw { type: 'ParseError', code: 'wrong_kind', message: 'No.', offset: 3 };
      },
    };
    const core = await withFakeCore(behaviour);
    await assert.rejects(core.parseCsr('csr'), core.InternalError);
    await assert.rejects(core.inspectCsr('csr'), (error) => error instanceof core.ParseError && error.offset === 3);
    assert.equal(core.readers.length, 2);
  });
});
