import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { installPackage } from './support/install.mjs';

const id = '123e4567-e89b-12d3-a456-426614174000';
const pem = '-----BEGIN PRIVATE KEY-----\nMIIsecret\n-----END PRIVATE KEY-----';
const auth = { apiKey: 'the-api-key', token: 'the-token' };

const revoked = () => {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
};
const throwing = () => {
  throw new Error('mine');
};

/** Lists that cannot be gone through. */
const oddLists = {
  throws: () => Object.defineProperty(['a'], 0, { get: throwing }),
  'was revoked': () => {
    const { proxy, revoke } = Proxy.revocable([], {});
    revoke();
    return proxy;
  },
  'holds itself': () => {
    const list = [];
    list.push(list);
    return list;
  },
  'is nested without an end': () => Array.from({ length: 100_000 }).reduce((list) => [list], []),
};

/** Options of a client that its first call refuses, and the field that the refusal names. */
const wrongClients = {
  'timeout: -1': [{ timeout: -1 }, 'timeout'],
  "timeout: '5 s'": [{ timeout: '5 s' }, 'timeout'],
  'timeout: NaN': [{ timeout: Number.NaN }, 'timeout'],
  'maxRetries: 1.5': [{ maxRetries: 1.5 }, 'maxRetries'],
  'maxReplyBytes: -1': [{ maxReplyBytes: -1 }, 'maxReplyBytes'],
  "readOnly: 'yes'": [{ readOnly: 'yes' }, 'readOnly'],
  'rateLimit: true': [{ rateLimit: true }, 'rateLimit'],
  'rateLimit.limit: 0': [{ rateLimit: { limit: 0 } }, 'rateLimit.limit'],
  'rateLimit.share: 2': [{ rateLimit: { share: 2 } }, 'rateLimit.share'],
  "rateLimit.scope: 'world'": [{ rateLimit: { scope: 'world' } }, 'rateLimit.scope'],
  'rateLimit.limt': [{ rateLimit: { limt: 5 } }, 'rateLimit.limt', /did you mean `limit`/],
  'auth.tokenStore: {}': [{ auth: { apiKey: 'k', username: 'u', password: 'p', tokenStore: {} } }, 'auth.tokenStore'],
  'auth.username: 5': [{ auth: { apiKey: 'k', username: 5, password: 'p' } }, 'auth.username'],
  'a base that is not an address': [{ certsBaseUrl: 'nowhere' }, 'certsBaseUrl'],
  'a base that no text can be made of': [{ certsBaseUrl: Symbol('a') }, 'certsBaseUrl'],
  'a base that is an URL': [{ authBaseUrl: new URL('http://a.example') }, 'authBaseUrl'],
};

