import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { withFakeCore } from './support/fake-core.mjs';

const id = '1c7d2a0e-6a5f-4f7e-9a51-0d9b7a6f2a10';
const thing = { name: 'thing' };

describe('a preview', () => {
  let core;
  let behaviour;
  let client;
  before(async () => {
    behaviour = {};
    core = await withFakeCore(behaviour);
    client = core.newClient();
  });

  const calls = {
    'a call': [(it) => it.orders.get(id), { operation: 'orders.get', path: { id } }],
    'a list': [(it) => it.orders.list({ size: 5 }), { operation: 'orders.list', query: { size: 5 } }],
    'all of a list': [
      (it) => it.orders.list({ size: 5 }).toArray(),
      { operation: 'orders.list', query: { size: 5, page: 0 } },
    ],
    'a list from its third page': [
      (it) => it.orders.list({ page: 2 }).toArray(),
      { operation: 'orders.list', query: { page: 2 } },
    ],
    'a list of history': [
      (it) => it.orders.history.list(id).toArray(),
      { operation: 'orders.history.list', path: { id }, query: { page: 0 } },
    ],
    'an order': [(it) => it.orders.create(thing), { operation: 'orders.create', body: thing }],
    'a renewal': [(it) => it.orders.renewal({ contacts: [id] }, thing), { operation: 'contacts.get', path: { id } }],
    'an order, once': [(it) => it.orders.createOnce(thing), { operation: 'orders.create', body: thing }],
    'a wait': [(it) => it.orders.waitUntil(id, 'issued'), { operation: 'orders.get', path: { id } }],
    'a wait for an order in hand': [
      (it) => it.orders.waitUntil({ id }, 'issued'),
      { operation: 'orders.get', path: { id } },
    ],
    'a wait for many': [(it) => it.orders.waitUntilAll([id], 'issued').next(), { operation: 'orders.list' }],
    'a watch': [(it) => it.orders.watch(id).next(), { operation: 'orders.get', path: { id } }],
    'a wait for an organization': [
      (it) => it.organizations.waitUntilValidated(id),
      { operation: 'organizations.get', path: { id } },
    ],
    'what ends soon': [
      (it) => it.orders.expiring({ withinDays: 5, filter: thing }),
      { operation: 'orders.list', query: { ...thing, statuses: ['DIGI_ISSUED'], page: 0 } },
    ],
    'what ends soon of given statuses': [
      (it) => it.orders.expiring({ withinDays: 5, filter: { statuses: ['X'] } }),
      { operation: 'orders.list', query: { statuses: ['X'], page: 0 } },
    ],
    'which validations end soon': [
      (it) => it.organizations.expiring({ withinDays: 5 }),
      { operation: 'organizations.list', query: { page: 0 } },
    ],
    'a call of a derived client': [
      (it) => it.withOptions({ timeout: 5 }).orders.get(id),
      { operation: 'orders.get', path: { id } },
    ],
    'a call without a name': [
      (it) => it.request({ method: 'GET', path: '/x' }),
      { operation: 'request', request: { method: 'GET', path: '/x' } },
    ],
    'the first of two calls': [
      async (it) => {
        await it.orders.get(id);
        await it.orders.prices();
      },
      { operation: 'orders.get', path: { id } },
    ],
  };
  for (const [what, [call, expected]] of Object.entries(calls)) {
    it(`shows ${what}, and sends nothing`, async () => {
      core.asked.length = 0;
      const prepared = { method: 'GET', url: what, headers: {} };
      behaviour.prepare = () => prepared;
      assert.equal(await client.preview(call), prepared);
      assert.deepEqual(
        core.asked.filter(([name]) => name === 'prepare'),
        [['prepare', expected]],
      );
      const others = core.asked
        .map(([name]) => name)
        .filter((name) => !['prepare', 'checkOrder', 'withOptions'].includes(name));
      assert.deepEqual(
        others.filter((name) => name !== 'Client'),
        [],
      );
    });
  }

  it('fails as the call would', async () => {
    behaviour.prepare = () => {
      throw { type: 'ValidationError', code: 'invalid', message: 'No.', findings: [] };
    };
    await assert.rejects(
      client.preview((it) => it.orders.get('no id')),
      core.ValidationError,
    );
    behaviour.checkOrder = () => [{ severity: 'error', code: 'required', message: 'No.' }];
    await assert.rejects(
      client.preview((it) => it.orders.create(thing)),
      core.ValidationError,
    );
  });

  it('of no call, of a token, or of a function that throws fails', async () => {
    await assert.rejects(
      client.preview(async () => {}),
      /made no call/,
    );
    for (const call of ['authenticate', 'refresh', 'get']) {
      await assert.rejects(
        client.preview((it) => it.tokens[call]()),
        /nothing to preview/,
      );
    }
    for (const derive of [(it) => it, (it) => it.withOptions({ timeout: 5 })]) {
      core.asked.length = 0;
      await assert.rejects(
        client.preview((it) => derive(it).diagnose()),
        /nothing to preview/,
      );
      assert.deepEqual(
        core.asked.filter(([name]) => name !== 'withOptions'),
        [],
      );
    }
    const reason = new Error('mine');
    await assert.rejects(
      client.preview(() => {
        throw reason;
      }),
      (error) => error === reason,
    );
  });

  it('of a call that lacks its argument is left to the core', async () => {
    behaviour.prepare = (call) => ({ call });
    for (const missing of [undefined, null]) {
      const renewal = await client.preview((it) => it.orders.renewal(missing, { csr: 'x' }));
      assert.deepEqual(renewal.call, { operation: 'contacts.get', path: { id: undefined } });
      const expiring = await client.preview((it) => it.organizations.expiring(missing));
      assert.deepEqual(expiring.call, { operation: 'organizations.list', query: { page: 0 } });
    }
  });

  it('changes nothing of its client', async () => {
    core.asked.length = 0;
    behaviour.prepare = () => ({});
    await client.preview((it) => {
      it.rateLimit.pause();
      it.tokens.clear();
      it.close();
      assert.deepEqual(it.rateLimit.state, { limit: 100 });
      return it.orders.get(id);
    });
    const names = core.asked.map(([name]) => name);
    for (const name of ['pause', 'clearToken', 'close', 'call']) assert.ok(!names.includes(name), name);
    await client.orders.get(id);
    assert.ok(!core.asked.some(([name]) => name === 'close'));
  });
});
