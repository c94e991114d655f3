/** `client.diagnose()` against every reading of the sandbox. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { installPackage } from './support/install.mjs';

/** What reading calls cannot see: it takes a change, a wrong secret, or more calls than are anybody's to make. */
const unseen = [
  ...['refreshedToken', 'refusedToken', 'refusedKey', 'freshCert', 'freshOrder', 'createReply', 'duplicateOrder'],
  ...['actionReply', 'deleteReply', 'actionEffect', 'unsaidActions', 'listBodies', 'csrLocality', 'conflict'],
  ...['limitWindow', 'limitScope', 'limitTokens', 'limitUnauthorized', 'limitRefused', 'retryAfter'],
];

/** Ways that look the same to those who only read: each with the others that fit. */
const alike = {
  revokedOrder: { revoked: ['at-once'], 'at-once': ['revoked'] },
  // Somebody may have sent them so.
  names: { 'lower-case': ['as-sent'], 'with-common-name': ['as-sent'] },
  page: { all: ['first'] },
};

describe('a diagnosis', () => {
  let project;
  let api;
  let sandboxes;
  before(async () => {
    project = await installPackage();
    api = await project.import();
    sandboxes = await project.import('markmonitor-certs/sandbox');
  });
  after(() => project?.remove());

  /** A sandbox with an order under way, and its diagnosis. */
  async function diagnosed(readings, options = {}) {
    const sandbox = await sandboxes.createSandbox({ demo: true, readings });
    const client = new api.CertsClient({ auth: sandbox.credentials, fetch: sandbox.fetch, maxRetries: 0 });
    await placeOrder(client);
    sandbox.advance(60_000);
    const before = sandbox.requests.length;
    const diagnosis = await client.diagnose(options);
    client.close();
    return { sandbox, diagnosis, requests: sandbox.requests.slice(before) };
  }

  async function placeOrder(client) {
    const [organization] = await client.organizations.list().toArray({ limit: 1 });
    const contact = organization.contacts.find(({ contactTypes }) => contactTypes[0].type === 'ORGANIZATION_CONTACT');
    const names = { commonName: 'Never.example', dnsNames: ['www.never.example'] };
    const { csr } = await api.createCsr({
      subject: { commonName: 'never.example', organizationName: organization.name, country: 'US' },
      dnsNames: ['never.example', ...names.dnsNames],
    });
    await client.orders.create({
      organizationId: organization.id,
      contacts: [{ id: contact.id, contactTypes: [{ type: 'ORGANIZATION_CONTACT' }] }],
      ...{ certType: 'SSL_OV_BASIC', locale: 'en', provider: 'DIGICERT' },
      cert: { ...names, csr, dcvMethod: 'DNS_TXT_TOKEN' },
    });
  }

  it('says what it will do before its first call, and makes no call that changes something', async () => {
    const sandbox = await sandboxes.createSandbox({ demo: true });
    const client = new api.CertsClient({ auth: sandbox.credentials, fetch: sandbox.fetch });
    const plans = [];
    const { calls } = await client.diagnose({
      onPlan: (steps) => plans.push({ steps, requests: sandbox.requests.length }),
    });
    assert.equal(plans.length, 1);
    assert.equal(plans[0].requests, 0);
    assert.ok(plans[0].steps.length > 5 && plans[0].steps.every((step) => step.endsWith('.')));
    const changing = sandbox.requests
      .filter(({ method }) => method !== 'GET')
      .map(({ path }) => path.split('/').at(-1));
    assert.deepEqual(changing, ['authenticate']);
    assert.equal(calls.length, sandbox.requests.length);
    assert.ok(calls.length <= 30, 'a few');
    client.close();
  });

  it('says of each reading what there is to say, and every one is there', async () => {
    const { diagnosis } = await diagnosed({});
    const names = diagnosis.readings.map(({ name }) => name);
    assert.deepEqual(names, Object.keys(sandboxes.readings));
    assert.deepEqual(
      diagnosis.readings.filter(({ state }) => state === 'unseen').map(({ name }) => name),
      unseen.length === 0 ? [] : names.filter((name) => unseen.includes(name)),
    );
    for (const { state, note } of diagnosis.readings) assert.equal(note !== undefined, state === 'unseen');
    assert.deepEqual(diagnosis.undocumented, { fields: [], values: [] });
    assert.deepEqual(diagnosis.token.form, 'JWT');
    assert.equal(diagnosis.token.lifeSeconds, 5400);
    assert.deepEqual(
      [diagnosis.service.certs, diagnosis.service.auth],
      [
        { path: '/certs/v1', status: 200 },
        { path: '/auth/v1', status: 200 },
      ],
    );
  });

  it('sees under every reading of the sandbox which one it is', async () => {
    const wrong = [];
    const seen = new Set();
    for (const chosen of mixtures(sandboxes.readings)) {
      const { diagnosis } = await diagnosed(chosen);
      const where = JSON.stringify(chosen);
      for (const { name, state, values } of diagnosis.readings) {
        const value = chosen[name] ?? sandboxes.readings[name][0];
        // Whatever else is as it is, nothing false is said; and of what was chosen it is seen what it is.
        if (state !== 'unseen' && !values.includes(value)) wrong.push(`${where}: ${name} is said to be ${values}`);
        if (!(name in chosen)) continue;
        seen.add(`${name}=${value}`);
        const wanted = [value, ...(alike[name]?.[value] ?? [])].sort().join();
        if ([...values].sort().join() !== wanted) wrong.push(`${where}: of ${name} is seen: ${state} ${values}`);
      }
    }
    assert.deepEqual(wrong, []);
    const all = Object.entries(sandboxes.readings).filter(([name]) => !unseen.includes(name));
    assert.equal(seen.size, all.flatMap(([, values]) => values).length);
  });

  /** Every value of every reading that can be seen, three at a time: of tokens and errors, of pages, of all else. */
  function mixtures(readings) {
    const of = (...names) => names.flatMap((name) => readings[name].map((value) => [name, value]));
    const [apart, pages] = [
      ['refresh', 'tokenExpiry', 'errorBody', 'validations', 'dateHeader'],
      [
        'pageForm',
        'firstPage',
        'page',
        'pageSize',
        'emptyPage',
        'pastLastPage',
        'sort',
        'filters',
        'inferredFilters',
        'validUntil',
        'emptyList',
      ],
    ];
    const others = Object.keys(readings).filter((name) => ![...apart, ...pages, ...unseen].includes(name));
    const lists = [of(...apart), of(...pages), of(...others)];
    const longest = Math.max(...lists.map(({ length }) => length));
    return Array.from({ length: longest }, (_, at) =>
      Object.fromEntries(lists.flatMap((list) => [list[at] ?? []].filter(({ length }) => length))),
    );
  }

  it('names what nobody documented by its form, and shows no value of the account', async () => {
    const { diagnosis, sandbox } = await diagnosed({ dcvToken: 'in-cert', statuses: 'unseen', types: 'unseen' });
    assert.deepEqual(diagnosis.undocumented.fields, ['Order.cert.dcvToken: text']);
    assert.ok(diagnosis.undocumented.values.includes('OrderStatus: DIGI_VETTING'));
    const text = JSON.stringify(diagnosis);
    const list = await (
      await sandbox.fetch('http://x/certs/v1/order?size=100', { headers: await headersOf(sandbox) })
    ).json();
    const held = new Set(
      list.content.flatMap(({ id, organizationId, cert }) => [
        id,
        organizationId,
        cert?.commonName,
        cert?.serialNumber,
      ]),
    );
    for (const secret of [...held, ...Object.values(sandbox.credentials), 'Example Industries', 'example.com']) {
      if (secret) assert.ok(!text.includes(secret), secret);
    }
  });

  async function headersOf({ fetch, credentials: { apiKey, ...user } }) {
    const headers = { 'x-api-key': apiKey, 'content-type': 'application/json' };
    const reply = await fetch('http://x/auth/v1/auth/authenticate', {
      method: 'POST',
      headers,
      body: JSON.stringify(user),
    });
    return { ...headers, authorization: `Bearer ${(await reply.json()).token}` };
  }

  it('shows the headers of a limit, numbers as they are and all else by its form', async () => {
    const sandbox = await sandboxes.createSandbox({ demo: true });
    const fetch = async (url, init) => {
      const reply = await sandbox.fetch(url, init);
      const headers = new Headers(reply.headers);
      headers.set('x-ratelimit-remaining', '99');
      headers.set('x-ratelimit-policy', 's3cret of ada@example.com');
      headers.set('x-owner', 'ada@example.com');
      return new Response(await reply.arrayBuffer(), { status: reply.status, headers });
    };
    const client = new api.CertsClient({ auth: sandbox.credentials, fetch });
    const { limitHeaders } = await client.diagnose();
    assert.deepEqual(limitHeaders, { 'x-ratelimit-remaining': '99', 'x-ratelimit-policy': 'text' });
    client.close();
  });

  it('shows no word of the account: neither keys of maps, nor names of headers and claims, nor ids that are not UUIDs', async () => {
    const secret = ['umbrella', 'secret-shop', 'secret_shop', 'jane', '10.1.2.3', '2125551234', 'acme', 'order-77'];
    const sandbox = await sandboxes.createSandbox({ demo: true });
    const doctored = (order, at) => ({
      ...order,
      // A map by data where an object or a list is documented; a field that is new; one that only one order has.
      contacts: { 'jane@acme.example': order.contacts },
      price: { Umbrella: 5, umbrella: 6, currency: 'USD' },
      vettingOutcome: 'x',
      ...(at === 0 && { umbrella: 1, 'secret-shop.example': 1, Jane: 1 }),
      certType: ['ACME-Corp', 'Jane', 'SSL_NEW_2'][at] ?? order.certType,
      cert: {
        ...order.cert,
        dcvEmails: { 'secret-shop.example': ['jane@acme.example'], secret_shop: [] },
        dcvTokens: { 'secret-shop.example': 'x' },
        [`secret-shop${at}`]: 'x',
      },
    });
    const claims = { iat: 1, exp: 5401, sub: 'jane', 'https://umbrella.example/jane': 1, umbrella: 1, tenantId: 'x' };
    const jwt = `e30.${btoa(JSON.stringify(claims)).replace(/=+$/, '')}.x`;
    let token;
    const fetch = async (url, init) => {
      const headers = new Headers(init.headers);
      if (headers.has('authorization')) headers.set('authorization', `Bearer ${token}`);
      const reply = await sandbox.fetch(url.replace('order-77', orderId), { ...init, headers });
      const limit = { 'x-ratelimit-limit-minute': '100', ratelimit: 'limit=100, remaining=99, reset=30' };
      const other = { 'x-ratelimit-user-jane': '5', 'x-ratelimit-client': '10.1.2.3', 'x.limit.umbrella': '1' };
      const long = { 'x-ratelimit-reset': '2125551234', 'ratelimit-policy': '"acme";q=100;w=60' };
      const changed = { status: reply.status, headers: { ...limit, ...other, ...long } };
      if (!reply.headers.get('content-type')?.includes('json')) return new Response(await reply.text(), changed);
      const json = await reply.json();
      if (json?.token) {
        token = json.token;
        json.token = jwt;
      }
      if (Array.isArray(json?.content) && /order\?/.test(url)) {
        orderId = json.content[0]?.id ?? orderId;
        json.content = json.content.map(doctored);
        if (json.content[0]) json.content[0].id = 'order-77';
      }
      return new Response(JSON.stringify(json), changed);
    };
    let orderId = '';
    const client = new api.CertsClient({ auth: sandbox.credentials, fetch });
    const diagnosis = await client.diagnose();
    client.close();
    const text = JSON.stringify(diagnosis).toLowerCase();
    for (const word of secret) assert.ok(!text.includes(word), `${word}: ${text.split(word)[0].slice(-80)}`);
    const { fields, values } = diagnosis.undocumented;
    assert.deepEqual(fields, [
      'Order.*: number',
      'Order.cert.*: text',
      'Order.cert.dcvEmails.*: list',
      'Order.cert.dcvEmails.*: list of email',
      'Order.cert.dcvTokens: object',
      'Order.price.*: number',
      'Order.price.currency: text',
      'Order.vettingOutcome: text',
    ]);
    assert.deepEqual(values, ['CertType: SSL_NEW_2', 'CertType: text']);
    assert.deepEqual(diagnosis.token.claims, ['iat', 'exp', 'sub', '*', 'tenantId']);
    assert.deepEqual(diagnosis.limitHeaders, {
      ratelimit: 'limit=100, remaining=99, reset=30',
      'ratelimit-policy': 'text',
      'x-ratelimit-limit-minute': '100',
      'x-ratelimit-reset': 'digits',
      '*': '3 of other names',
    });
    assert.ok(diagnosis.calls.some(({ call }) => call === 'GET /order/{id}'));
  });

  it('is made where nothing answers, too, and says so', async () => {
    const fetch = async () => {
      throw new TypeError('fetch failed');
    };
    const auth = { apiKey: 'k3y-canary', username: 'ada', password: 'p4ss-canary' };
    const client = new api.CertsClient({ auth, fetch, maxRetries: 0 });
    const diagnosis = await client.diagnose();
    assert.equal(diagnosis.service.certs.status, undefined);
    assert.ok(diagnosis.calls.every(({ error }) => error === 'connection'));
    assert.ok(diagnosis.readings.every(({ state }) => state === 'unseen'));
    assert.doesNotMatch(JSON.stringify(diagnosis), /canary/);
    client.close();
  });

  it('ends when it is aborted', async () => {
    const sandbox = await sandboxes.createSandbox({ demo: true });
    const client = new api.CertsClient({ auth: sandbox.credentials, fetch: sandbox.fetch });
    const reason = new Error('enough');
    const controller = new AbortController();
    const aborting = client.diagnose({ signal: controller.signal, onPlan: () => controller.abort(reason) });
    await assert.rejects(aborting, reason);
    await assert.rejects(client.diagnose({ onPlan: 1 }), /`onPlan` must be a function/);
    for (const odd of [5, 'timeout', true, [], () => {}])
      await assert.rejects(client.diagnose(odd), /options must be an object/);
    const asked = sandbox.requests.length;
    for (const [name, value] of Object.entries({ onplan() {}, timout: 5, timeout: -1, signal: 'x', priority: 5 })) {
      await assert.rejects(client.diagnose({ [name]: value }), (error) => {
        assert.deepEqual([error.name, error.findings[0].field], ['ValidationError', name]);
        return true;
      });
    }
    assert.equal(sandbox.requests.length, asked);
    client.close();
  });
});