/** Calls that are refused before anything is sent, and the field that the refusal names. */
const wrongCalls = {
  'a misspelt option of a call': [
    (client) => client.orders.get(id, { timeOut: 5 }),
    'timeOut',
    /did you mean `timeout`/,
  ],
  'a wrong value of one': [(client) => client.orders.get(id, { timeout: '5' }), 'timeout'],
  'a misspelt filter': [(client) => client.orders.list({ status: ['X'] }).then(), 'status', /did you mean `statuses`/],
  'the same, iterated': [(client) => client.orders.list({ status: ['X'] }).toArray(), 'status'],
  'a wrong value in a filter': [(client) => client.orders.list({ size: '50' }).then(), 'size'],
  'a page of -1': [(client) => client.contacts.list({ page: -1 }).then(), 'page'],
  'a filter that is not an object': [(client) => client.contacts.list('ada@example.com').then(), undefined],
  'a misspelt option of waiting': [
    (client) => client.orders.waitUntil(id, 'issued', { maxwait: 5 }),
    'maxwait',
    /did you mean `maxWait`/,
  ],
  'a filter that is an invalid date': [
    (client) => client.orders.list({ validUntil: new Date(Number.NaN) }).then(),
    'validUntil',
    /invalid date/,
  ],
  ...Object.fromEntries(
    [Number.NaN, Number.POSITIVE_INFINITY, { toJSON: () => null }, () => 5].map((given) => [
      `a filter that JSON has no ${given} for`,
      [(client) => client.orders.list({ providerId: given }).then(), 'providerId', /invalid date or number/],
    ]),
  ),
  ...Object.fromEntries(
    ['certificateTypes', 'statuses', 'commonNames'].map((name) => [
      `no ${name} in a filter`,
      [(client) => client.orders.list({ [name]: [] }).toArray(), name, /names nothing/],
    ]),
  ),
  'an empty list in a query': [
    (client) => client.request({ method: 'GET', path: '/order', query: { any: [] } }),
    'any',
    /names nothing/,
  ],
  'a list of names without a name': [
    (client) => client.orders.list({ commonNames: [''] }).toArray(),
    'commonNames',
    /names nothing/,
  ],
  'a function in a query': [
    (client) => client.request({ method: 'GET', path: '/order', query: { any: () => 5 } }),
    'any',
    /a function/,
  ],
  'an id that is NaN': [(client) => client.orders.get(Number.NaN), 'id', /it is not a string/],
  'an id that is not there': [(client) => client.orders.get(undefined), 'id', /it is missing/],
  'an order to cancel that cannot be looked at': [(client) => client.orders.cancel(revoked()), 'id', /cannot be read/],
  'an order to cancel that throws': [
    (client) => client.orders.cancel({ id, toJSON: throwing }),
    undefined,
    /cannot be read: .*mine/,
  ],
  'an order that throws': [(client) => client.orders.create({ toJSON: throwing }), 'order', /cannot be read: .*mine/],
  'a contact that throws': [
    (client) => client.contacts.update(id, Object.defineProperty({}, 'email', { enumerable: true, get: throwing })),
    'changes',
    /cannot be read: .*mine/,
  ],
  'a body with a BigInt': [
    (client) => client.request({ method: 'POST', path: '/x', body: { any: 10n } }),
    'body',
    /cannot be read: .*BigInt/,
  ],
  ...Object.fromEntries(
    Object.entries(oddLists).flatMap(([which, list]) => [
      [
        `a list that ${which} as an option`,
        [(client) => client.orders.get(id, { lane: list() }), 'lane', /must be a string/],
      ],
      [
        `a list that ${which} of what is to be the same`,
        [(client) => client.orders.createOnce({}, { check: false, same: list() }), 'same', /must be a list|be read/],
      ],
    ]),
  ),
  'what is to be the same under another name': [
    (client) => client.orders.createOnce({}, { check: false, same: ['names', 'kind'] }),
    'same',
    /one of 'names', 'type'/,
  ],
  'a key in the place of a filter': [(client) => client.orders.list({ [pem]: 1 }).then(), 'filter', /not one/],
  'a key in the place of an option': [(client) => client.orders.get(id, { [pem]: 1 }), undefined, /not one/],
  'nothing to send': [(client) => client.organizations.create(null), 'organization', /must be an object/],
  'a number to send': [(client) => client.contacts.update(id, 5), 'changes', /must be an object/],
  'a goal that is not one': [(client) => client.orders.waitUntil(id, 'validated'), 'goal'],
  'days that are missing': [(client) => client.orders.expiring({}), 'withinDays'],
  'a misspelt filter of what ends soon': [
    (client) => client.orders.expiring({ withinDays: 5, filter: { commonName: 'x' } }),
    'commonName',
    /did you mean `commonNames`/,
  ],
  'an id that is not a UUID': [(client) => client.orders.get('an id'), 'id'],
  'an id that is missing': [(client) => client.orders.get(), 'id'],
  'an id that is an object': [(client) => client.contacts.get({ id }), 'id'],
  'a line of a history that is not a UUID': [(client) => client.orders.history.get(id, 'x'), 'historyId'],
  'a misspelt part of a request': [
    (client) => client.request({ method: 'GET', path: '/x', qurey: {} }),
    'qurey',
    /did you mean `query`/,
  ],
  'a filter that is null': [(client) => client.orders.list(null).then(), 'filter', /must be an object/],
  'a filter that is a list': [(client) => client.orders.list([]).then(), 'filter', /must be an object/],
  'a query that is text': [
    (client) => client.request({ method: 'GET', path: '/x', query: 'a=b' }),
    'query',
    /must be an object/,
  ],
  'ids that are one text': [
    async (client) => (await client.orders.waitUntilAll(id, 'issued').next()).value,
    'ids',
    /list/,
  ],
  'a reissue of nobody knows what': [
    (client) => client.orders.waitUntil(id, 'reissued'),
    'id',
    /pass the order as it was before/,
  ],
  'the same among others': [
    async (client) => (await client.orders.waitUntilAll([id], 'reissued').next()).value,
    'ids[0]',
    /pass the order as it was before/,
  ],
  'an id among others': [async (client) => (await client.orders.waitUntilAll([5], 'issued').next()).value, 'ids[0]'],
  'a signal that is not one': [(client) => client.orders.get(id, { signal: 5 }), 'signal', /AbortSignal/],
  'one that only says that it is aborted': [(client) => client.orders.get(id, { signal: { aborted: true } }), 'signal'],
  'a look before that is text': [(client) => client.orders.create({}, { check: 'no' }), 'check', /true or false/],
  'a limit of a list that is misspelt': [(client) => client.orders.list().toArray({ limt: 5 }), 'limt', /`limit`/],
  'a limit of a list that is text': [(client) => client.orders.list().toArray({ limit: '5' }), 'limit'],
  'no options where there have to be some': [(client) => client.orders.expiring(), undefined],
  'a preview of nothing': [(client) => client.preview(), 'call'],
  'a service that is not one': [(client) => client.request({ service: 'oauth', method: 'GET', path: '/x' }), 'service'],
};

