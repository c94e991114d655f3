import assert from 'node:assert/strict';
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
    ]) {
      assert.throws(() => headOf(none), /returned something that is not a response/);
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
        assert.deepEqual(await bodyOf(reply, 'json', MB), { json: expected }, which);
      }
    });
  }

  it('as text where it is not JSON', async () => {
    for (const text of ['<h1>502</h1>', '{"id":"1', 'eyJhbGciOi.eyJ.sig', 'NaN']) {
      for (const [which, reply] of Object.entries(repliesOf(bytes(text)))) {
        assert.deepEqual(await bodyOf(reply, 'json', MB), { text }, which);
      }
    }
  });

  it('as nothing where it is empty', async () => {
    for (const text of ['', '\r\n', '\uFEFF']) {
      for (const [which, reply] of Object.entries(repliesOf(bytes(text)))) {
        assert.equal(await bodyOf(reply, 'json', MB), undefined, which);
      }
    }
    assert.equal(await bodyOf(new Response(null, { status: 204 }), 'json', MB), undefined);
    assert.equal(await bodyOf({ status: 200, body: null }, 'json', MB), undefined);
  });

  it('from mocks that have text or json alone', async () => {
    const text = (text) => ({ text: async () => text });
    assert.deepEqual(await bodyOf(text('\uFEFF{"a":1}'), 'json', MB), { json: { a: 1 } });
    assert.deepEqual(await bodyOf(text('no'), 'json', MB), { text: 'no' });
    assert.equal(await bodyOf(text(''), 'json', MB), undefined);
    const parsed = { id: 'x' };
    assert.equal((await bodyOf({ json: async () => parsed }, 'json', MB)).json, parsed);
    assert.equal(await bodyOf({ json: async () => undefined }, 'json', MB), undefined);
    assert.deepEqual(await bodyOf(text('ü'), 'bytes', MB), bytes('ü'));
  });

  it('as octets, whatever they are', async () => {
    const octets = Uint8Array.from({ length: 300 }, (_, at) => at);
    for (const [which, reply] of Object.entries(repliesOf(octets))) {
      const read = await bodyOf(reply, 'bytes', MB);
      assert.ok(read instanceof Uint8Array, which);
      assert.deepEqual(read, octets, which);
    }
    assert.deepEqual(await bodyOf({}, 'bytes', MB), new Uint8Array());
  });

  it('to its end where nobody wants it', async () => {
    const reply = streaming('a', 'b');
    assert.equal(await bodyOf(reply, 'nothing', MB), undefined);
    assert.ok(reply.bodyUsed);
    assert.equal(await bodyOf({}, 'nothing', MB), undefined);
  });

  describe('up to a limit', () => {
    const isTooLarge = (reason) => reason.tooLarge === true;

    it('that it may reach', async () => {
      for (const [which, reply] of Object.entries(repliesOf(bytes('"12345"')))) {
        assert.deepEqual(await bodyOf(reply, 'json', 7), { json: '12345' }, which);
      }
      assert.deepEqual(await bodyOf({ text: async () => '"12345"' }, 'json', 7), { json: '12345' });
    });

    for (const form of ['json', 'bytes', 'nothing']) {
      it(`and not past it, as ${form}`, async () => {
        for (const reply of Object.values(repliesOf(bytes('"12345"')))) {
          await assert.rejects(bodyOf(reply, form, 6), isTooLarge);
        }
        await assert.rejects(bodyOf({ text: async () => '"12345"' }, form, 6), isTooLarge);
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
      await assert.rejects(bodyOf(new Response(endless), 'json', 10_000), isTooLarge);
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
      await assert.rejects(bodyOf(reply, 'json', MB), (reason) => reason === failure);
    }
    const read = new Response('{}');
    await read.text();
    await assert.rejects(bodyOf(read, 'json', MB), TypeError);
    const strings = new ReadableStream({ start: (controller) => controller.enqueue('text') });
    await assert.rejects(bodyOf({ body: strings }, 'json', MB), /not bytes/);
  });
});

describe('a request is sent', () => {
  /** What the core of a client with these options has of the world. */
  const hostOf = async (options) => {
    const core = await withFakeCore();
    await core.newClient(options).orders.get('id');
    return core.instances[0].clients[0].host;
  };

  it('by the caller’s fetch, just as the core says it', async () => {
    const sent = [];
    const response = {};
    const host = await hostOf({ fetch: async (...request) => sent.push(request) && response });
    const init = { method: 'GET' };
    assert.equal(await host.fetch('https://x', init), response);
    assert.deepEqual(sent, [['https://x', init]]);
    assert.equal(sent[0][1], init);
  });

  it('else by the global one, whichever it is by then', async () => {
    const host = await hostOf({});
    const { fetch } = globalThis;
    try {
      globalThis.fetch = async (url) => `${url} by a mock`;
      assert.equal(await host.fetch('https://x', {}), 'https://x by a mock');
      globalThis.fetch = undefined;
      await assert.rejects(host.fetch('https://x', {}), TypeError);
    } finally {
      globalThis.fetch = fetch;
    }
  });

  it('in Deno over connections that were not used before, where something is changed', async () => {
    const host = await hostOf({});
    const { fetch } = globalThis;
    const made = [];
    try {
      globalThis.fetch = async (_, init) => init;
      globalThis.Deno = { createHttpClient: (options) => made.push(options) && { isFresh: true } };
      for (const method of ['POST', 'PATCH', 'DELETE']) {
        assert.deepEqual(await host.fetch('https://x', { method }), { method, client: { isFresh: true } });
      }
      assert.deepEqual(await host.fetch('https://x', { method: 'GET' }), { method: 'GET' });
      assert.deepEqual(made, [{ poolMaxIdlePerHost: 0 }]);
      globalThis.Deno = {};
      assert.deepEqual(await host.fetch('https://x', { method: 'POST' }), { method: 'POST' });
    } finally {
      globalThis.fetch = fetch;
      delete globalThis.Deno;
    }
  });

  it('and what fetch throws is a rejection', async () => {
    const failure = new Error('No.');
    const host = await hostOf({
      fetch: () => {
        throw failure;
      },
    });
    await assert.rejects(host.fetch('https://x', {}), (reason) => reason === failure);
  });
});
