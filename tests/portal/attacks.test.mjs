import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { host, installed, openPortal } from './support/portal.mjs';

const id = '3fa85f64-5717-4562-b3fc-2c963f66afa6';
const cancel = `order/${id}/cancel`;
const json = { 'content-type': 'application/json' };

/** Each: what it is, the request, the status. None reaches the service. */
const attacks = [
  // Who calls
  ['a name that somebody else leads here', 'GET', 'order', { headers: { host: 'evil.example' } }, 421],
  ['the same with another port', 'GET', 'order', { headers: { host: `${host}:8080` } }, 421],
  ['a name that only ends like the portal', 'GET', 'order', { headers: { host: `evil${host}` } }, 421],
  [
    'a forwarded host that nobody vouches for',
    'GET',
    'order',
    { headers: { host: 'evil.example', 'x-forwarded-host': host } },
    421,
  ],
  ['another page', 'GET', 'order', { headers: { origin: 'https://evil.example' } }, 403],
  ['another page on another port', 'POST', 'order', { headers: { origin: `https://${host}:444` }, body: {} }, 403],
  ['a page of no origin', 'POST', 'order', { headers: { origin: 'null' }, body: {} }, 403],
  ['another site', 'GET', 'order', { headers: { 'sec-fetch-site': 'cross-site' } }, 403],
  ['another name of the same site', 'POST', 'order', { headers: { 'sec-fetch-site': 'same-site' }, body: {} }, 403],
  ['an address that is typed', 'GET', 'order', { headers: { 'sec-fetch-site': 'none' } }, 403],
  ['a frame or a link', 'GET', 'order', { headers: { 'sec-fetch-mode': 'navigate' } }, 403],
  ['an image', 'GET', 'order', { headers: { 'sec-fetch-mode': 'no-cors' } }, 403],
  [
    'a change that shows no page',
    'POST',
    'order',
    { headers: { origin: undefined, 'sec-fetch-site': undefined }, body: {} },
    403,
  ],
  ['nobody', 'GET', 'order', { user: '' }, 401],
  ['somebody unknown', 'GET', 'order', { user: 'mallory' }, 401],
  ['one who may only read', 'PATCH', cancel, { user: 'rita', body: {} }, 403],
  // Forms and beacons
  ['a form', 'POST', 'order', { headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: 'a=b' }, 415],
  ['a form of text that is JSON', 'POST', 'order', { headers: { 'content-type': 'text/plain' }, body: '{}' }, 415],
  [
    'a form with parts',
    'POST',
    'order',
    { headers: { 'content-type': 'multipart/form-data; boundary=x' }, body: '--x--' },
    415,
  ],
  ['a change without a name', 'PATCH', cancel, { headers: { 'idempotency-key': undefined }, body: {} }, 400],
  [
    'a change with a name that is too long',
    'PATCH',
    cancel,
    { headers: { 'idempotency-key': 'x'.repeat(201) }, body: {} },
    400,
  ],
  // Paths
  ['a path beside the prefix', 'GET', '/api/certsx/order', {}, 404],
  ['the prefix alone', 'GET', '/api/certs', {}, 404],
  ['nothing', 'GET', '', {}, 404],
  ['what is no call', 'GET', 'sandbox', {}, 404],
  ['a token', 'POST', 'auth/authenticate', { body: {} }, 404],
  ['a refreshed token', 'GET', 'auth/refresh', {}, 404],
  ['another id', 'GET', 'order/1', {}, 404],
  ['dots', 'GET', '../../sandbox', {}, 404],
  ['dots after an id', 'GET', `order/${id}/../../sandbox`, {}, 404],
  ['encoded dots', 'GET', '%2e%2e/%2e%2e/sandbox', {}, 404],
  ['encoded slashes', 'GET', `order%2f${id}`, {}, 404],
  ['encoded slashes and dots', 'GET', 'order/..%2f..%2fsandbox', {}, 404],
  ['encoded twice', 'GET', 'order/%252e%252e%252fsandbox', {}, 404],
  ['backslashes', 'GET', 'order\\..\\..\\sandbox', {}, 404],
  ['a slash too many', 'GET', '/order', {}, 404],
  ['two slashes', 'GET', `/api/certs//order/${id}`, {}, 404],
  ['a slash at the end', 'GET', 'order/', {}, 404],
  ['an address in the path', 'GET', 'http://evil.example/order', {}, 404],
  ['another spelling', 'GET', 'Order', {}, 404],
  ['a part after a semicolon', 'GET', `order;x=1/${id}`, {}, 404],
  ['an action that there is not', 'PATCH', `order/${id}/delete`, { body: {} }, 404],
  ['an encoded line break', 'GET', `order/${id}%0d%0ax-evil:%201`, {}, 404],
  // Methods
  ['another method', 'PUT', 'order', { body: {} }, 405],
  ['the head alone', 'HEAD', 'order', {}, 405],
  ['a question of another origin', 'OPTIONS', 'order', {}, 405],
  ['a change of what only reads', 'DELETE', `order/${id}`, {}, 405],
  // Queries
  ['a parameter that there is not', 'GET', 'order?apiKey=x', {}, 400],
  ['one that belongs to another call', 'GET', `order/${id}?organizationId=${id}`, {}, 400],
  ['one twice', 'GET', `order?organizationId=${id}&organizationId=${id}`, {}, 400],
  ['one without a value', 'GET', 'order?page', {}, 400],
  ['an encoded name', 'GET', 'order?%70age=1', {}, 400],
  ['what is not UTF-8', 'GET', 'order?commonNames=%ff', {}, 400],
  ['a prototype', 'GET', 'order?__proto__=1', {}, 400],
  // Bodies
  ['a body that is too large', 'POST', 'order', { body: JSON.stringify({ comments: 'x'.repeat(140_000) }) }, 413],
  [
    'a body that says it is small',
    'POST',
    'order',
    { headers: { 'content-length': '2' }, body: ' '.repeat(140_000) },
    413,
  ],
  ['a body that says it is large', 'POST', 'order', { headers: { 'content-length': '999999999' }, body: {} }, 413],
  ['a compressed body', 'POST', 'order', { headers: { ...json, 'content-encoding': 'gzip' }, body: '\u001f' }, 415],
  ['what is not JSON', 'POST', 'order', { headers: json, body: '{"a":' }, 400],
  ['JSON that is too deep', 'POST', 'order', { headers: json, body: '['.repeat(50_000) + ']'.repeat(50_000) }, 400],
  ['octets that are not UTF-8', 'POST', 'order', { headers: json, body: new Uint8Array([0x22, 0xff, 0x22]) }, 400],
  ['nothing to create', 'POST', 'order', {}, 400],
  ['what is no object', 'POST', 'order', { body: '"order"' }, 400],
  ['null', 'PATCH', cancel, { headers: json, body: 'null' }, 400],
];

