import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { before, describe, it } from 'node:test';
import { runInNewContext } from 'node:vm';
import { loadFacade } from './support/facade.mjs';
import { withFakeCore } from './support/fake-core.mjs';

const bytes = (text) => new TextEncoder().encode(text);
const MB = 1024 * 1024;

describe('the head of a reply is read', () => {
  let headOf;
  before(async () => {
    ({ headOf } = await loadFacade());
  });

  const pairs = [
    ['content-type', 'text/plain'],
    ['x-a', '1'],
  ];
  const headers = {
    'a Headers': new Headers({ 'X-A': '1', 'Content-Type': 'text/plain' }),
    'a Map': new Map([
      ['Content-Type', 'text/plain'],
      ['X-A', '1'],
    ]),
    'a list of pairs': [
      ['Content-Type', 'text/plain'],
      ['X-A', '1'],
    ],
    'an object': { 'Content-Type': 'text/plain', 'X-A': '1' },
    'an object with a number and something odd': { 'content-type': 'text/plain', 'x-a': 1, 'x-b': {}, 'x-c': null },
    'a Headers of another realm': runInNewContext(
      "({ entries: () => [['Content-Type', 'text/plain'], ['x-A', '1']] })",
    ),
  };
  for (const [what, given] of Object.entries(headers)) {
    it(`whose headers are ${what}`, () => {
      assert.deepEqual(headOf({ status: 201, headers: given }), { status: 201, headers: pairs });
    });
  }

  it('without headers', () => {
    for (const given of [undefined, null, 'none']) {
      assert.deepEqual(headOf({ status: 204, headers: given }), { status: 204, headers: [] });
    }
  });

  const throwing = () => {
    throw new Error('misbehaving');
  };
  const misbehaving = {
    'entries that yield nothing': { entries: () => null },
    'entries that throw': { entries: throwing },
    'an iterator that throws': { entries: () => ({ [Symbol.iterator]: () => ({ next: throwing }) }) },
    'a getter that throws': Object.defineProperty({}, 'x-a', { get: throwing, enumerable: true }),
  };
  for (const [what, given] of Object.entries(misbehaving)) {
    it(`and throws for ${what}`, () => {
      assert.throws(() => headOf({ status: 200, headers: given }), Error);
    });
  }

  it('and throws for what is not a reply', () => {
    for (const none of [
      undefined,
      null,
      'text',
      {},
      { status: '200' },
      { status: 0 },
      { status: 99.5 },
      { status: 600 },
      { ok: true },
      { json: {} },
      { status: null, json() {} },
    ]) {
      assert.throws(() => headOf(none), /returned something that is not a response/);
    }
  });

  it('of a mock without a status, which is a success unless it says that it is none', () => {
    const ok = { status: 200, headers: [] };
    for (const read of ['json', 'text', 'arrayBuffer']) {
      assert.deepEqual(headOf({ [read]() {} }), ok);
      assert.deepEqual(headOf({ ok: true, [read]() {} }), ok);
      assert.equal(headOf({ status: 404, [read]() {} }).status, 404);
      assert.throws(() => headOf({ ok: false, [read]() {} }), /has `ok: false` and no `status`/);
      assert.equal(headOf({ ok: false, status: 400, [read]() {} }).status, 400);
    }
  });
});

