/** What the memory of the wasm holds once a client is done: no key, no password, no token. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { installPackage } from './support/install.mjs';

const id = '123e4567-e89b-12d3-a456-426614174000';
const secrets = { apiKey: 'CANARY-key-51d0c8', password: 'CANARY-pass-"é-90c2aa', token: 'CANARY.token.4e5f77' };
const json = (status, body) =>
  new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json' } });

/** Each secret as text, as JSON spells it, percent-encoded, in base64 and in UTF-16. */
const spellings = (secret) => [
  Buffer.from(secret),
  Buffer.from(JSON.stringify(secret).slice(1, -1)),
  Buffer.from(encodeURIComponent(secret)),
  Buffer.from(Buffer.from(secret).toString('base64').replace(/=+$/, '')),
  Buffer.from(secret, 'utf16le'),
];

describe('the memory of the wasm', () => {
  let project;
  let api;
  const memories = [];
  const { instantiate } = WebAssembly;
  before(async () => {
    WebAssembly.instantiate = async (...given) => {
      const made = await instantiate.apply(WebAssembly, given);
      memories.push((made.instance ?? made).exports.memory);
      return made;
    };
    project = await installPackage();
    api = await project.import();
    await api.init();
    assert.ok(memories.length > 0 && memories.every((memory) => memory instanceof WebAssembly.Memory));
  });
  after(() => {
    WebAssembly.instantiate = instantiate;
    return project?.remove();
  });

  function found(names = Object.keys(secrets)) {
    const bytes = memories.map((memory) => Buffer.from(memory.buffer));
    return names.filter((name) => spellings(secrets[name]).some((it) => bytes.some((memory) => memory.includes(it))));
  }

  /** A service that replies to each path as it is told to, and to a login with a token. */
  const served = (answer) => async (url, init) =>
    url.includes('/auth/') ? json(200, { token: secrets.token, expiresIn: 5400 }) : answer(url, init);

  const clientOf = (answer, more = {}) => {
    const { apiKey, password } = secrets;
    const auth = { apiKey, username: 'somebody', password };
    return new api.CertsClient({ auth, fetch: served(answer), maxRetries: 0, ...more });
  };

  /** What a client may have gone through before it is closed. */
  const lives = {
    'one call': async (client) => client.orders.get(id),
    'a login, a refresh and the token in hand': async (client) => {
      await client.tokens.authenticate();
      await client.tokens.refresh();
      assert.equal(await client.tokens.get(), secrets.token);
    },
    'a client of it': async (client) => client.withOptions({ maxRetries: 1 }).orders.get(id),
    'a token that was cleared': async (client) => {
      await client.orders.get(id);
      client.tokens.clear();
    },
    'a preview': async (client) =>
      client.preview((it) => it.request({ method: 'POST', path: '/order', body: { note: secrets.password } })),
    'an error that echoes everything': async (client) => {
      const echo = (_, { headers, body }) => json(400, { errors: [{ code: 'X', message: `${[...headers]} ${body}` }] });
      const other = client.withOptions({ fetch: served(echo) });
      await assert.rejects(other.orders.cancel(id), api.BadRequestError);
    },
    'a list that is left in the middle': async (client) => {
      for await (const _ of client.orders.list()) break;
    },
    'a call that is aborted': async (client) => {
      const controller = new AbortController();
      const call = client.orders.get(id, { signal: controller.signal });
      controller.abort();
      await assert.rejects(call);
    },
  };

  for (const [what, live] of Object.entries(lives)) {
    it(`is clean after ${what} and close()`, async () => {
      const client = clientOf((url) =>
        json(200, new URL(url).pathname.endsWith('/order') ? page : { id, status: 'CREATED' }),
      );
      await live(client);
      assert.notDeepEqual(found(), [], 'The search finds nothing, not even while the client is open.');
      client.close();
      await setImmediate();
      assert.deepEqual(found(), []);
      await assert.rejects(client.orders.get(id), { code: 'closed' });
    });
  }
  const page = { content: [{ id, status: 'CREATED' }], page: { size: 1, number: 0, totalPages: 1, totalElements: 1 } };

  it('holds what a call under way needs, until it ends', async () => {
    let answer;
    const client = clientOf(() => new Promise((resolve) => (answer = () => resolve(json(200, { id })))));
    const call = client.orders.get(id);
    while (!answer) await setImmediate();
    client.close();
    answer();
    assert.equal((await call).id, id);
    await setImmediate();
    assert.deepEqual(found(), []);
  });

  it('holds no key that a function gave', async () => {
    const { apiKey, password } = secrets;
    const auth = { apiKey: async () => apiKey, username: 'somebody', password: () => password };
    const client = new api.CertsClient({ auth, fetch: served(() => json(200, { id })) });
    await client.orders.get(id);
    client.close();
    await setImmediate();
    assert.deepEqual(found(), []);
  });
});
