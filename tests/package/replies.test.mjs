import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { installPackage } from './support/install.mjs';

const id = '123e4567-e89b-12d3-a456-426614174000';
const auth = { apiKey: 'the-api-key', token: 'the-token' };
const MB = 1024 * 1024;

describe('a reply', () => {
  let project;
  let api;
  before(async () => {
    project = await installPackage();
    api = await project.import();
  });
  after(() => project?.remove());
  const answering = (body, init, options) =>
    new api.CertsClient({ auth, fetch: async () => new Response(body, init), rateLimit: false, ...options });

  const bodies = {
    'a byte order mark': new TextEncoder().encode('\uFEFF{"id":"x"}'),
    'lone surrogates': '{"id":"\\ud800","text":"\\udfff"}',
    'octets that are not UTF-8': Uint8Array.of(0x7b, 0x22, 0x69, 0x64, 0x22, 0x3a, 0x22, 0xfc, 0x22, 0x7d),
    'values of other types than are known': '{"id":5,"status":{"a":[1]},"contacts":"x","cert":[],"price":1e400}',
    'numbers that no integer of Rust can hold': '{"id":"x","providerId":1e300,"price":{"totalPrice":-0}}',
    'names that mean something in JavaScript': '{"id":"x","__proto__":{"a":1},"constructor":2,"toString":3,"then":4}',
  };
  for (const [what, body] of Object.entries(bodies)) {
    it(`reaches the caller as Response.json() reads it: ${what}`, async () => {
      assert.deepEqual(await answering(body).orders.get(id), await new Response(body).json());
    });
  }

  it('has every item whose id JavaScript cannot hold as a number', async () => {
    const ids = ['9007199254740992', '9007199254740993'];
    const orders = await answering(`[${ids.map((id) => `{"id":${id}}`)}]`)
      .orders.list()
      .toArray();
    assert.deepEqual(
      orders.map(({ id }) => id),
      ids,
    );
  });

  it('that is a page reaches the caller in the service’s own objects', async () => {
    let sent;
    const fetch = async () => {
      sent = {
        content: [{ id }, { id: 'x', deep: { odd: [null] } }],
        page: { size: 2, totalElements: 2, totalPages: 1, number: 0 },
      };
      return { status: 200, headers: {}, json: async () => sent };
    };
    const client = new api.CertsClient({ auth, fetch, rateLimit: false });
    const page = await client.orders.list();
    assert.deepEqual(page, sent);
    for (const [index, order] of page.content.entries()) assert.equal(order, sent.content[index]);
  });

  it('with an error behind a byte order mark says what is wrong', async () => {
    const body = '\uFEFF{"errors":[{"code":"x","message":"the reason"}]}';
    await assert.rejects(answering(body, { status: 400 }).orders.get(id), (error) => {
      assert.deepEqual(error.problems, [{ code: 'x', message: 'the reason' }]);
      return true;
    });
  });

  const misbehaving = {
    'entries that yield nothing': { entries: () => null },
    'entries that throw': {
      entries: () => {
        throw new Error('no');
      },
    },
  };
  for (const [what, headers] of Object.entries(misbehaving)) {
    it(`whose headers misbehave fails its call, and no other: ${what}`, async () => {
      let poison = true;
      const fetch = async () => (poison ? { status: 200, headers } : new Response('{"id":"x"}'));
      const rateLimit = { limit: 5, windowMs: 20, slackMs: 0, scope: 'client' };
      const client = new api.CertsClient({ auth, fetch, maxRetries: 0, rateLimit });
      for (let call = 0; call < 5; call += 1) await assert.rejects(client.orders.get(id), api.ConnectionError);
      poison = false;
      assert.deepEqual(await client.orders.get(id), { id: 'x' });
      assert.equal(client.rateLimit.state.inFlight, 0);
    });
  }

  it('that is not a reply fails its call', async () => {
    for (const none of [undefined, null, 'text', {}]) {
      const client = new api.CertsClient({ auth, fetch: async () => none, maxRetries: 0, rateLimit: false });
      await assert.rejects(client.orders.get(id), api.ConnectionError);
    }
  });

  it('whose JSON is none, as only a mock makes it, fails its call', async () => {
    for (const none of [() => ({ id }), Symbol('id'), 5n, { toJSON() {} }]) {
      const fetch = async () => ({ status: 200, headers: {}, json: async () => none });
      const client = new api.CertsClient({ auth, fetch, maxRetries: 0, rateLimit: false });
      await assert.rejects(client.orders.list().then(), api.DecodeError);
    }
  });

  describe('of 40 MB, which are 39 KB on the wire', () => {
    let server;
    let options;
    before(async () => {
      const zipped = gzipSync(`[${'0,'.repeat(20_000_000)}0]`);
      const head = { 'content-type': 'application/json', 'content-encoding': 'gzip' };
      server = createServer((_, response) => response.writeHead(200, head).end(zipped));
      await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
      const origin = `http://127.0.0.1:${server.address().port}`;
      options = { auth, certsBaseUrl: `${origin}/certs/v1`, authBaseUrl: `${origin}/auth/v1`, rateLimit: false };
    });
    after(() => server?.close());

    it('is read', async () => {
      assert.equal((await new api.CertsClient(options).orders.prices()).length, 20_000_001);
    });

    it('is refused while it is read where the limit is 32 MB, and says so', async () => {
      const client = new api.CertsClient({ ...options, maxReplyBytes: 32 * MB });
      await assert.rejects(client.orders.prices(), (error) => {
        assert.ok(error instanceof api.DecodeError);
        assert.equal(error.code, 'reply_too_large');
        assert.match(error.message, /maxReplyBytes/);
        return true;
      });
      await assert.rejects(client.orders.download(id, 'p7b'), { code: 'reply_too_large' });
      assert.equal((await client.withOptions({ maxReplyBytes: 48 * MB }).orders.prices()).length, 20_000_001);
    });
  });
});
