import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { inspect } from 'node:util';
import { operations } from '../../tools/lib/operations.mjs';
import { described } from '../../tools/types/description.mjs';
import { answered, cursorOver, withFakeCore } from './support/fake-core.mjs';

const id = '1c7d2a0e-6a5f-4f7e-9a51-0d9b7a6f2a10';
const historyId = '2c7d2a0e-6a5f-4f7e-9a51-0d9b7a6f2a10';
const order = { id, status: 'DIGI_ISSUED' };
const changes = { cert: { dnsNames: ['www.example.com'] } };
const thing = { name: 'thing' };

/**
 * What a method is called with, and what it asks the core for: ids, then the body or the page. Where a body has no schema
 * of its own and one field, the method takes the field.
 */
const usual = ({ operation, path, reply }) => {
  const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
  const ids = Object.fromEntries(names.map((name) => [name, { id, historyId }[name]]));
  const body = bodyOf(operation);
  const rest = body ? { body: body.sent } : reply.page ? { query: { size: 5 } } : {};
  const args = [...Object.values(ids), ...(body ? [body.given] : Object.values(rest))];
  return [(client) => methodOf(client, operation)(...args), { ...(names.length > 0 && { path: ids }), ...rest }];
};

/** What a method is given for its body, and what it makes of it. */
const bodyOf = (name) => {
  const { operation } = described.find(({ operation }) => operation.operationId === name);
  const schema = operation.requestBody?.content?.['application/json'].schema;
  const [field, ...more] = Object.keys(schema?.properties ?? {});
  if (field && more.length === 0) return { given: ['a.example'], sent: { [field]: ['a.example'] } };
  return schema && { given: thing, sent: thing };
};

/** `orders.get` → the method of that name. */
const methodOf = (client, operation) => {
  const names = operation.split('.');
  const method = names.pop();
  const resource = names.reduce((object, name) => object?.[name], client);
  assert.equal(typeof resource?.[method], 'function', `there is no client.${operation}`);
  return (...args) => resource[method](...args);
};

/** What the methods ask for whose arguments are others. */
const unusual = {
  'orders.download': [(client) => client.orders.download(id, 'p7b'), { path: { id }, query: { format: 'p7b' } }],
  'orders.revoke': [(client) => client.orders.revoke(id, { permanent: true }), { path: { id } }],
};

// The token's own calls are methods of the core.
const rows = (await operations()).filter(({ operation }) => !operation.startsWith('tokens.'));