describe('the body of a reply is read', () => {
  let bodyOf;
  before(async () => {
    ({ bodyOf } = await loadFacade());
  });

  /** A reply whose body comes in these chunks. */
  const streaming = (...chunks) =>
    new Response(
      new ReadableStream({
        pull(controller) {
          const chunk = chunks.shift();
          if (chunk === undefined) controller.close();
          else controller.enqueue(typeof chunk === 'string' ? bytes(chunk) : chunk);
        },
      }),
    );
  /** Replies with the same octets, from a Response to mocks that have one method each. */
  const repliesOf = (octets) => ({
    'a Response': new Response(octets),
    'a stream, octet by octet': streaming(...Array.from(octets, (octet) => Uint8Array.of(octet))),
    'a mock with arrayBuffer': { arrayBuffer: async () => Uint8Array.from(octets).buffer },
    'a mock with arrayBuffer, synchronous': { arrayBuffer: () => Uint8Array.from(octets).buffer },
  });

  const json = {
    'an object': bytes('{"a":[1,"ü",null]}'),
    'a byte order mark': bytes('\uFEFF{"a":"\uFEFF"}'),
    'escapes of lone surrogates': bytes('["\\ud800","\\udfff x"]'),
    'characters of four octets': bytes('["🔐"]'),
    'octets that are Latin-1 and not UTF-8': Uint8Array.of(0x5b, 0x22, 0xfc, 0x22, 0x5d),
    'an encoded surrogate, which is not UTF-8': Uint8Array.of(0x5b, 0x22, 0xed, 0xa0, 0x80, 0x22, 0x5d),
    'a number': bytes('5'),
    null: bytes('null'),
    'white space around': bytes('\r\n {} \n'),
    'a name twice': bytes('{"a":1,"a":2,"__proto__":3}'),
  };
  for (const [what, octets] of Object.entries(json)) {
    it(`as Response.json() reads it: ${what}`, async () => {
      const expected = await new Response(octets).json();
      for (const [which, reply] of Object.entries(repliesOf(octets))) {
        assert.deepEqual(await bodyOf(reply, false, MB), { json: expected }, which);
      }
    });
  }

  it('with every digit of whole numbers that JavaScript cannot hold, as texts', async () => {
    for (const [sent, read] of [
      ['{"id":9007199254740993}', { id: '9007199254740993' }],
      ['[ -9007199254740993,\n9007199254740992 ]', ['-9007199254740993', '9007199254740992']],
      ['{"a":9007199254740991,"b":-9007199254740991}', { a: 2 ** 53 - 1, b: 1 - 2 ** 53 }],
      ['[1.12345678901234567,12345678901234567e3,1e400]', [1.1234567890123457, 12345678901234567e3, Infinity]],
      ['{"9007199254740993":":9007199254740993\\"","b":",9007199254740993\\\\"}', undefined],
    ]) {
      const expected = read ?? JSON.parse(sent);
      for (const [which, reply] of Object.entries(repliesOf(bytes(sent)))) {
        assert.deepEqual(await bodyOf(reply, false, MB), { json: expected }, `${which}: ${sent}`);
      }
    }
  });

  it('with every digit wherever such a number is, and whatever digits are before it', async () => {
    const long = '9007199254740993';
    for (let count = 0; count <= 40; count += 1) {
      const digits = '1'.repeat(count);
      for (const [sent, read] of [
        [`[${' '.repeat(count)}${long}]`, [long]],
        [`["${digits}",${long}]`, [digits, long]],
        [`{"${digits}":-${long}}`, { [digits]: `-${long}` }],
        [`["${digits}","${long}"]`, [digits, long]],
        [`${' '.repeat(count)}${long}`, long],
      ]) {
        assert.deepEqual(await bodyOf(new Response(sent), false, MB), { json: read }, sent);
      }
    }
  });

  it('as text where it is not JSON', async () => {
    for (const text of ['<h1>502</h1>', '{"id":"1', 'eyJhbGciOi.eyJ.sig', 'NaN']) {
      for (const [which, reply] of Object.entries(repliesOf(bytes(text)))) {
        assert.deepEqual(await bodyOf(reply, false, MB), { text }, which);
      }
    }
  });

  it('as nothing where it is empty', async () => {
    for (const text of ['', '\r\n', '\uFEFF']) {
      for (const [which, reply] of Object.entries(repliesOf(bytes(text)))) {
        assert.equal(await bodyOf(reply, false, MB), undefined, which);
      }
    }
    assert.equal(await bodyOf(new Response(null, { status: 204 }), false, MB), undefined);
    assert.equal(await bodyOf({ status: 200, body: null }, false, MB), undefined);
  });

  it('from mocks that have text or json alone', async () => {
    const text = (text) => ({ text: async () => text });
    assert.deepEqual(await bodyOf(text('\uFEFF{"a":1}'), false, MB), { json: { a: 1 } });
    assert.deepEqual(await bodyOf(text('no'), false, MB), { text: 'no' });
    assert.equal(await bodyOf(text(''), false, MB), undefined);
    const parsed = { id: 'x' };
    assert.equal((await bodyOf({ json: async () => parsed }, false, MB)).json, parsed);
    assert.equal(await bodyOf({ json: async () => undefined }, false, MB), undefined);
    assert.deepEqual(await bodyOf(text('ü'), true, MB), bytes('ü'));
  });

  it('as octets, whatever they are', async () => {
    const octets = Uint8Array.from({ length: 300 }, (_, at) => at);
    for (const [which, reply] of Object.entries(repliesOf(octets))) {
      const read = await bodyOf(reply, true, MB);
      assert.ok(read instanceof Uint8Array, which);
      assert.deepEqual(read, octets, which);
    }
    assert.deepEqual(await bodyOf({}, true, MB), new Uint8Array());
  });

  describe('up to a limit', () => {
    const isTooLarge = (reason) => reason.tooLarge === true;

    it('that it may reach', async () => {
      for (const [which, reply] of Object.entries(repliesOf(bytes('"12345"')))) {
        assert.deepEqual(await bodyOf(reply, false, 7), { json: '12345' }, which);
      }
      assert.deepEqual(await bodyOf({ text: async () => '"12345"' }, false, 7), { json: '12345' });
    });

    for (const isFile of [false, true]) {
      it(`and not past it, as ${isFile ? 'octets' : 'JSON'}`, async () => {
        for (const reply of Object.values(repliesOf(bytes('"12345"')))) {
          await assert.rejects(bodyOf(reply, isFile, 6), isTooLarge);
        }
        await assert.rejects(bodyOf({ text: async () => '"12345"' }, isFile, 6), isTooLarge);
      });
    }

    it('and the rest is not waited for', async () => {
      let canceled = false;
      let pulls = 0;
      const endless = new ReadableStream({
        pull(controller) {
          pulls += 1;
          controller.enqueue(new Uint8Array(1024));
        },
        cancel() {
          canceled = true;
          return Promise.reject(new Error('No.'));
        },
      });
      await assert.rejects(bodyOf(new Response(endless), false, 10_000), isTooLarge);
      assert.ok(canceled);
      assert.ok(pulls < 20, `${pulls} chunks for ten`);
    });
  });

  it('and fails as the reply fails', async () => {
    const failure = new TypeError('terminated');
    const failing = new ReadableStream({ pull: (controller) => controller.error(failure) });
    for (const reply of [
      new Response(failing),
      { arrayBuffer: () => Promise.reject(failure) },
      {
        arrayBuffer: () => {
          throw failure;
        },
      },
      { text: () => Promise.reject(failure) },
      { json: () => Promise.reject(failure) },
      {
        get body() {
          throw failure;
        },
      },
    ]) {
      await assert.rejects(bodyOf(reply, false, MB), (reason) => reason === failure);
    }
    const read = new Response('{}');
    await read.text();
    await assert.rejects(bodyOf(read, false, MB), TypeError);
    const strings = new ReadableStream({ start: (controller) => controller.enqueue('text') });
    await assert.rejects(bodyOf({ body: strings }, false, MB), /not bytes/);
  });
});