/** What is asked of the reader and refused, and the field that the refusal names. */
const wrongReadings = {
  'a context that is text': [(api) => api.inspectCsr('', 'x'), 'context', /must be a plain object/],
  'a misspelt context': [(api) => api.inspectCsr('', { ordr: {} }), 'ordr', /did you mean `order`/],
  'an organization that is text': [(api) => api.inspectCsr('', { organization: 'x' }), 'organization'],
  'names in an order that are text': [
    (api) => api.inspectCsr('', { order: { cert: { dnsNames: 'a' } } }),
    'order.cert.dnsNames',
  ],
  'weak keys that are numbers': [(api) => api.inspectCsr('', { weakKeys: [1] }), 'weakKeys[0]', /must be a string/],
  'an order that is not one': [(api) => api.checkOrder(), 'order', /must be an object/],
  'no request': [(api) => api.createCsr(), 'request', /must be an object/],
  'a request without a name': [(api) => api.createCsr({}), undefined, /name/],
  'a subject that is text': [(api) => api.createCsr({ subject: 'CN=a' }), 'subject', /must be a plain object/],
  'a subject that is to come': [
    (api) => api.createCsr({ subject: Promise.resolve({ commonName: 'a' }), dnsNames: ['example.com'] }),
    'subject',
    /must be a plain object/,
  ],
  'a subject that is a map': [(api) => api.createCsr({ subject: new Map() }), 'subject', /must be a plain object/],
  'a subject that inherits its names': [
    (api) => api.createCsr({ subject: Object.create({ commonName: 'a' }) }),
    'subject',
    /must be a plain object/,
  ],
  'a request that is a date': [(api) => api.createCsr(new Date()), 'request', /must be a plain object/],
  'a key that is a map': [(api) => created(api, new Map()), 'key', /must be a private key/],
  'contents without a certificate': [(api) => api.toPkcs12({ key: '', password: 'a' }), 'certificate'],
  'a misspelt part of a subject': [
    (api) => api.createCsr({ subject: { comonName: 'a' } }),
    'subject.comonName',
    /did you mean `commonName`/,
  ],
  'a part of the subject outside of it': [
    (api) => api.createCsr({ commonName: 'example.com', dnsNames: ['example.com'] }),
    'commonName',
    /belongs in `subject`: give `subject: { commonName: … }`/,
  ],
  'names that are one text': [(api) => api.createCsr({ dnsNames: 'example.com' }), 'dnsNames', /must be a list/],
  'a name that is a number': [
    (api) => api.createCsr({ dnsNames: ['example.com', 5] }),
    'dnsNames[1]',
    /must be a string/,
  ],
  'an algorithm of a key': [(api) => created(api, { algorithm: 'DSA' }), 'key.algorithm', /must be 'EC' or 'RSA'/],
  'a misspelt curve': [(api) => created(api, { algorithm: 'EC', curv: 'P-384' }), 'key.curv', /did you mean `curve`/],
  'a curve that no authority takes': [(api) => created(api, { algorithm: 'EC', curve: 'P-521' }), 'key.curve', /P-256/],
  'a size that is text': [(api) => created(api, { algorithm: 'RSA', bits: '4096' }), 'key.bits', /whole number/],
  'a curve of RSA': [(api) => created(api, { algorithm: 'RSA', curve: 'P-256' }), 'key', /has `bits`/],
  'a misspelt field': [
    (api) => api.createCsr({ dnsNames: [], mustStapel: true }),
    'mustStapel',
    /did you mean `mustStaple`/,
  ],
  'a password of a key that is made': [
    (api) => created(api, { algorithm: 'EC', password: 'a' }),
    'key.password',
    /of a key that is given.*privateKeyPassword/,
  ],
  'a misspelt part of a key': [
    (api) => created(api, { pem: '', pasword: 'a' }),
    'key.pasword',
    /did you mean `password`/,
  ],
  'several countries': [
    (api) => api.createCsr({ subject: { country: ['US'] } }),
    'subject.country',
    /must be a string/,
  ],
  'a unit that is a number': [
    (api) => api.createCsr({ subject: { organizationalUnit: 5 } }),
    'subject.organizationalUnit',
    /must be a string or a list of strings/,
  ],
  'a unit among others that is a number': [
    (api) => api.createCsr({ subject: { organizationalUnit: ['a', 5] } }),
    'subject.organizationalUnit[1]',
    /must be a string/,
  ],
  'a hash of another kind': [(api) => api.createCsr({ dnsNames: [], hash: 'SHA-1' }), 'hash', /must be 'SHA-256' or/],
  'a check that is text': [(api) => api.createCsr({ dnsNames: [], check: 'no' }), 'check', /true or false/],
  'contents that are none': [(api) => api.toPkcs12(), 'contents', /must be an object/],
  'a size of EC': [(api) => created(api, { algorithm: 'EC', bits: 2048 }), 'key', /has a `curve`/],
  'an attribute by its name in OpenSSL': [
    (api) => api.createCsr({ subject: { emailAddress: 'a@example.com' } }),
    'subject.emailAddress',
    /did you mean `email`/,
  ],
  'half of a surrogate pair': [
    (api) => api.createCsr({ subject: { locality: 'a\ud800b' }, dnsNames: ['example.com'] }),
    'subject.locality',
    /surrogate/,
  ],
  'a key that is a number': [(api) => created(api, 5), 'key', /a private key: PEM, DER/],
  'a key that is a list': [(api) => created(api, []), 'key', /a private key: PEM, DER/],
  'a key for a file that is null': [
    (api) => api.toPkcs12({ certificate: '', key: null, password: 'a' }),
    'key',
    /a private key: PEM, DER/,
  ],
  'a JSON Web Key': [(api) => created(api, { kty: 'EC', crv: 'P-256', x: '', y: '', d: '' }), 'key', /JSON Web Key/],
  'a KeyObject': [(api) => created(api, nodeKeys.privateKey), 'key', /KeyObject/],
  'a pair of KeyObjects': [(api) => created(api, nodeKeys), 'key', /KeyObject/],
  'a public CryptoKey': [async (api) => created(api, (await webKeys('ECDSA')).publicKey), 'key', /not a private one/],
  'halves in the place of each other': [
    async (api) => {
      const { privateKey, publicKey } = await webKeys('ECDSA');
      return created(api, { privateKey: publicKey, publicKey: privateKey });
    },
    'key',
    /wrong places/,
  ],
  'a key for ECDH': [async (api) => created(api, (await webKeys('ECDH')).privateKey), 'key', /cannot sign/],
  'a pair of keys for ECDH': [async (api) => created(api, await webKeys('ECDH')), 'key', /cannot sign/],
};

