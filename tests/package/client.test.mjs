import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { order, organization } from './scenarios/clients.mjs';
import { installPackage } from './support/install.mjs';
import { guideCsr } from './support/openssl.mjs';
import { virtualTime } from './support/virtual-time.mjs';

const csr = guideCsr();

describe('a client', () => {
  let project;
  let api;
  let createSandbox;
  before(async () => {
    project = await installPackage();
    api = await project.import();
    ({ createSandbox } = await project.import('markmonitor-certs/sandbox'));
  });
  after(() => project?.remove());

  let service;
  let client;
  const begin = async (options) => {
    service = await createSandbox(options);
    client = new api.CertsClient({ auth: service.credentials, fetch: service.fetch });
  };
  beforeEach(() => begin());
  const paths = () => service.requests.map(({ method, path }) => `${method} ${path}`);

  describe('with a list', () => {
    beforeEach(() => begin({ demo: true }));

    it('sends nothing until it is awaited, and then once', async () => {
      const list = client.orders.list({ size: 5 });
      assert.deepEqual(paths(), []);
      assert.ok(list instanceof Promise);
      const page = await list;
      assert.equal(page.content.length, 5);
      assert.equal(page, await list);
      assert.deepEqual(paths(), ['POST /auth/v1/auth/authenticate', 'GET /certs/v1/order']);
    });

    it('yields every item of every page, once', async () => {
      const { page } = await client.orders.list({ size: 7 });
      const ids = [];
      for await (const { id } of client.orders.list({ size: 7 })) ids.push(id);
      assert.ok(page.totalPages > 2);
      assert.equal(ids.length, page.totalElements);
      assert.equal(new Set(ids).size, ids.length);
    });

    it('yields its pages, and as many items as are wanted with no more requests than those take', async () => {
      const numbers = [];
      for await (const { page } of client.orders.list({ size: 20 }).pages()) numbers.push(page.number);
      assert.deepEqual(
        numbers,
        numbers.map((_, index) => index),
      );
      const sent = service.requests.length;
      assert.equal((await client.orders.list({ size: 5 }).toArray({ limit: 6 })).length, 6);
      assert.equal(service.requests.length - sent, 2);
      assert.deepEqual(await client.orders.list().toArray({ limit: 0 }), []);
      assert.equal(service.requests.length - sent, 2);
    });

    it('rejects like any promise', async () => {
      const list = client.orders.list({}, { signal: AbortSignal.abort('enough') });
      assert.equal(await list.catch((reason) => reason), 'enough');
      let ended = false;
      await list
        .finally(() => {
          ended = true;
        })
        .catch(() => {});
      assert.ok(ended);
    });
  });

  it('reports how a value was answered: of one, of a page and of its items', async () => {
    await begin({ demo: true });
    const page = await client.orders.list({ size: 2 });
    const info = api.responseOf(page);
    assert.equal(info.status, 200);
    assert.equal(info.attempts, 1);
    assert.ok(info.headers instanceof Headers && info.durationMs >= 0 && info.queuedMs >= 0);
    assert.equal(api.responseOf(page.content[1]), info);
    assert.equal(api.responseOf({}), undefined);
  });

  it('reports to its listeners what it does, until they are removed', async () => {
    const events = [];
    const stop = ['request', 'response', 'retry', 'token'].map((name) =>
      client.on(name, (event) => events.push([name, event])),
    );
    service.fault({ path: '/order', status: 503, times: 1 });
    await client.orders.list();
    assert.deepEqual(
      events.map(([name]) => name),
      ['request', 'response', 'token', 'request', 'retry', 'request', 'response'],
    );
    const [, retry] = events.find(([name]) => name === 'retry');
    assert.equal(retry.attempt, 1);
    assert.ok(retry.delayMs >= 0 && retry.reason.length > 0);
    assert.ok(events.at(-1)[1].headers instanceof Headers);
    for (const end of stop) end();
    await client.orders.list();
    assert.equal(events.length, 7);
  });

  it('sends a body of the caller’s in place of one that it would have guessed', async () => {
    const id = '123e4567-e89b-12d3-a456-426614174000';
    const bodyOf = async (call) => (await client.preview(call)).body;
    const body = { names: ['example.com'] };
    assert.deepEqual(await bodyOf((it) => it.orders.validateDomains(id, ['example.com'])), {
      domains: ['example.com'],
    });
    assert.deepEqual(await bodyOf((it) => it.orders.validateDomains(id, [], { body })), body);
    assert.deepEqual(await bodyOf((it) => it.orders.updateAdditionalEmails(id, [], { body })), body);
    assert.deepEqual(await bodyOf((it) => it.orders.sendDcvEmail(id, { body })), body);
    assert.deepEqual(await bodyOf((it) => it.orders.sendCertificateEmail(id, { body })), body);
    assert.deepEqual(await bodyOf((it) => it.certs.parse([csr], { body })), body);
  });

  it('previews a request, and sends nothing', async () => {
    const created = organization();
    const request = await client.preview((it) => it.organizations.create(created));
    assert.equal(request.method, 'POST');
    assert.equal(request.url, 'https://api.markmonitor.com/certs/v1/organization');
    assert.deepEqual(request.body, created);
    assert.ok(!JSON.stringify(request).includes(service.credentials.apiKey));
    const listed = await client.preview((it) => it.orders.list({ statuses: ['DIGI_ISSUED', 'CREATED'] }).toArray());
    assert.ok(listed.url.endsWith('/order?statuses=DIGI_ISSUED,CREATED&page=0'));
    const ending = await client.preview((it) => it.orders.expiring({ withinDays: 5 }));
    assert.ok(ending.url.endsWith('/order?statuses=DIGI_ISSUED&page=0'));
    const waited = await client.preview((it) => it.orders.waitUntil('123e4567-e89b-12d3-a456-426614174000', 'issued'));
    assert.ok(waited.url.endsWith('/order/123e4567-e89b-12d3-a456-426614174000'));
    await assert.rejects(
      client.preview((it) => it.orders.get('no id')),
      api.ValidationError,
    );
    await assert.rejects(
      client.preview(async () => {}),
      /made no call/,
    );
    assert.deepEqual(paths(), []);
  });

  it('that is read-only refuses every call that is not a GET before it leaves', async () => {
    const reader = client.withOptions({ readOnly: true });
    await assert.rejects(reader.organizations.create(organization()), api.ValidationError);
    assert.deepEqual(paths(), []);
    await reader.orders.list();
    assert.deepEqual(paths(), ['POST /auth/v1/auth/authenticate', 'GET /certs/v1/order']);
  });

  it('knows no state of its rate limit before the core is loaded, and then the right one', async () => {
    const program = `
      import { CertsClient, init } from 'markmonitor-certs';
      const client = new CertsClient({ auth: { apiKey: 'k', token: 't' }, rateLimit: { share: 0.29, scope: 'client' } });
      const before = client.rateLimit.state;
      await init();
      console.log(JSON.stringify([before === undefined, client.rateLimit.state]));`;
    const [isAbsent, state] = await project.run(program);
    assert.ok(isAbsent);
    const untouched = { used: 0, inFlight: 0, queued: 0, nextSlotInMs: 0, pausedForMs: 0, throttled: 0 };
    assert.deepEqual(state, { limit: 29, remaining: 29, ...untouched });
  });

  it('shares token and rate limit with those that are made of it', async (test) => {
    await client.tokens.authenticate();
    const other = client.withOptions({ timeout: 5_000 });
    await other.orders.list();
    assert.deepEqual(paths(), ['POST /auth/v1/auth/authenticate', 'GET /certs/v1/order']);
    virtualTime(test);
    assert.equal(other.tokens.info.remainingMs, client.tokens.info.remainingMs);
    assert.equal(other.rateLimit.state.used, client.rateLimit.state.used);
  });

  it('makes any other call with request()', async () => {
    const page = await client.request({
      method: 'GET',
      path: '/order',
      query: { size: 1, statuses: ['DIGI_ISSUED', 'CREATED'] },
    });
    assert.deepEqual(page.content, []);
    await assert.rejects(client.request({ method: 'GET', path: '/nothing' }), api.NotFoundError);
    await assert.rejects(client.request({ method: 'GET', path: 'https://example.com/' }), api.ValidationError);
  });

  it('fetches one token for many calls', async (test) => {
    await api.init();
    const time = virtualTime(test);
    await time.until(Promise.all(Array.from({ length: 20 }, () => client.orders.list({ size: 1 }))));
    assert.equal(paths().filter((path) => path.includes('/auth/')).length, 1);
    const { expiresAt, remainingMs } = client.tokens.info;
    assert.ok(expiresAt instanceof Date);
    assert.equal(remainingMs, 90 * 60_000);
  });

  it('asks for its secrets when it needs them, and keeps its token in the caller’s store', async () => {
    // A kept token is judged by this computer's clock until a reply has shown the service's.
    await begin({ now: new Date() });
    const { apiKey, username, password } = service.credentials;
    let kept;
    const tokenStore = {
      get: () => kept,
      set: (token) => {
        kept = token;
      },
    };
    const secrets = { apiKey: async () => apiKey, username, password: () => password, tokenStore };
    await new api.CertsClient({ auth: secrets, fetch: service.fetch }).orders.list({ size: 1 });
    assert.match(kept, /^\w+\.\w+\.[\w-]+$/);
    await new api.CertsClient({ auth: secrets, fetch: service.fetch }).orders.list({ size: 1 });
    assert.equal(paths().filter((path) => path.includes('/auth/')).length, 1);
    await new api.CertsClient({ auth: { apiKey, token: kept }, fetch: service.fetch }).orders.list({ size: 1 });
    assert.equal(paths().filter((path) => path.includes('/auth/')).length, 1);
  });

  it('pauses, resumes and reports when its rate limit changes', async (test) => {
    await client.tokens.authenticate();
    const time = virtualTime(test);
    let changes = 0;
    const stop = client.rateLimit.on('change', () => {
      changes += 1;
    });
    client.rateLimit.pause(60_000);
    assert.equal(client.rateLimit.state.pausedForMs, 60_000);
    const call = client.orders.list({ size: 1 }).then();
    await time.pass(59_999);
    assert.equal(client.rateLimit.state.queued, 1);
    client.rateLimit.resume();
    await time.until(call);
    assert.equal(client.rateLimit.state.queued, 0);
    assert.ok(changes > 0);
    stop();
    assert.equal(client.rateLimit.estimate(1), 0);
    assert.ok(client.rateLimit.estimate(250, { lane: 'report', priority: 'low' }) > 60_000);
    client.rateLimit.pause();
    assert.equal(client.rateLimit.estimate(1), Number.POSITIVE_INFINITY);
    client.rateLimit.resume();
    for (const wrong of [-1, 1.5, Number.NaN, '5', undefined]) {
      assert.throws(() => client.rateLimit.estimate(wrong), api.ValidationError, String(wrong));
    }
    assert.throws(() => client.rateLimit.estimate(1, { lanes: 'a' }), { code: 'invalid' });
  });

  it('lets a listener of its rate limit change it', async () => {
    let told = 0;
    const stop = client.rateLimit.on('change', () => {
      told += 1;
      client.rateLimit.pause(50);
    });
    await client.orders.list({ size: 1 }, { lane: 'page' });
    assert.ok(told > 0);
    stop();
  });

  it('shares its limit with every client of its key, and warns where they were given different ones', async () => {
    const { apiKey, ...rest } = service.credentials;
    const { fetch } = service;
    const origins = ['https://API.markmonitor.com:443/certs/v1/', 'https://api.markmonitor.com./certs/v1'];
    await client.orders.list({ size: 1 });
    const others = origins.map(
      (certsBaseUrl) => new api.CertsClient({ auth: { ...rest, apiKey: async () => apiKey }, fetch, certsBaseUrl }),
    );
    for (const other of others) await other.orders.list({ size: 1 });
    const used = client.rateLimit.state.used;
    assert.ok(used >= 6, `${used} slots are taken`);
    for (const other of others) assert.equal(other.rateLimit.state.used, used);

    const warnings = [];
    const smaller = new api.CertsClient({ auth: service.credentials, fetch, rateLimit: { limit: 50 } });
    for (const each of [client, smaller]) each.on('warning', (event) => warnings.push(event));
    for (const each of [smaller, client, client]) await each.orders.list({ size: 1 });
    assert.deepEqual(
      warnings.map(({ code }) => code),
      ['rate_limit_differs', 'rate_limit_differs'],
    );
    assert.match(warnings[1].message, /this one 100 requests per 60000 ms.*50 per 60000 ms/);
    assert.equal(client.rateLimit.state.limit, 50);
    smaller.close();
    assert.equal(client.rateLimit.state.limit, 100);
    const outside = new api.CertsClient({ auth: service.credentials, fetch, rateLimit: false });
    await outside.orders.list({ size: 1 });
    assert.equal(outside.rateLimit.state.limit, Number.POSITIVE_INFINITY);
  });

  it('that was closed refuses further calls', async () => {
    client.close();
    await assert.rejects(client.orders.list(), { code: 'closed' });
    {
      const { CertsClient } = api;
      const disposed = new CertsClient({ auth: service.credentials, fetch: service.fetch });
      disposed[Symbol.dispose]();
      await assert.rejects(disposed.orders.list(), { code: 'closed' });
    }
    assert.deepEqual(paths(), []);
  });

  it('refuses what is forbidden to an order that is in hand', async () => {
    await begin({ demo: true });
    const [canceled] = (await client.orders.list({ statuses: ['DIGI_CANCELED'], size: 1 })).content;
    const sent = service.requests.length;
    await assert.rejects(client.orders.reissue(canceled), api.ValidationError);
    await assert.rejects(client.orders.revoke(canceled, { permanent: true }), api.ValidationError);
    await assert.rejects(client.orders.revoke(canceled.id), { code: 'invalid' });
    assert.equal(service.requests.length, sent);
    assert.deepEqual(await api.allowedActions(canceled), []);
  });

  const statusOf = ({ status }) => status;
  const often = { minDelay: 1, maxDelay: 5 };
  const newOrders = async (count) => {
    await begin({ autoAdvance: true });
    const owner = await client.organizations.create(organization());
    return Promise.all(Array.from({ length: count }, () => client.orders.create(order(owner, csr))));
  };

  it('waits for many orders with lists, and asks for one only when it is issued', async () => {
    const ids = (await newOrders(8)).map(({ id }) => id);
    const settled = [];
    for await (const { id, order, error } of client.orders.waitUntilAll(ids, 'issued', often)) {
      assert.deepEqual([statusOf(order), error], ['DIGI_ISSUED', undefined]);
      settled.push(id);
    }
    assert.deepEqual(settled.toSorted(), ids.toSorted());
    const looks = paths().filter((path) => path.startsWith('GET'));
    const firstOfOne = looks.findIndex((path) => path !== 'GET /certs/v1/order');
    // CREATED, DIGI_PENDING and DIGI_PROCESSING were seen in lists; what is listed as issued lacks the certificate.
    assert.ok(firstOfOne >= 3, looks.join('\n'));
  });

  it('watches an order until it settles', async () => {
    const [{ id }] = await newOrders(1);
    const seen = [];
    for await (const order of client.orders.watch(id, often)) seen.push(order);
    assert.deepEqual([...new Set(seen.map(statusOf))], ['CREATED', 'DIGI_PENDING', 'DIGI_PROCESSING', 'DIGI_ISSUED']);
    assert.ok(seen.at(-1).cert.endEntityCert);
  });

  it('says why an order that was waited for did not come', async () => {
    await begin({ autoAdvance: true });
    const owner = await client.organizations.create(organization());
    const names = { commonName: 'www.rejected.example' };
    const rejected = await client.orders.create(order(owner, csr, names), { check: false });
    const error = await client.orders.waitUntil(rejected, 'issued', often).catch((reason) => reason);
    assert.ok(error instanceof api.WaitError);
    assert.deepEqual([error.reason, error.last.status], ['failed', 'DIGI_REJECTED']);
  });

  it('lets what a goal throws come through, and waits no longer', async () => {
    const [{ id }] = await newOrders(1);
    const reason = new RangeError('no such field');
    const goal = () => {
      throw reason;
    };
    await assert.rejects(client.orders.waitUntil(id, goal, often), (error) => error === reason);
    await assert.rejects(client.orders.waitUntilAll([id], goal, often).next(), (error) => error === reason);
  });

  it('takes its credentials from the environment', async () => {
    const program = (print) => `
      import { CertsClient } from 'markmonitor-certs';
      ${print}`;
    const error = await project.run(
      program('try { new CertsClient(); } catch (error) { console.log(JSON.stringify(error)); }'),
    );
    assert.equal(error.name, 'ValidationError');
    for (const name of ['MARKMONITOR_API_KEY', 'MARKMONITOR_USERNAME', 'MARKMONITOR_PASSWORD'])
      assert.ok(error.message.includes(name));
    const headers = await project.run(
      program(`
      Object.assign(process.env, { MARKMONITOR_API_KEY: 'key-1234', MARKMONITOR_USERNAME: 'user', MARKMONITOR_PASSWORD: 'word-1234' });
      const sent = [];
      const fetch = async (url, { headers, body }) => { sent.push([headers.get('x-api-key'), JSON.parse(body)]); throw new TypeError('no'); };
      await new CertsClient({ fetch, maxRetries: 0 }).tokens.authenticate().catch(() => {});
      console.log(JSON.stringify(sent));`),
    );
    assert.deepEqual(headers, [['key-1234', { username: 'user', password: 'word-1234' }]]);
  });

  const mistakes = {
    'no password': [{ auth: { apiKey: 'k', username: 'u' } }, 'auth_missing', /password/],
    'an unencrypted address': [{ certsBaseUrl: 'http://api.example.com/' }, 'insecure_base_url', /certsBaseUrl/],
  };
  for (const [what, [options, code, message]] of Object.entries(mistakes)) {
    it(`with ${what} is refused when it is made`, () => {
      assert.throws(
        () => new api.CertsClient({ auth: { apiKey: 'k', username: 'u', password: 'p' }, ...options }),
        (error) =>
          error instanceof api.ValidationError && error.findings[0].code === code && message.test(error.message),
      );
    });
  }

  it('may speak http: with loopback, and with whom it is allowed to', () => {
    const auth = { apiKey: 'k', username: 'u', password: 'p' };
    for (const certsBaseUrl of ['http://localhost:1', 'http://127.0.0.2/x', 'http://[::1]:80', 'http://a.localhost']) {
      new api.CertsClient({ auth, certsBaseUrl });
    }
    new api.CertsClient({ auth, certsBaseUrl: 'http://api.example.com', allowInsecure: true });
    new api.CertsClient({ auth: 'proxy', certsBaseUrl: 'http://api.example.com' });
  });
});