describe('what the portal’s own page would not send', () => {
  let portal;
  let packed;
  before(async () => {
    packed = await installed();
    portal = await openPortal(packed);
  });
  after(() => packed?.project.remove());

  for (const [name, method, path, options, wanted] of attacks) {
    it(`${name} is refused with ${wanted}, and does not reach the service`, async () => {
      portal.sent.length = 0;
      const reply = await portal.ask(method, path, options);
      assert.equal(reply.status, wanted);
      assert.deepEqual(portal.sent, []);
      if (method !== 'HEAD') {
        const { errors = reply.json.validations } = reply.json;
        assert.ok(errors[0].code && errors[0].message, 'in the form of the service');
      }
      assert.equal(reply.headers.get('cache-control'), 'no-store');
      assert.equal(reply.headers.get('access-control-allow-origin'), null);
    });
  }

  it('behind a server that says under which name it was called, that name counts', async () => {
    const trusting = await openPortal(packed, { trustProxy: true });
    const ask = (headers) => trusting.ask('GET', 'order', { headers });
    assert.equal((await ask({ host: 'inside:8080', 'x-forwarded-host': host })).status, 200);
    assert.equal((await ask({ host: 'inside:8080', 'x-forwarded-host': host, origin: `https://${host}` })).status, 200);
    assert.equal((await ask({ host, 'x-forwarded-host': 'evil.example' })).status, 421);
  });

  it('a session that has ended is 401, one whose check fails is 500, and neither says more', async () => {
    const failing = await openPortal(packed, {
      authorize: () => {
        throw new Error('the database db.internal is away');
      },
    });
    const reply = await failing.ask('GET', 'order');
    assert.deepEqual([reply.status, reply.json.errors[0].code], [500, 'proxy_failed']);
    assert.ok(!reply.text.includes('internal'));
    assert.match(failing.errors[0].message, /db\.internal/);
    const never = await openPortal(packed, { authorize: () => new Promise(() => {}), bodyTimeout: 20 });
    assert.equal((await never.ask('GET', 'order')).status, 500);
  });

  const user = 'ada';
  let said;
  let asked;
  for (const [name, authorized, told] of [
    ['nobody in particular', {}, /user. must be/],
    ['an empty name', { user: '' }, /user. must be/],
    ['a number', { user: 7 }, /user. must be/],
    ['a name alone', 'ada', /must be a plain object/],
    ['true', true, /must be a plain object/],
    ['a list', [user], /must be a plain object/],
    [
      'a class',
      new (class {
        user = user;
        get organizations() {
          return [];
        }
      })(),
      /must be a plain object/,
    ],
    ['limits beside `allow`', { user, operations: [], organizations: [] }, /no option .authorize\(\).operations/],
    ['limits that are misspelt', { user, allow: { organisations: ['x'] } }, /did you mean .organizations/],
    ['one that is misspelt', { user, allow: { operation: ['orders.get'] } }, /did you mean .operations/],
    ['a misspelt `allow`', { user, allows: { operations: [] } }, /did you mean .allow/],
    ['an operation that there is not', { user, allow: { operations: ['orders.steal'] } }, /orders\.steal/],
    ['operations in place of limits', { user, allow: ['orders.get'] }, /allow. must be a plain object/],
    ['an operation in place of limits', { user, allow: 'orders.get' }, /allow. must be a plain object/],
    ['limits that nobody awaited', { user, allow: Promise.resolve({}) }, /allow. must be a plain object/],
    ['limits in a map', { user, allow: new Map([['operations', []]]) }, /allow. must be a plain object/],
    ['limits that another object has', { user, allow: Object.create({ organizations: [] }) }, /must be a plain object/],
    ['no limits by false', { user, allow: false }, /allow. must be a plain object/],
    ['limits that are undefined', { user, allow: undefined }, /allow. is undefined/],
    ['limits that are null', { user, allow: null }, /allow. is null/],
    [
      'organizations that the session lacks',
      { user, allow: { organizations: undefined } },
      /organizations. is undefined/,
    ],
    ['organizations that are null', { user, allow: { organizations: null } }, /organizations. is null/],
    ['operations that are undefined', { user, allow: { operations: undefined } }, /operations. is undefined/],
    ['operations that are null', { user, allow: { operations: null } }, /operations. is null/],
    ['an organization in place of a list', { user, allow: { organizations: 'x' } }, /must be a list of strings/],
    ['an organization that is none', { user, allow: { organizations: [undefined] } }, /must be a list of strings/],
    ['a set of operations', { user, allow: { operations: new Set(['orders.get']) } }, /must be a list of strings/],
    [
      'a getter that throws',
      {
        user,
        get allow() {
          throw new Error('gone');
        },
      },
      /gone/,
    ],
  ]) {
    it(`what \`authorize\` says in a way that is not understood lets nobody in: ${name}`, async () => {
      said = authorized;
      asked ??= await openPortal(packed, { authorize: () => said });
      asked.errors.length = 0;
      const reply = await asked.ask('GET', 'order');
      assert.deepEqual([reply.status, reply.json.errors[0].code, asked.calls()], [500, 'proxy_failed', []]);
      assert.match(asked.errors[0].message, told);
    });
  }

  it('limits that are left out are none, and an empty list is all of them', async () => {
    for (const [allow, count] of [
      [{}, 1],
      [{ organizations: [] }, 0],
      [Object.freeze(Object.create(null)), 1],
    ]) {
      const { ask } = await openPortal(packed, { authorize: () => ({ user, allow }) });
      const { status, json } = await ask('GET', 'order?size=1');
      assert.deepEqual([status, json.content.length], [200, count]);
    }
    const { ask } = await openPortal(packed, { authorize: () => ({ user, allow: { operations: [] } }) });
    assert.equal((await ask('GET', 'order')).status, 403);
  });

  it('`authorize` may take as long as it is given, also longer than a timer can be set to', async () => {
    const authorize = () => new Promise((resolve) => setTimeout(resolve, 20, { user: 'ada' }));
    for (const bodyTimeout of [2 ** 31, Number.POSITIVE_INFINITY]) {
      const patient = await openPortal(packed, { authorize, bodyTimeout });
      assert.equal((await patient.ask('GET', 'order')).status, 200, `${bodyTimeout}`);
    }
  });

  /** What a function may throw: what looks like an error of the client, what is none at all, what cannot be looked at. */
  function thrown() {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    const told = { message: 'of the directory', problems: [{ code: 'X', message: 'the password of db.internal' }] };
    const like = (fields) => Object.assign(new Error('of the directory'), fields);
    const codes = [
      'invalid',
      'not_found',
      'unauthorized',
      'permission_denied',
      'rate_limited',
      'queue_full',
      'timeout',
    ];
    codes.push('connection', 'unreadable', 'server_error', 'store_failed', 'outcome_unknown', 'closed', 'ECONNREFUSED');
    return [
      ...[400, 401, 403, 404, 409, 413, 422, 429, 500].flatMap((status) => [
        like({ status }),
        like({ status, problems: told.problems }),
      ]),
      ...codes.map((code) => like({ code })),
      ...[undefined, null, 0, '', 'text', Symbol('x'), () => {}, { ...told, status: 400 }, Object.freeze({}), proxy],
      {
        get code() {
          throw new Error('unreadable');
        },
      },
      new Response('no'),
    ];
  }

  it('what `authorize` throws is never read as if the service had said it: it is 500, and the log is told', async () => {
    let fail;
    const { ask, errors, audit } = await openPortal(packed, { authorize: () => fail() });
    for (const reason of thrown()) {
      const throws = () => {
        throw reason;
      };
      for (fail of [throws, async () => throws()]) {
        for (const list of [errors, audit]) list.length = 0;
        const reply = await ask('GET', 'order');
        assert.deepEqual([reply.status, reply.json.errors[0].code], [500, 'proxy_failed']);
        assert.ok(errors.length === 1 && Object.is(errors[0], reason));
        assert.deepEqual([audit.length, audit[0].status], [1, 500]);
      }
    }
  });

  for (const [name, options] of Object.entries({
    authorize: (fail) => ({ authorize: fail }),
    onAudit: (fail) => ({ onAudit: fail }),
    'onError as well': (fail) => ({ authorize: fail, onAudit: fail, onError: fail }),
    'the API key': (fail) => ({ client: { auth: { apiKey: fail, token: 'the-token' } } }),
    'the token': (fail) => ({ client: { auth: { apiKey: 'the-api-key', token: fail } } }),
    'the store': (fail) => ({ client: { store: { get: fail, set: fail, update: fail, lock: fail } } }),
    'the lock': (fail) => ({
      client: { store: { get: fail, set: fail, update: fail, lock: async () => ({ release: fail }) } },
    }),
    fetch: (fail) => ({ service: fail }),
  })) {
    it(`whatever is thrown by ${name}, the page is answered, and nothing is left uncaught`, async () => {
      const uncaught = [];
      const note = (reason) => uncaught.push(reason);
      process.on('unhandledRejection', note);
      let reason;
      let isLate = false;
      const { client, ...more } = options(() => {
        if (isLate) return Promise.reject(reason);
        throw reason;
      });
      const failing = await openPortal(packed, { ...more, client: { maxRetries: 0, ...client } });
      for (reason of thrown()) {
        for (isLate of [false, true]) {
          for (const [method, path, given] of [
            ['GET', 'order', {}],
            ['PATCH', cancel, { body: {} }],
          ]) {
            const { status, text } = await failing.ask(method, path, given);
            assert.ok(status >= 200 && status < 600, `${method} ${status}`);
            assert.ok(!text.includes('db.internal'), text);
          }
        }
      }
      await new Promise((resolve) => setImmediate(resolve));
      process.off('unhandledRejection', note);
      assert.deepEqual(uncaught, []);
    });
  }

  it('what belongs to the listener ends no call', async () => {
    const told = [];
    const broken = await openPortal(packed, {
      onAudit: async () => {
        throw new Error('the log is full');
      },
      onError: (error) => {
        told.push(error.message);
        throw new Error('and so is this one');
      },
    });
    assert.equal((await broken.ask('GET', 'order')).status, 200);
    await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(told, ['the log is full']);
  });

  it('the audit says who did what to which order and how it ended, without a secret', async () => {
    const order = (await portal.own.orders.list({ statuses: ['DIGI_PENDING'] })).content[0];
    portal.audit.length = 0;
    await portal.ask('PATCH', `order/${order.id}/cancel`, { body: {} });
    await portal.ask('PATCH', `order/${order.id}/cancel`, { user: 'rita', body: {} });
    await portal.ask('GET', `order/${order.id}`, { user: '' });
    const seen = portal.audit.map(({ user, operation, id, status, code }) => [user, operation, id, status, code]);
    assert.deepEqual(seen, [
      ['ada', 'orders.cancel', order.id, 200, undefined],
      ['rita', 'orders.cancel', order.id, 403, 'not_allowed'],
      [undefined, 'orders.get', order.id, 401, 'session_ended'],
    ]);
    const { apiKey, password } = portal.sandbox.credentials;
    for (const secret of [apiKey, password, 'user=ada']) assert.ok(!JSON.stringify(portal.audit).includes(secret));
  });

  it('a name that is not in `hosts` is in the audit each time, and in the log once', async () => {
    const { ask, audit, errors } = await openPortal(packed);
    for (const name of ['evil.example', 'evil.example', 'other.example:8080']) {
      assert.equal((await ask('GET', 'order', { headers: { host: name } })).status, 421);
    }
    assert.deepEqual(
      audit.map(({ status, code, user, operation }) => [status, code, user, operation]),
      Array(3).fill([421, 'unknown_host', undefined, 'orders.list']),
    );
    const told = errors.map(({ message }) => /"(.*)".*`hosts`/.exec(message)?.[1]);
    assert.deepEqual(told, ['evil.example', 'other.example:8080']);
    for (let at = 0; at < 100; at += 1) await ask('GET', 'order', { headers: { host: `x${at}.example` } });
    assert.equal(errors.length, 20, 'a scan does not fill the log');
  });

  it('a page whose calls come under another name than it called is in the log once', async () => {
    const { ask, errors } = await openPortal(packed, { hosts: ['localhost:*'] });
    const call = (origin, host) => ask('POST', 'order', { headers: { origin, host }, body: {} });
    for (const [origin, host] of [
      ['https://localhost:8443', 'localhost'],
      ['https://localhost:8443', 'localhost'],
      ['http://localhost:5173', 'localhost:8080'],
    ]) {
      assert.equal((await call(origin, host)).status, 403);
    }
    // A form of the page's own, which may not call the proxy: Host is right.
    const form = { origin: 'https://localhost', host: 'localhost', 'sec-fetch-mode': 'navigate' };
    assert.equal((await ask('POST', 'order', { headers: form, body: {} })).status, 403);
    // What a browser does not vouch for is another page's, and no fault of the server's.
    const headers = { origin: 'https://evil.example', host: 'localhost', 'sec-fetch-site': 'cross-site' };
    assert.equal((await ask('POST', 'order', { headers, body: {} })).status, 403);
    const told = errors.map(({ message }) => /"(.*)" was refused.*Host "(.*)"/.exec(message)?.slice(1));
    assert.deepEqual(told, [
      ['https://localhost:8443', 'localhost'],
      ['http://localhost:5173', 'localhost:8080'],
    ]);
    for (let at = 0; at < 100; at += 1) await call(`https://x${at}.example`, 'localhost');
    assert.equal(errors.length, 20, 'a scan does not fill the log');
  });

  it('options that would let anybody in are refused', () => {
    const { createProxy } = packed.proxy;
    const right = { client: portal.client, prefix: '/api/certs', hosts: [host], authorize: () => null };
    assert.equal(typeof createProxy(right), 'function');
    const clientAt = (certsBaseUrl, more) =>
      new packed.api.CertsClient({ auth: { apiKey: 'k', token: 't' }, certsBaseUrl, ...more });
    for (const loopback of ['http://localhost:1', 'http://127.0.0.2/x', 'http://[::1]:80', 'http://a.localhost']) {
      assert.equal(typeof createProxy({ ...right, client: clientAt(loopback) }), 'function', loopback);
    }
    const page = new packed.api.CertsClient({ auth: 'proxy', certsBaseUrl: '/api' });
    for (const [name, value] of [
      ['client', {}],
      ['client', page],
      ['client', clientAt('http://certs.example/v1', { allowInsecure: true })],
      ['client', clientAt('certs.example/v1')],
      ['hosts', undefined],
      ['hosts', []],
      ['hosts', ['*']],
      ['hosts', ['https://portal.example']],
      ['prefix', ''],
      ['prefix', '/'],
      ['prefix', '/api/../x'],
      ['authorize', undefined],
      ['maxWait', -1],
      ['onAudit', 'log'],
      ['host', [host]],
    ]) {
      assert.throws(() => createProxy({ ...right, [name]: value }), { name: 'ValidationError' }, `${name}: ${value}`);
    }
  });
});