/** A host, and what it told: by its number, what came of each task. */
async function hostOf(options) {
  const core = await withFakeCore();
  await core.newClient(options).orders.get('id');
  const { host } = core.instances[0].clients[0];
  const told = new Map();
  let heard = () => {};
  host.start((id, ...news) => {
    // Which events are heard, told again and again.
    if (id === 0xffffffff) return;
    assert.ok(!told.has(id), 'nothing is told twice');
    told.set(id, news);
    heard();
  });
  /** What came of a task, as soon as it is told. */
  const of = async (id) => {
    while (!told.has(id)) await new Promise((resolve) => (heard = resolve));
    return told.get(id);
  };
  const sent = {
    method: 'GET',
    url: 'https://x',
    headers: 'a\nb\nc\nd e\n',
    payload: undefined,
    isFile: false,
    limit: MB,
  };
  const send = (given) => {
    const { method, url, headers, payload, isFile, limit } = { ...sent, ...given };
    host.send(host.fetch, 1, 2, method, url, headers, payload, isFile, limit);
  };
  return { core, host, told, of, send };
}

const [done, failed, tooLarge] = [0, 1, 2];

/** What `send` gives as headers. */
const pairs = [
  ['a', 'b'],
  ['c', 'd e'],
];

describe('a request is sent', () => {
  it('by the caller’s fetch, just as the core says it, and with care', async () => {
    const sent = [];
    const { send, of } = await hostOf({ fetch: async (...request) => sent.push(request) && new Response('{}') });
    send({ method: 'POST', payload: '{"a":1}' });
    await of(2);
    const [[url, { signal, headers, ...init }]] = sent;
    assert.equal(url, 'https://x');
    assert.deepEqual(init, {
      method: 'POST',
      body: '{"a":1}',
      redirect: 'error',
      credentials: 'omit',
      cache: 'no-store',
      referrerPolicy: 'no-referrer',
    });
    assert.equal(signal.aborted, false);
    assert.ok(headers instanceof Headers);
    assert.deepEqual([...headers], [...pairs]);
  });

  it('with pairs where there is no `Headers`', async () => {
    const { Headers } = globalThis;
    const sent = [];
    const { send, of } = await hostOf({ fetch: async (...request) => sent.push(request) && new Response('{}') });
    try {
      globalThis.Headers = undefined;
      send();
    } finally {
      globalThis.Headers = Headers;
    }
    await of(2);
    assert.deepEqual(sent[0][1].headers, pairs);
  });

  it('else by the global one, whichever it is by then', async () => {
    const { fetch } = globalThis;
    try {
      const { send, of } = await hostOf({});
      globalThis.fetch = async (url) => new Response(JSON.stringify(`${url} by a mock`));
      send();
      assert.deepEqual(await of(2), [done, 6, 'https://x by a mock']);
      globalThis.fetch = undefined;
      const none = await hostOf({});
      none.send();
      const [outcome, , reason] = await none.of(1);
      assert.ok(outcome === failed && reason instanceof TypeError);
      assert.match(reason.message, /pass the option `fetch`/);
    } finally {
      globalThis.fetch = fetch;
    }
  });

  it('in Deno over connections that were not used before, where something is changed', async () => {
    const { fetch } = globalThis;
    const made = [];
    const clientFor = async (method) => {
      const { send, of } = await hostOf({});
      let client;
      globalThis.fetch = async (_, init) => {
        client = init.client;
        return new Response('{}');
      };
      send({ method });
      await of(2);
      return client;
    };
    try {
      globalThis.Deno = { createHttpClient: (options) => made.push(options) && { isFresh: true } };
      for (const method of ['POST', 'PATCH', 'DELETE']) assert.deepEqual(await clientFor(method), { isFresh: true });
      assert.equal(await clientFor('GET'), undefined);
      for (const options of made) assert.deepEqual(options, { poolMaxIdlePerHost: 0 });
      assert.equal(made.length, 3);
      globalThis.Deno = {};
      assert.equal(await clientFor('POST'), undefined);
    } finally {
      globalThis.fetch = fetch;
      delete globalThis.Deno;
    }
  });

  it('and what fetch throws is told', async () => {
    const failure = new Error('No.');
    const { send, of, told } = await hostOf({
      fetch: () => {
        throw failure;
      },
    });
    send();
    assert.deepEqual(await of(1), [failed, 0, failure]);
    assert.ok(!told.has(2));
  });

  it('and the reply is told with its status, its headers line by line, and its body with its kind', async () => {
    const bodies = {
      '': [0, undefined],
      text: [1, 'text'],
      null: [3, null],
      true: [4, true],
      1.5: [5, 1.5],
      '"a"': [6, 'a'],
      '[1]': [7, [1]],
      '{"a":1}': [8, { a: 1 }],
    };
    for (const [text, body] of Object.entries(bodies)) {
      const headers = { 'X-A': 'b', 'x-c': 'd e' };
      const { send, of } = await hostOf({ fetch: async () => ({ status: 201, headers, text: async () => text }) });
      send();
      assert.deepEqual(await of(1), [done, 201, 'x-a\nb\nx-c\nd e\n']);
      assert.deepEqual(await of(2), [done, ...body], text);
    }
  });

  it('and read as octets where it is a file, and a success', async () => {
    for (const [isFile, status, expected] of [
      [true, 200, [done, 2, bytes('{}')]],
      [true, 404, [done, 8, {}]],
      [false, 200, [done, 8, {}]],
      [false, 500, [done, 8, {}]],
    ]) {
      const { send, of } = await hostOf({ fetch: async () => ({ status, text: async () => '{}' }) });
      send({ isFile });
      assert.deepEqual(await of(2), expected, `${isFile} ${status}`);
    }
  });

  it('and octets of another realm, as under jsdom, become those of this one', async () => {
    const foreign = runInNewContext('Uint8Array.of(0, 1, 2, 3).subarray(1, 3)');
    assert.ok(!(foreign instanceof Uint8Array));
    const chunks = [foreign];
    const read = async () => ({ done: chunks.length === 0, value: chunks.shift() });
    const { send, of } = await hostOf({ fetch: async () => ({ status: 200, body: { getReader: () => ({ read }) } }) });
    send({ isFile: true });
    assert.deepEqual(await of(2), [done, 2, Uint8Array.of(1, 2)]);
  });

  it('with a signal, unless the runtime refuses the one that it has', async () => {
    const { AbortController } = globalThis;
    const signalOf = async () => {
      const seen = [];
      const { send, of } = await hostOf({ fetch: async (_, init) => seen.push(init) && new Response('{}') });
      send();
      await of(2);
      return seen[0].signal;
    };
    assert.ok((await signalOf()) instanceof AbortSignal);
    try {
      // As in Vitest with jsdom, where `fetch` is Node's and this is not.
      globalThis.AbortController = class {
        signal = new EventTarget();
        abort() {}
      };
      assert.equal(await signalOf(), undefined);
    } finally {
      globalThis.AbortController = AbortController;
    }
  });

  it('and a body that fails or is too large is told as that', async () => {
    const failure = new Error('No.');
    for (const [reply, expected] of [
      [{ text: async () => 'x'.repeat(11) }, tooLarge],
      [{ text: () => Promise.reject(failure) }, failed],
      [{ text: () => Promise.reject({ tooLarge: true }) }, failed],
    ]) {
      const { send, of } = await hostOf({ fetch: async () => ({ status: 200, ...reply }) });
      send({ limit: 10 });
      const [outcome] = await of(2);
      assert.equal(outcome, expected);
    }
  });

  const ends = {
    'the core gives up its head': ({ host }) => host.cancel(1),
    'the core gives up its body': ({ host }) => host.cancel(2),
    'the core breaks': ({ core }) =>
      core.instances[0].enter(() => {
        throw new WebAssembly.RuntimeError('unreachable');
      }),
  };
  for (const [what, end] of Object.entries(ends)) {
    it(`and aborted when ${what}`, async () => {
      let signal;
      const fetch = (_, init) => {
        signal = init.signal;
        return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
      };
      const hosted = await hostOf({ fetch });
      hosted.send();
      assert.equal(signal.aborted, false);
      end(hosted);
      assert.equal(signal.aborted, true);
    });
  }

  it('and nothing is told of what was given up, though its number is used again', async () => {
    let reply;
    const fetch = () => new Promise((resolve) => (reply = resolve));
    const { host, send, of } = await hostOf({ fetch });
    send();
    host.cancel(1);
    host.cancel(2);
    host.sleep(1, 1);
    reply(new Response('{}'));
    assert.deepEqual(await of(1), [done, 0, undefined]);
  });
});

