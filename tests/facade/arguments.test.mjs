import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { withFakeCore } from './support/fake-core.mjs';

const id = '1c7d2a0e-6a5f-4f7e-9a51-0d9b7a6f2a10';
const order = { locale: 'en', cert: { commonName: 'example.com' } };
const secret = 'CANARY-9d8f7';

const revoked = () => {
  const { proxy, revoke } = Proxy.revocable([], {});
  revoke();
  return proxy;
};

/** What is neither an object with fields nor a list of strings. */
const neither = {
  undefined,
  null: null,
  text: secret,
  'a number': 5,
  NaN: Number.NaN,
  true: true,
  'a symbol': Symbol(secret),
  'a function': () => secret,
  'a date': new Date(),
  'a map': new Map([[secret, 1]]),
  'a promise': Promise.resolve({}),
  octets: new Uint8Array(4),
  'a revoked proxy': revoked(),
};
const noForms = { ...neither, 'a list': [{}] };
const noTexts = {
  ...neither,
  'an object': { 0: secret, length: 1 },
  'a list of other things': [secret, 5],
  'a list with null': [null],
  'a list with a hole': Array(1),
};
const noFormats = {
  ...neither,
  text: `${secret} ${secret}`,
  'an empty text': '',
  'two megabytes': 'x'.repeat(2_000_000),
  'an object': {},
};
const noCounts = {
  ...neither,
  'an object': {},
  'a negative number': -1,
  'half a call': 0.5,
  Infinity: Number.POSITIVE_INFINITY,
  'more than the core counts': 1e15,
};
delete noCounts['a number'];
const noDates = {
  'an invalid Date': new Date(Number.NaN),
  'no date': 'garbage',
  'an empty text': '',
  'a month too many': '2026-13-45',
  'a day too many': '2026-02-30',
  'a year of six digits': new Date(8.64e15),
  'a year before the first': new Date(-8.64e15),
  'a number': 5,
  'a list': [2026, 1, 1],
  'a symbol': Symbol(secret),
};
const noIds = {
  'no id': 'not an id',
  'an empty text': '',
  'an id that is cut off': id.slice(1),
  'two ids': `${id} ${id}`,
};