const created = (api, key) => api.createCsr({ dnsNames: ['example.com'], key });
const nodeKeys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const webKeys = (name) =>
  crypto.subtle.generateKey({ name, namedCurve: 'P-256' }, true, name === 'ECDH' ? ['deriveKey'] : ['sign', 'verify']);

describe('what a caller gets wrong is refused by its name, and nothing is sent', () => {
  let project;
  let api;
  before(async () => {
    project = await installPackage();
    api = await project.import();
  });
  after(() => project?.remove());

  it('of a store in Redis, and of a journal', async () => {
    const { createRedisStore } = await project.import('markmonitor-certs/redis');
    for (const wrong of [undefined, null, {}, { sendCommand: 5 }]) {
      assert.throws(() => createRedisStore(wrong), { name: 'TypeError', message: /must be a client/ });
    }
    assert.throws(() => createRedisStore({ sendCommand() {} }, { prefx: 'a' }), {
      name: 'TypeError',
      message: /prefx/,
    });
    for (const prefix of [5, {}, ['a'], Symbol('a'), null]) {
      const message = 'The option `prefix` must be a string.';
      assert.throws(() => createRedisStore({ sendCommand() {} }, { prefix }), { name: 'TypeError', message });
    }
    for (const wrong of [undefined, null, {}, { get() {} }]) {
      assert.throws(() => api.createRenewalJournal(wrong), { name: 'ValidationError', message: /must be a store/ });
    }
  });

  const fetch = () => assert.fail('It was sent.');
  const assertRefused = (call, field, message = /\S/) =>
    assert.rejects(call, (error) => {
      assert.ok(error instanceof api.ValidationError, `${error}`);
      assert.equal(error.code, 'invalid');
      if (field) assert.equal(error.findings[0].field, field);
      assert.match(error.message, message);
      // Words for somebody who writes JavaScript.
      assert.doesNotMatch(error.message, /\bu\d+\b|\bi\d+\b|\bf64\b|internally tagged|JsValue|struct/);
      return true;
    });

  for (const [what, [options, ...expected]] of Object.entries(wrongClients)) {
    it(`in a client: ${what}`, async () => {
      const client = new api.CertsClient({ auth, fetch, ...options });
      await assertRefused(client.orders.get(id), ...expected);
      await assertRefused(client.orders.list().toArray(), ...expected);
      await assertRefused(client.withOptions({ maxRetries: 1 }).orders.get(id), ...expected);
    });
  }

  for (const [what, [call, ...expected]] of Object.entries(wrongCalls)) {
    it(`in a call: ${what}`, async () => {
      await assertRefused(call(new api.CertsClient({ auth, fetch, rateLimit: false })), ...expected);
    });
  }

  for (const [what, [ask, ...expected]] of Object.entries(wrongReadings)) {
    it(`of the reader: ${what}`, () => assertRefused(ask(api), ...expected));
  }

  it('by the caller: what a getter of an argument throws, unchanged', async () => {
    const thrown = new Error('the secret store cannot be reached');
    const throwing = {
      get() {
        throw thrown;
      },
      enumerable: true,
    };
    const pem = (await api.createCsr({ dnsNames: ['example.com'] })).csr;
    const calls = [
      [api.createCsr, { dnsNames: ['example.com'] }, ['key', 'privateKeyPassword', 'hash', 'check', 'subject', 'like']],
      [(subject) => api.createCsr({ subject }), { commonName: 'example.com' }, ['organizationName', 'country']],
      [(key) => created(api, key), { pem: 'x' }, ['password', 'pem']],
      [api.toPkcs12, { password: 'a' }, ['certificate', 'chain', 'key', 'password', 'friendlyName']],
      [(context) => api.inspectCsr(pem, context), {}, ['certType', 'order', 'organization', 'weakKeys']],
      [(order) => api.inspectCsr(pem, { order }), {}, ['cert']],
      [(context) => api.parseBundle('', context), {}, ['csr']],
      [(context) => api.checkOrder({}, context), {}, ['organization']],
    ];
    for (const [call, argument, names] of calls) {
      for (const name of names) {
        const given = Object.defineProperty({ ...argument }, name, throwing);
        await assert.rejects(call(given), (error) => error === thrown, name);
        // One that is not listed is read all the same.
        const hidden = Object.defineProperty({ ...argument }, name, { ...throwing, enumerable: false });
        await assert.rejects(call(hidden), (error) => error === thrown, name);
      }
    }
    for (const trap of ['get', 'getPrototypeOf', 'ownKeys']) {
      const proxy = new Proxy({ commonName: 'example.com' }, { [trap]: throwing.get });
      await assert.rejects(api.createCsr({ subject: proxy }), (error) => error === thrown, trap);
    }
  });

  it('nor by the core, of a list of orders that throws', async () => {
    const client = new api.CertsClient({ auth, fetch, rateLimit: false });
    await assert.rejects(client.orders.waitUntilAll(oddLists.throws(), 'issued').next(), { message: 'mine' });
  });

  it('not: an object without a prototype, one that holds itself, a key that is null', async () => {
    const bare = Object.assign(Object.create(null), { commonName: 'example.com' });
    const made = await api.createCsr({ subject: bare, dnsNames: ['example.com'], key: null });
    assert.match(made.privateKeyPem, /PRIVATE KEY/);
    const order = { cert: { commonName: 'example.com' } };
    order.cert.order = order;
    await api.inspectCsr(made.csr, { order });
  });

  it('at once: options that are none, events that there are not', () => {
    const client = new api.CertsClient({ auth, fetch });
    for (const [wrong, message] of [
      [() => new api.CertsClient(null), /must be an object/],
      [() => client.withOptions(), /must be an object/],
      [() => client.on('requst', () => {}), /no event `requst`/],
      [() => client.on('request'), /Pass a function as the second argument/],
    ]) {
      assert.throws(wrong, (error) => error instanceof api.ValidationError && message.test(error.message), `${wrong}`);
    }
  });

  it('options that are null count as absent', async () => {
    const sent = [];
    const client = new api.CertsClient({
      auth,
      rateLimit: false,
      fetch: async (url) => sent.push(url) && Response.json({ id }),
    });
    assert.equal((await client.orders.get(id, null)).id, id);
    await client.orders.cancel(id, null);
    await client.orders.list({}, null).then(
      () => {},
      () => {},
    );
    assert.equal(sent.length, 3);
  });

  it('a goal that answers with a promise, which would be true at once', async () => {
    const order = { id, status: 'DIGI_PENDING' };
    const client = new api.CertsClient({ auth, rateLimit: false, fetch: async () => Response.json(order) });
    await assertRefused(
      client.orders.waitUntil(id, async () => false),
      'goal',
      /asynchronous/,
    );
  });

  it('but no goal that answers with what the order holds: it counts as JavaScript has it', async () => {
    let looks = 0;
    const cert = { endEntityCert: { serialNumber: '1' } };
    const fetch = async () => {
      looks += 1;
      return Response.json({ id, status: 'DIGI_PENDING', cert: looks < 3 ? null : cert });
    };
    const client = new api.CertsClient({ auth, rateLimit: false, fetch });
    const options = { minDelay: 1, maxDelay: 1 };
    const order = await client.orders.waitUntil(id, ({ cert }) => cert?.endEntityCert ?? null, options);
    assert.equal(looks, 3);
    assert.deepEqual(order.cert, cert);
  });

  it('in a derived client: what all clients of one token and limit share', async () => {
    const client = new api.CertsClient({ auth, fetch });
    for (const name of ['auth', 'certsBaseUrl', 'rateLimit']) {
      const options = { auth, certsBaseUrl: 'https://other.example', rateLimit: false };
      await assertRefused(client.withOptions({ [name]: options[name] }).orders.get(id), name, /make a new CertsClient/);
    }
  });
});