describe('a method asks the core for', () => {
  let core;
  let behaviour;
  let client;
  before(async () => {
    behaviour = {};
    core = await withFakeCore(behaviour);
    client = core.newClient();
  });
  const lastAsked = (name) => core.asked.findLast(([asked]) => asked === name).slice(1);
  /** The same of what is iterated, which has a signal of its own. */
  const lastIterated = (name) => {
    const args = lastAsked(name);
    const { signal, ...options } = args.pop();
    assert.ok(signal instanceof AbortSignal);
    return [...args, options];
  };

  for (const row of rows) {
    const { operation } = row;
    it(operation, async () => {
      const [call, expected] = unusual[operation] ?? usual(row);
      await call(client);
      assert.deepEqual(lastAsked('call')[0], { operation, ...expected });
    });
  }

  it('an action on an order that is in hand, which goes along', async () => {
    await client.orders.cancel(order);
    assert.deepEqual(lastAsked('call')[0], { operation: 'orders.cancel', path: { id }, known: order });
    await client.orders.revoke(order, { permanent: true });
    assert.deepEqual(lastAsked('call')[0], { operation: 'orders.revoke', path: { id }, known: order });
    await client.orders.reissue(order, changes);
    const reissue = { operation: 'orders.reissue', path: { id }, body: changes, known: order };
    assert.deepEqual(lastAsked('call')[0], reissue);
  });

  it('the page of a list that is given by what it belongs to', async () => {
    await client.orders.history.list(order, { text: 'x' });
    assert.deepEqual(lastAsked('call')[0], { operation: 'orders.history.list', path: { id }, query: { text: 'x' } });
    await client.orders.history.list(order);
    assert.deepEqual(lastAsked('call')[0], { operation: 'orders.history.list', path: { id }, query: {} });
    await client.orders.history.get(order, historyId);
    assert.deepEqual(lastAsked('call')[0], { operation: 'orders.history.get', path: { id, historyId } });
  });

  it('what the caller sends in place of a body that is a guess', async () => {
    const body = { names: ['example.com'] };
    for (const call of [
      () => client.orders.validateDomains(id, [], { body }),
      () => client.orders.updateAdditionalEmails(id, [], { body }),
      () => client.orders.sendDcvEmail(id, { body }),
      () => client.orders.sendCertificateEmail(id, { body }),
      () => client.certs.parse([], { body }),
    ]) {
      await call();
      assert.deepEqual(lastAsked('call')[0].body, body);
      assert.deepEqual(lastAsked('call')[1], {}, 'the body is not an option of the call');
    }
  });

  it('a request without a name, whole', async () => {
    const request = { service: 'auth', method: 'GET', path: '/group', qurey: {} };
    await client.request(request, { timeout: 5 });
    assert.deepEqual(lastAsked('call'), [{ operation: 'request', request }, { timeout: 5 }]);
  });

  it('what the options of a call say, whatever they are: the core judges them', async () => {
    const options = { timeout: 1, priorty: 'high', signal: new AbortController().signal };
    await client.orders.get(id, options);
    assert.equal(lastAsked('call')[1], options);
    await client.orders.list({ stauts: ['x'], validUntil: new Date(0) }, options);
    assert.deepEqual(lastAsked('call')[0].query, { stauts: ['x'], validUntil: new Date(0) });
  });

  it('pages, one after the other, until nobody wants more', async () => {
    let freed = 0;
    behaviour.pages = () => ({
      ...cursorOver([answered({ content: [1, 2] }), answered({ content: [3, 4] }), answered({ content: [5] })]),
      free: () => {
        freed += 1;
      },
    });
    const list = client.orders.list({ size: 2 }, { timeout: 9 });
    assert.deepEqual(await list.toArray(), [1, 2, 3, 4, 5]);
    assert.deepEqual(lastIterated('pages'), [{ operation: 'orders.list', query: { size: 2 } }, { timeout: 9 }]);
    assert.deepEqual(await list.toArray({ limit: 3 }), [1, 2, 3]);
    const sizes = [];
    for await (const { content } of list.pages()) sizes.push(content.length);
    assert.deepEqual(sizes, [2, 2, 1]);
    assert.equal(freed, 3);
  });

  it('waiting', async () => {
    const options = { maxWait: 5 };
    await client.orders.waitUntil(order, 'issued', options);
    assert.deepEqual(lastAsked('waitForOrder'), [order, 'issued', options]);
    await client.organizations.waitUntilValidated({ id }, { type: 'EV' });
    assert.deepEqual(lastAsked('waitForOrganization'), [id, { type: 'EV' }]);
    await client.orders.watch(order, options).next();
    assert.deepEqual(lastIterated('watchOrder'), [id, options]);
    await client.orders.waitUntilAll([id, order], 'reissued', options).next();
    assert.deepEqual(lastIterated('waitForOrders'), [[id, order], 'reissued', options]);
    const expiring = { withinDays: 30, filter: { validUntil: new Date(0) } };
    for (const what of ['orders', 'organizations']) {
      await client[what].expiring(expiring);
      assert.deepEqual(lastAsked('expiring'), [what, expiring]);
    }
  });

  it('the error of an order that did not settle as it should, as an error', async () => {
    const error = { type: 'WaitError', code: 'wait_failed', message: 'No.', reason: 'failed' };
    behaviour.waitForOrders = () => cursorOver([{ id, error }]);
    const { value } = await client.orders.waitUntilAll([id], 'issued').next();
    assert.ok(value.error instanceof core.WaitError);
    assert.equal(value.error.reason, 'failed');
  });

  it('why a look failed, as an error inside the error, which is short in a log', async () => {
    const cause = { type: 'ConnectionError', code: 'connection', message: 'No reply.', mayHaveBeenApplied: false };
    const last = { id, status: 'DIGI_PENDING', cert: { endEntityCert: 'PEM'.repeat(4_000) } };
    const error = { type: 'WaitError', code: 'wait_timeout', message: 'Not in time.', reason: 'timeout', last, cause };
    behaviour.waitForOrder = (_, __, ___, done) => done(error);
    await assert.rejects(client.orders.waitUntil(id, 'issued'), (thrown) => {
      assert.ok(thrown.cause instanceof core.ConnectionError);
      assert.equal(thrown.last, last);
      const json = JSON.stringify(thrown);
      assert.deepEqual(JSON.parse(json).last, { id, status: 'DIGI_PENDING' });
      assert.equal(JSON.parse(json).cause.message, 'No reply.');
      for (const shown of [json, inspect(thrown), inspect({ thrown }), JSON.stringify({ ...thrown })]) {
        assert.ok(!shown.includes('PEMPEM'), shown);
      }
      return true;
    });
    delete behaviour.waitForOrder;
  });

  it('an onPoll that throws disturbs nothing, and its error becomes an uncaught one, as of a listener', async () => {
    const uncaught = [];
    const listener = (reason) => uncaught.push(reason);
    process.setUncaughtExceptionCaptureCallback(listener);
    try {
      const options = {
        onPoll: () => {
          throw 'from onPoll';
        },
      };
      const poll = (options) => options.onPoll({ id });
      behaviour.waitForOrder = (_, __, given, done) => done(undefined, poll(given) ?? { id });
      behaviour.waitForOrganization = (_, given, done) => done(undefined, poll(given) ?? { id });
      behaviour.watchOrder = (_, given) => cursorOver([{ id, order: poll(given) ?? { id } }]);
      behaviour.waitForOrders = (_, __, given) => cursorOver([{ id, order: poll(given) ?? { id } }]);
      await client.orders.waitUntil(id, 'issued', options);
      await client.organizations.waitUntilValidated(id, options);
      await client.orders.watch(id, options).next();
      await client.orders.waitUntilAll([id], 'issued', options).next();
      await new Promise(setImmediate);
      assert.deepEqual(uncaught, Array(4).fill('from onPoll'));
    } finally {
      process.setUncaughtExceptionCaptureCallback(null);
      for (const name of ['waitForOrder', 'waitForOrganization', 'watchOrder', 'waitForOrders']) delete behaviour[name];
    }
  });

  it('a goal that throws, and passes on what that threw', async () => {
    const reason = new RangeError('no such field');
    const goal = () => {
      throw reason;
    };
    behaviour.waitForOrder = (_, isReached, __, done) => done(undefined, isReached({ id }) && { id });
    await assert.rejects(client.orders.waitUntil(id, goal), (error) => error === reason);
    delete behaviour.waitForOrder;
  });

  describe('the check of an order first', () => {
    const severe = { severity: 'error', code: 'required', message: '`cert` is missing.', field: 'cert' };
    const mild = { severity: 'warning', code: 'duplicate_dns_name', message: 'Twice.' };
    const count = (name) => core.asked.filter(([asked]) => asked === name).length;

    for (const method of ['create', 'createOnce']) {
      it(`in ${method}: what would fail is not sent`, async () => {
        behaviour.checkOrder = () => [mild, severe];
        const sent = [count('call'), count('createOnce')];
        await assert.rejects(client.orders[method](thing), (error) => {
          assert.ok(error instanceof core.ValidationError);
          assert.equal(error.code, 'invalid');
          assert.equal(error.message, 'Nothing was sent, for the call would fail. `cert` is missing.');
          assert.deepEqual(error.findings, [mild, severe]);
          return true;
        });
        assert.deepEqual([count('call'), count('createOnce')], sent);
        assert.deepEqual(lastAsked('checkOrder'), [thing, undefined]);
      });

      it(`in ${method}: what only surprises is, and all is without the check`, async () => {
        const asked = () => lastAsked(method === 'create' ? 'call' : method);
        behaviour.checkOrder = () => [mild];
        await client.orders[method](thing, { check: true, timeout: 7 });
        assert.deepEqual(asked()[1], { timeout: 7 }, 'the check is not an option of the call');
        behaviour.checkOrder = () => [severe];
        await client.orders[method](thing, { check: false, timeout: 8 });
        assert.deepEqual(asked()[1], { timeout: 8 });
      });
    }

    it('sends the CSR as it was read, and leaves the form of the caller alone', async () => {
      const form = { locale: 'en', cert: { csr: 'as pasted', commonName: 'example.com' } };
      const cert = { csr: 'as read', commonName: 'example.com' };
      behaviour.checkOrder = behaviour.checkReissue = () => ({ findings: [mild], csr: 'as read' });
      await client.orders.create(form);
      assert.deepEqual(lastAsked('call')[0].body, { locale: 'en', cert });
      await client.orders.createOnce(form);
      assert.deepEqual(lastAsked('createOnce')[0], { locale: 'en', cert });
      await client.orders.reissue(id, { cert: form.cert });
      assert.deepEqual(lastAsked('call')[0].body, { cert });
      await client.orders.create(form, { check: false });
      assert.deepEqual(lastAsked('call')[0].body, form);
      assert.equal(form.cert.csr, 'as pasted');
    });

    it('in reissue, with the order that is in hand', async () => {
      behaviour.checkReissue = () => [severe];
      await assert.rejects(client.orders.reissue(order, changes), core.ValidationError);
      assert.deepEqual(lastAsked('checkReissue'), [changes, order]);
      await assert.rejects(client.orders.reissue(id), core.ValidationError);
      assert.deepEqual(lastAsked('checkReissue'), [{}, undefined]);
      await client.orders.reissue(id, changes, { check: false });
      assert.deepEqual(lastAsked('call')[0].body, changes);
    });

    it('never in a call that was aborted before', async () => {
      const before = count('checkOrder');
      const signal = AbortSignal.abort('enough');
      await assert.rejects(client.orders.create(thing, { signal }), (reason) => reason === 'enough');
      assert.equal(count('checkOrder'), before);
    });
  });

  it('an order, once, with the date as text, and what came of it', async () => {
    const notBefore = new Date(0);
    assert.deepEqual(await client.orders.createOnce(thing, { check: false, onceId: 'a', notBefore }), { id: 'made' });
    assert.deepEqual(lastAsked('createOnce'), [thing, { onceId: 'a', notBefore: '1970-01-01T00:00:00.000Z' }]);
    const outcome = () => client.orders.placeOnce(thing, { check: false });
    assert.deepEqual(await outcome(), { kind: 'placed', order: { id: 'made' } });
    const answer = (failure, value) => {
      behaviour.createOnce = (...args) => args.at(-1)(failure, value);
    };
    answer(undefined, { order: { id: 'found' }, placed: false });
    assert.deepEqual(await outcome(), { kind: 'givenBack', order: { id: 'found' } });
    answer({ type: 'OrderDiffersError', code: 'order_differs', message: 'No.', order, differences: ['names'] });
    const { error, ...differs } = await outcome();
    assert.deepEqual(differs, { kind: 'differs', order, differences: ['names'] });
    assert.ok(error instanceof core.OrderDiffersError);
    for (const type of ['OutcomeUnknownError', 'ConnectionError']) {
      answer({ type, code: 'x', message: 'No.', mayHaveBeenApplied: true });
      assert.equal((await outcome()).kind, 'unknown');
    }
    answer({ type: 'CertsError', code: 'store_failed', message: 'No.' });
    await assert.rejects(outcome(), { code: 'store_failed' });
    // The reason is the caller's own, and says nothing of the order.
    const controller = new AbortController();
    const { signal } = controller;
    const own = { cert: { csr: 'a\nb' } };
    const sending = (controller, path, body) => {
      behaviour.createOnce = (...args) => {
        const { host } = core.instances.at(-1).clients.at(-1);
        const payload = JSON.stringify(body);
        host.send(async () => new Response(), 1, 2, 'POST', `https://x/certs/v1${path}`, '[]', payload, false, 100);
        controller.abort(new Error('enough'));
        args.at(-1)({ type: 'Aborted' });
      };
    };
    sending(controller, '/order', { comments: 'with a marker', ...own });
    const aborted = await client.orders.placeOnce(own, { check: false, signal });
    // What else the same client sends meanwhile is not this order.
    for (const [path, body] of [
      ['/order', { cert: { csr: 'c' } }],
      ['/cert/parse', { csrs: ['a\nb'] }],
    ]) {
      const other = new AbortController();
      sending(other, path, body);
      const placed = client.orders.placeOnce(own, { check: false, signal: other.signal });
      await assert.rejects(placed, (reason) => reason === other.signal.reason);
    }
    assert.deepEqual([aborted.kind, aborted.error.mayHaveBeenApplied], ['unknown', true]);
    assert.equal(aborted.error.cause, signal.reason);
    await assert.rejects(client.orders.placeOnce(thing, { signal }), (reason) => reason === signal.reason);
  });

  it('a renewal', async () => {
    assert.deepEqual(await client.orders.renewal(order, thing, { timeout: 7 }), { locale: 'en' });
    assert.deepEqual(lastAsked('renewal'), [order, thing, { timeout: 7 }]);
  });

  it('no revocation that was not confirmed', async () => {
    const before = core.asked.length;
    for (const confirm of [undefined, {}, { permanent: 'yes' }, { timeout: 5 }]) {
      await assert.rejects(client.orders.revoke(id, confirm), { code: 'invalid' });
    }
    assert.equal(core.asked.length, before);
  });

  it('nothing of its own with an id: the core says what is wrong with one', async () => {
    for (const wrong of [undefined, null, 5, {}]) await client.orders.cancel(wrong);
    const passed = core.asked.slice(-4).map(([, call]) => call.path.id);
    assert.deepEqual(passed, [undefined, null, 5, undefined]);
  });
});