describe('an argument', () => {
  let core;
  let client;
  before(async () => {
    core = await withFakeCore();
    await core.init();
    client = core.newClient();
  });

  /** Each that goes into a request: how it is given, what it must not be, and the name that the message has. */
  const places = {
    'certs.parse': [(given) => client.certs.parse(given), noTexts, 'csrs'],
    'orders.validateDomains': [(given) => client.orders.validateDomains(id, given), noTexts, 'domains'],
    'orders.updateAdditionalEmails': [(given) => client.orders.updateAdditionalEmails(id, given), noTexts, 'emails'],
    'orders.download': [(given) => client.orders.download(id, given), noFormats, 'format'],
    'orders.create': [(given) => client.orders.create(given), noForms, 'order'],
    'orders.create, unchecked': [(given) => client.orders.create(given, { check: false }), noForms, 'order'],
    'orders.createOnce': [(given) => client.orders.createOnce(given, { check: false }), noForms, 'order'],
    'orders.placeOnce': [(given) => client.orders.placeOnce(given), noForms, 'order'],
    'orders.reissue': [(given) => client.orders.reissue(id, given, { check: false }), noForms, 'changes'],
    'organizations.create': [(given) => client.organizations.create(given), noForms, 'organization'],
    'contacts.create': [(given) => client.contacts.create(given), noForms, 'contact'],
    'contacts.update': [(given) => client.contacts.update(id, given), noForms, 'changes'],
    'rateLimit.estimate': [async (given) => client.rateLimit.estimate(given), noCounts, 'n'],
    'the date of createOnce': [
      (notBefore) => client.orders.createOnce(order, { check: false, notBefore }),
      noDates,
      'notBefore',
    ],
    'the order that createOnce replaces': [
      (replaces) => client.orders.placeOnce(order, { check: false, replaces }),
      noIds,
      'replaces',
    ],
  };
  for (const [place, [call, wrong, name]] of Object.entries(places)) {
    it(`of ${place} is of its type, or nothing is sent`, async () => {
      const sent = core.asked.length;
      for (const [what, given] of Object.entries(wrong)) {
        // Without changes a reissue makes the same again.
        if (place === 'orders.reissue' && given === undefined) continue;
        await assert.rejects(call(given), (error) => {
          assert.ok(error instanceof core.ValidationError, `${what}: ${error}`);
          assert.equal(error.findings[0].field, name, what);
          assert.ok(error.message.startsWith(`\`${name}\` must be `), error.message);
          assert.ok(error.message.length < 200, what);
          assert.ok(!`${error.message}${JSON.stringify(error)}`.includes(secret), what);
          return true;
        });
      }
      assert.equal(core.asked.length, sent);
    });
  }

  it('that is a promise, not awaited, is said to be one', async () => {
    await assert.rejects(client.orders.create(client.orders.renewal({ id }, {})), {
      message: /promise: await it first/,
    });
  });

  it('that is right goes through, and what a later service may know', async () => {
    const last = () => core.asked.at(-1);
    for (const format of ['p7b', 'pem_all', 'pkcs12', 'pem-chain', 'x509.der']) {
      await client.orders.download(id, format);
      assert.deepEqual(last()[1].query, { format });
    }
    await client.orders.updateAdditionalEmails(id, []);
    assert.deepEqual(last()[1].body, { additionalEmails: [] });
    class Model {
      name = 'x';
    }
    await client.organizations.create(new Model());
    assert.deepEqual({ ...last()[1].body }, { name: 'x' });
    for (const notBefore of ['2026-12-01', '2026-12-01T00:00:00Z', '2026-12-01 01:00+01:00', new Date('2026-12-01')]) {
      await client.orders.createOnce(order, { check: false, notBefore, replaces: id.toUpperCase() });
      assert.deepEqual(last()[2], { notBefore: '2026-12-01T00:00:00.000Z', replaces: id.toUpperCase() });
    }
    for (const none of [undefined, null]) {
      await client.orders.createOnce(order, { check: false, notBefore: none, replaces: none });
      assert.deepEqual(last()[2], { notBefore: none, replaces: none });
    }
    for (const n of [0, 1, 2 ** 32 - 1]) assert.equal(client.rateLimit.estimate(n), 7);
  });

  it('that is a list for the core is one that it can look at', async () => {
    for (const given of [revoked(), 'text', null, {}, new Set([id])]) {
      await client.orders.waitUntilAll(given, 'issued').next();
      assert.deepEqual(core.asked.at(-1).slice(0, 2), ['waitForOrders', undefined]);
    }
  });

  it('of a pause is as long as the core can wait, or without an end', () => {
    const given = [0, 1, 1e13, 1.1e13, 1e300, Number.POSITIVE_INFINITY, undefined];
    for (const ms of given) client.rateLimit.pause(ms);
    const passed = core.asked.slice(-given.length);
    const endless = [undefined, undefined, undefined, undefined];
    assert.deepEqual(
      passed,
      [0, 1, 1e13, ...endless].map((ms) => ['pause', ms]),
    );
  });

  it('that is options and null is as if it were not there', async () => {
    const withNull = {
      'certs.parse': ['x'],
      'orders.create': order,
      'orders.createOnce': order,
      'orders.get': id,
      'orders.list': {},
      'orders.cancel': id,
      'orders.watch': id,
      'contacts.list': {},
      'groups.list': {},
      'organizations.waitUntilValidated': id,
    };
    for (const [name, first] of Object.entries(withNull)) {
      const [resource, method] = name.split('.');
      const answer = client[resource][method](first, null);
      await (Symbol.asyncIterator in answer ? answer[Symbol.asyncIterator]().next() : answer);
    }
    await client.orders.download(id, 'p7b', null);
    await client.orders.reissue(id, {}, null);
    await client.orders.waitUntil(id, 'issued', null);
    await client.orders.waitUntilAll([id], 'issued', null).next();
    await client.request({ path: '/x' }, null);
    for (const method of ['get', 'authenticate', 'refresh']) await client.tokens[method](null);
    assert.equal(client.rateLimit.estimate(1, null), 7);
  });

  describe('that names a field', () => {
    const methods = {
      create: (given) => client.orders.create(given),
      createOnce: (given) => client.orders.createOnce(given),
      reissue: (given) => client.orders.reissue(id, given),
    };
    const slips = {
      'cert.csrr': [{ cert: { csrr: 'x' } }, 'cert.csr'],
      'cert.dnsName': [{ cert: { dnsName: [] } }, 'cert.dnsNames'],
      'cert.CSR': [{ cert: { CSR: 'x' } }, 'cert.csr'],
      csr: [{ csr: 'x' }, 'cert.csr'],
      dnsNames: [{ cert: {}, dnsNames: [] }, 'cert.dnsNames'],
      additionalEmail: [{ additionalEmail: [] }, 'additionalEmails'],
      certs: [{ certs: {} }, 'cert'],
    };
    for (const [method, call] of Object.entries(methods)) {
      it(`in ${method} is said to be another one where that was meant, and nothing is sent`, async () => {
        for (const [field, [given, meant]] of Object.entries(slips)) {
          const sent = core.asked.filter(([name]) => !name.startsWith('check')).length;
          await assert.rejects(call(given), (error) => {
            assert.ok(error instanceof core.ValidationError);
            const message = `There is no field \`${field}\`: did you mean \`${meant}\`?`;
            assert.deepEqual(error.findings, [{ severity: 'error', code: 'unknown_option', message, field }]);
            return true;
          });
          assert.equal(core.asked.filter(([name]) => !name.startsWith('check')).length, sent);
        }
      });

      it(`in ${method} that nobody knows goes through, as all do without the check`, async () => {
        const unknown = { term: 2, provider: 'DIGICERT', providerId: '1', certId: 'x', cert: { id, validityDays: 90 } };
        await call({ ...unknown, csr: undefined });
        const [, asked] = core.asked.at(-1);
        assert.deepEqual(method === 'createOnce' ? asked : asked.body, { ...unknown, csr: undefined });
      });
    }

    it('is a finding of checkOrder', async () => {
      const [{ code, field }] = await core.checkOrder({ cert: { csrr: 'x' } });
      assert.deepEqual([code, field], ['unknown_option', 'cert.csrr']);
      assert.deepEqual(await core.checkOrder({ cert: 'x' }), []);
    });

    it('goes through without the check', async () => {
      await client.orders.reissue(id, { csr: 'x' }, { check: false });
      assert.deepEqual(core.asked.at(-1)[1].body, { csr: 'x' });
    });
  });
});

describe('a listener', () => {
  it('is refused where it is none, or nothing would ever call it', async () => {
    const core = await withFakeCore();
    const client = core.newClient();
    for (const [on, event] of [
      [(...args) => client.on(...args), 'retry'],
      [(...args) => client.rateLimit.on(...args), 'change'],
    ]) {
      for (const none of [undefined, null, 'text', {}, 5]) {
        assert.throws(() => on(event, none), { name: 'ValidationError', message: /^Pass a function as the second/ });
      }
      for (const other of ['chnage', 'hasOwnProperty', undefined, null, 5, {}, Symbol(secret), secret, revoked()]) {
        assert.throws(
          () => on(other, () => {}),
          (error) => {
            assert.ok(error instanceof core.ValidationError);
            assert.match(error.message, new RegExp(`^There is no event \`.{1,32}\`; there are .*\\b${event}\\b`));
            return !`${error.message}${error.stack}`.includes(secret);
          },
        );
      }
      on(event, () => {})();
    }
  });
});
