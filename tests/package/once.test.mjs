import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileStore } from '../../examples/stores/file-store.mjs';
import { installPackage } from './support/install.mjs';

const id = (number) => `3fa85f64-5717-4562-b3fc-${String(number).padStart(12, '0')}`;
const auth = { apiKey: 'the-api-key', token: 'the-token' };
const contacts = [{ id: id(2), contactTypes: [{ type: 'ORGANIZATION_CONTACT' }] }];
const wanted = (commonName) => ({
  organizationId: id(1),
  contacts,
  certType: 'SSL_OV_BASIC',
  locale: 'en',
  provider: 'DIGICERT',
  cert: { commonName, csr: 'X' },
});
const json = (status, body) => new Response(body === undefined ? null : JSON.stringify(body), { status });

const withResolvers = () => {
  let resolve;
  const promise = new Promise((done) => {
    resolve = done;
  });
  return { promise, resolve };
};

describe('what is made once', () => {
  let api;
  let project;
  let folder;
  before(async () => {
    project = await installPackage();
    api = await project.import();
    folder = await mkdtemp(join(tmpdir(), 'store-'));
  });
  after(async () => {
    await project?.remove();
    if (folder) await rm(folder, { recursive: true });
  });

  /** A service that places orders and lists them; what it answers to a POST is the test's. */
  const service = (answer = (order) => json(202, order)) => {
    const orders = [];
    const fetch = async (url, init) => {
      const path = new URL(url).pathname;
      if (init.method === 'POST') {
        const order = { ...JSON.parse(init.body), id: id(10 + orders.length), status: 'CREATED' };
        orders.push(order);
        return answer(order);
      }
      if (path.endsWith('/order')) return json(200, { content: orders, page: { totalPages: 1 } });
      const order = orders.find(({ id }) => path.includes(id));
      return order ? json(200, order) : json(404, {});
    };
    return { fetch, orders };
  };
  const clientOf = (fetch, options) => new api.CertsClient({ auth, fetch, rateLimit: false, ...options });

  it('gives a lock back that a store grants when the call is over', async () => {
    const [asked, granted, released] = [withResolvers(), withResolvers(), withResolvers()];
    const store = {
      ...api.createMemoryStore(),
      async lock() {
        asked.resolve();
        await granted.promise;
        return { release: async () => released.resolve() };
      },
    };
    const { fetch, orders } = service();
    const controller = new AbortController();
    const call = clientOf(fetch, { store }).orders.createOnce(wanted('late.example.com'), {
      check: false,
      signal: controller.signal,
    });
    await asked.promise;
    controller.abort();
    await assert.rejects(call, { name: 'AbortError' });
    granted.resolve();
    await released.promise;
    assert.deepEqual(orders, []);
  });
  const withoutCheck = { check: false };

  const failures = {
    'connect ECONNREFUSED': [{ code: 'ECONNREFUSED', syscall: 'connect' }, true],
    'getaddrinfo ENOTFOUND': [{ code: 'ENOTFOUND', syscall: 'getaddrinfo' }, true],
    'connect EHOSTUNREACH, of every address': [
      { code: 'EHOSTUNREACH', errors: [{ syscall: 'connect' }, { syscall: 'connect' }] },
      true,
    ],
    'the time for connecting': [{ code: 'UND_ERR_CONNECT_TIMEOUT' }, true],
    'a certificate that is not trusted': [{ code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' }, true],
    'a certificate that has ended': [{ code: 'CERT_HAS_EXPIRED' }, true],
    'a certificate of another host': [{ code: 'ERR_TLS_CERT_ALTNAME_INVALID' }, true],
    'read EHOSTUNREACH': [{ code: 'EHOSTUNREACH', syscall: 'read' }, false],
    'write ENETUNREACH': [{ code: 'ENETUNREACH', syscall: 'write' }, false],
    'read ECONNREFUSED': [{ code: 'ECONNREFUSED', syscall: 'read' }, false],
    'ECONNREFUSED of nobody knows what': [{ code: 'ECONNREFUSED' }, false],
    'connect and read': [{ errors: [{ syscall: 'connect' }, { syscall: 'read' }] }, false],
  };
  for (const [what, [cause, isUnsent]] of Object.entries(failures)) {
    it(`is ${isUnsent ? 'sent again' : 'not sent again'} after ${what}`, async () => {
      let sent = 0;
      const fetch = async () => {
        sent += 1;
        throw Object.assign(new TypeError('fetch failed'), { cause });
      };
      const error = await clientOf(fetch, { maxRetries: 1 })
        .orders.create(wanted('a.example'), withoutCheck)
        .catch((reason) => reason);
      assert.deepEqual([sent, error.mayHaveBeenApplied], [isUnsent ? 2 : 1, !isUnsent]);
    });
  }

  for (const body of ['', '<html>', '[]']) {
    it(`is said to be perhaps applied when the reply is ${JSON.stringify(body)}`, async () => {
      const client = clientOf(async () => new Response(body, { status: 202 }));
      const call = client.orders.create(wanted('a.example'), withoutCheck);
      await assert.rejects(call, { name: 'DecodeError', mayHaveBeenApplied: true });
    });
  }

  it('is one order for two clients of one process', async () => {
    const { fetch, orders } = service();
    const both = [clientOf(fetch), clientOf(fetch)].map((client) =>
      client.orders.placeOnce(wanted('two.example'), withoutCheck),
    );
    const kinds = (await Promise.all(both)).map(({ kind }) => kind);
    assert.deepEqual(kinds.toSorted(), ['givenBack', 'placed']);
    assert.equal(orders.length, 1);
    assert.match(orders[0].comments, /^\[mmc once=[0-9a-f]{16}\]$/);
  });

  it('is one order across processes that share a store of files', async () => {
    const { fetch, orders } = service();
    const options = { ...withoutCheck, onceId: 'of files' };
    const clients = [1, 2, 3].map(() => clientOf(fetch, { store: fileStore(folder) }));
    const made = await Promise.all(
      clients.map((client) => client.orders.create(wanted('files.example'), options).catch((error) => error)),
    );
    assert.equal(orders.length, 1);
    const [again] = [
      await clientOf(fetch, { store: fileStore(folder) }).orders.create(wanted('files.example'), options),
    ];
    assert.equal(again.id, orders[0].id);
    for (const one of made) assert.ok(one.id === orders[0].id || one.mayHaveBeenApplied);
    assert.equal(orders.length, 1);
  });

  it('is not kept from others by a store that did not answer once', async () => {
    const { fetch, orders } = service();
    const store = api.createMemoryStore();
    const answer = withResolvers();
    const released = withResolvers();
    const lock = async (...args) => {
      await answer.promise;
      const lease = await store.lock(...args);
      return { release: async () => released.resolve(await lease.release()) };
    };
    const late = clientOf(fetch, { store: { get: store.get, set: store.set, update: store.update, lock } });
    await assert.rejects(late.orders.createOnce(wanted('late.example'), withoutCheck), { code: 'store_failed' });
    const other = clientOf(fetch, { store: api.createMemoryStore(), totalTimeout: 20_000 });
    assert.ok((await other.orders.createOnce(wanted('late.example'), withoutCheck)).id);
    answer.resolve();
    await released.promise;
    assert.equal(orders.length, 1);
  });

  it('is not changed by a store that asks what to write when nobody waits any more', async () => {
    const { fetch, orders } = service();
    const store = api.createMemoryStore();
    const asked = [];
    const update = (key, replace, ...more) => {
      asked.push(replace);
      return store.update(key, replace, ...more);
    };
    const client = clientOf(fetch, { store: { get: store.get, set: store.set, lock: store.lock, update } });
    await client.orders.createOnce(wanted('asked-late.example'), withoutCheck);
    const reply = withResolvers();
    const underWay = clientOf(() => reply.promise).orders.get(id(10));
    for (const replace of asked) assert.equal(replace('as it was'), 'as it was');
    reply.resolve(json(200, { id: id(10) }));
    assert.equal((await underWay).id, id(10));
    await client.orders.createOnce(wanted('asked-late.example'), withoutCheck);
    assert.equal(orders.length, 1);
    assert.ok(asked.length > 0);
  });

  it('is nothing when the store fails, and the error says with what', async () => {
    const { fetch, orders } = service();
    const fails = async () => {
      throw new Error('the disk is full');
    };
    const store = { get: fails, set: fails, update: fails, lock: fails };
    const error = await clientOf(fetch, { store })
      .orders.createOnce(wanted('full.example'), withoutCheck)
      .catch((reason) => reason);
    assert.deepEqual(
      [error.code, error.cause.message, error.mayHaveBeenApplied],
      ['store_failed', 'the disk is full', false],
    );
    assert.equal(orders.length, 0);
    await assert.rejects(clientOf(fetch, { store: {} }).orders.list(), { code: 'invalid' });
  });

  // To take what such a store gives for nothing would forget what was placed, or wait for ever.
  for (const [method, given] of Object.entries({
    lock: [{}, true, 'held', { release: true }],
    get: [{ of: 'x' }, 7, true, ['x']],
    update: [{ of: 'x' }, 7, true],
  })) {
    for (const odd of given) {
      it(`is nothing when the store's ${method} gives ${JSON.stringify(odd)}`, async () => {
        const { fetch, orders } = service();
        const kept = [];
        const store = {
          lock: async () => (method === 'lock' ? odd : { release() {} }),
          get: async () => (method === 'get' ? odd : undefined),
          set: async (_, value) => kept.push(value),
          update: async (_, replace) => kept.push(replace(method === 'update' ? odd : undefined)),
        };
        const error = await clientOf(fetch, { store })
          .orders.createOnce(wanted('odd.example'), { ...withoutCheck, onceId: 'odd' })
          .catch((reason) => reason);
        assert.deepEqual([error.code, error.mayHaveBeenApplied], ['store_failed', false]);
        assert.match(error.cause.message, new RegExp(`\`${method}\` of the store must give`));
        assert.equal(orders.length, 0);
        assert.ok(
          kept.every((value) => value === odd),
          'what is not ours stays as it is',
        );
      });
    }
  }
});