describe('a delay', () => {
  it('is told when it is over, and leaves no timer when it is given up', async () => {
    const { host, of, told } = await hostOf({});
    const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
    const before = timers();
    host.sleep(1, 60_000);
    host.sleep(2, 1);
    assert.deepEqual(await of(2), [done, 0, undefined]);
    host.cancel(1);
    assert.equal(timers(), before);
    assert.ok(!told.has(1));
  });
});

describe('a signal', () => {
  it('has one listener for all that wait, and none when they have left', async () => {
    const { host, told } = await hostOf({});
    const controller = new AbortController();
    const listeners = () => getEventListeners(controller.signal, 'abort').length;
    for (let id = 1; id <= 20; id += 1) host.listen(id, controller.signal);
    assert.equal(listeners(), 1);
    for (let id = 1; id <= 20; id += 1) host.cancel(id);
    assert.equal(listeners(), 0);
    host.listen(21, controller.signal);
    host.listen(22, controller.signal);
    controller.abort();
    assert.deepEqual(
      [...told],
      [
        [21, [done, 0, undefined]],
        [22, [done, 0, undefined]],
      ],
    );
    assert.equal(listeners(), 0);
    host.listen(23, controller.signal);
    assert.ok(told.has(23), 'one that is aborted tells at once');
  });

  it('that cannot be listened to is never told of', async () => {
    const { host, told } = await hostOf({});
    for (const [id, signal] of [
      {},
      {
        addEventListener() {
          throw new Error('No.');
        },
      },
    ].entries()) {
      host.listen(id, signal);
      host.cancel(id);
    }
    assert.equal(told.size, 0);
  });
});
