import assert from 'node:assert/strict';
import { afterEach, before, describe, it } from 'node:test';
import { runInNewContext } from 'node:vm';
import { withFakeCore } from './support/fake-core.mjs';

const auth = { apiKey: 'k', username: 'u', password: 'p' };

describe('the options of a client', () => {
  let core;
  before(async () => {
    core = await withFakeCore();
    await core.init();
  });
  /** What the core gets of some options. */
  const passed = async (options) => {
    await new core.CertsClient(options).orders.get('id');
    return core.instances[0].clients.at(-1).options;
  };

  const restored = [];
  const setGlobal = (name, value) => {
    const before = Object.getOwnPropertyDescriptor(globalThis, name);
    restored.push(() => (before ? Object.defineProperty(globalThis, name, before) : delete globalThis[name]));
    Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
  };
  afterEach(() => {
    for (const restore of restored.splice(0)) restore();
  });

  const refused = (options, code, message) =>
    assert.throws(
      () => new core.CertsClient(options),
      (error) => {
        assert.ok(error instanceof core.ValidationError);
        assert.equal(error.code, 'invalid');
        assert.equal(error.findings[0].code, code);
        assert.match(error.message, message);
        return true;
      },
    );

  it('and events that are unknown are shown in short, and no PEM at all', () => {
    const key = 'MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg'.repeat(40);
    const block = (what) => `-----BEGIN ${what}-----\n${key}\n-----END ${what}-----\n`;
    const long = 'x'.repeat(100_000);
    const client = new core.CertsClient({ auth });
    const ways = {
      'an option': (name) => new core.CertsClient({ auth, [name]: 1 }),
      'a part of an option': (name) => new core.CertsClient({ auth: { ...auth, [name]: 1 } }),
      'an option of another client': (name) => client.withOptions({ [name]: 1 }),
      'an event': (name) => client.on(name, () => {}),
    };
    for (const [way, use] of Object.entries(ways)) {
      for (const name of [block('PRIVATE KEY'), block('RSA PRIVATE KEY'), block('CERTIFICATE'), key, long]) {
        assert.throws(
          () => use(name),
          (error) => {
            const { message, field } = error.findings[0];
            const isPem = name.includes('-----');
            for (const text of [message, error.message, way === 'an event' ? '[PEM]…' : field]) {
              assert.ok(text.length < 400, `${way}: ${text}`);
              assert.ok(!text.includes(name.slice(0, 41)), `${way}: ${text}`);
              assert.ok(!isPem || (text.includes('[PEM]') && !text.includes('MIGH')), `${way}: ${text}`);
              assert.ok(isPem || text.includes('…'), `${way}: ${text}`);
            }
            return true;
          },
        );
      }
    }
    for (const event of [Symbol('x'.repeat(99)), undefined, null, 5, {}, Object.create(null)]) {
      assert.throws(() => client.on(event, () => {}), {
        name: 'ValidationError',
        message: /^There is no event `.{1,40}`; /,
      });
    }
  });

  it('that are unknown are refused by name, with the one that was meant', () => {
    for (const [name, meant] of Object.entries({
      ratelimit: 'rateLimit',
      timeOut: 'timeout',
      maxRetrys: 'maxRetries',
      baseUrl: 'authBaseUrl',
      readonly: 'readOnly',
    })) {
      refused({ auth, [name]: 1 }, 'unknown_option', new RegExp(`\`${name}\`: did you mean \`${meant}\``));
    }
    const misspelt = { ...auth, tokenstore: {} };
    refused({ auth: misspelt }, 'unknown_option', /no option `auth\.tokenstore`: did you mean `tokenStore`/);
    refused({ auth, proxyAgent: {} }, 'unknown_option', /`proxyAgent`; there are .*\bfetch\b.*totalTimeout/);
    assert.throws(() => new core.CertsClient({ auth }).withOptions({ timout: 1 }), { code: 'invalid' });
    try {
      new core.CertsClient({ auth, timout: undefined });
      assert.fail('It was taken.');
    } catch (error) {
      assert.equal(error.findings[0].field, 'timout');
    }
  });

  it('go to the core as they are, but for what is JavaScript’s alone', async () => {
    const fetch = async () => {};
    const rateLimit = { limt: 5 };
    const options = { timeout: -1, certsBaseUrl: 5, readOnly: 'yes', rateLimit, maxReplyBytes: 7, store: 8 };
    const own = { fetch, allowInsecure: true, dangerouslyAllowBrowser: true };
    const seen = await passed({ auth: { ...auth, tokenStore: 1 }, ...options, ...own });
    assert.deepEqual(seen, { ...options, auth: { ...auth, tokenStore: 1, kind: 'password' } });
  });

  it('say how to get in', async () => {
    assert.deepEqual((await passed({ auth: 'proxy' })).auth, { kind: 'proxy' });
    const token = { apiKey: 'k', token: 't' };
    assert.deepEqual((await passed({ auth: token })).auth, { ...token, kind: 'token' });
    for (const wrong of [5, 'prox', null])
      refused(
        { auth: wrong },
        ...(wrong === null ? ['auth_missing', /MARKMONITOR/] : ['auth_invalid', /must be one of/]),
      );
    refused({ auth: { apiKey: 'k', username: 'u' } }, 'auth_missing', /lacks password/);
    refused({ auth: { token: 't' } }, 'auth_missing', /lacks apiKey/);
  });

  it('are completed from the environment', async () => {
    refused({}, 'auth_missing', /MARKMONITOR_API_KEY, MARKMONITOR_USERNAME, MARKMONITOR_PASSWORD/);
    const environment = { MARKMONITOR_API_KEY: 'k', MARKMONITOR_USERNAME: 'u', MARKMONITOR_PASSWORD: 'p' };
    setGlobal('process', { env: environment });
    assert.deepEqual((await passed({})).auth, { ...auth, kind: 'password' });
    setGlobal('document', {});
    refused({}, 'auth_missing', /The option `auth` is missing/);
  });

  it('lead to where the environment says, unless they name an address, are of a sandbox, a proxy or in a page', async () => {
    setGlobal('process', { env: { MARKMONITOR_BASE_URL: 'https://test.example//' } });
    const bases = async (options) => {
      const { certsBaseUrl, authBaseUrl } = await passed({ auth, ...options });
      return [certsBaseUrl, authBaseUrl];
    };
    const [certs, authentication] = ['https://test.example/certs/v1', 'https://test.example/auth/v1'];
    assert.deepEqual(await bases({}), [certs, authentication]);
    assert.deepEqual(await bases({ certsBaseUrl: undefined, authBaseUrl: 'https://a' }), [certs, 'https://a']);
    assert.deepEqual(await bases({ certsBaseUrl: 'https://c' }), ['https://c', authentication]);
    assert.deepEqual(await bases({ auth: 'proxy' }), [undefined, undefined]);
    const fetch = core.nameService(async () => {}, 'sandbox', 'key');
    assert.deepEqual(await bases({ fetch }), [undefined, undefined]);
    setGlobal('process', { env: { MARKMONITOR_BASE_URL: 'http://test.example' } });
    refused({ auth }, 'insecure_base_url', /MARKMONITOR_BASE_URL, would send secrets unencrypted/);
    setGlobal('process', { env: { MARKMONITOR_BASE_URL: '' } });
    assert.deepEqual(await bases({}), [undefined, undefined]);
    const refusesToBeRead = {
      get: () => {
        throw new Error('Requires env access, run again with the --allow-env flag');
      },
    };
    setGlobal('process', { env: new Proxy({}, refusesToBeRead) });
    assert.deepEqual(await bases({}), [undefined, undefined]);
    setGlobal('process', { env: { MARKMONITOR_BASE_URL: 'https://test.example' } });
    setGlobal('document', {});
    assert.deepEqual(await bases({ dangerouslyAllowBrowser: true }), [undefined, undefined]);
  });

  it('put no secret into a page', () => {
    setGlobal('document', {});
    refused({ auth }, 'browser', /dangerouslyAllowBrowser/);
    new core.CertsClient({ auth, dangerouslyAllowBrowser: true });
    new core.CertsClient({ auth: 'proxy' });
  });

  it('may put the key of a sandbox into a page, with the `fetch` of that sandbox alone', () => {
    setGlobal('document', {});
    const fetch = core.nameService(async () => {}, 'sandbox', auth.apiKey);
    new core.CertsClient({ auth, fetch });
    new core.CertsClient({ auth: { apiKey: auth.apiKey, token: 't' }, fetch });
    refused({ auth: { ...auth, apiKey: 'another' }, fetch }, 'browser', /dangerouslyAllowBrowser/);
    refused({ auth: { ...auth, apiKey: () => auth.apiKey }, fetch }, 'browser', /dangerouslyAllowBrowser/);
    refused({ auth, fetch: async () => {} }, 'browser', /dangerouslyAllowBrowser/);
  });

  it('put no secret into a page’s worker, and may into one of Cloudflare’s', () => {
    setGlobal('importScripts', () => {});
    refused({ auth }, 'browser', /dangerouslyAllowBrowser/);
    setGlobal('navigator', { userAgent: 'Cloudflare-Workers' });
    new core.CertsClient({ auth });
  });

  it('send no secret unencrypted', () => {
    for (const name of ['certsBaseUrl', 'authBaseUrl']) {
      refused({ auth, [name]: 'http://api.example.com/' }, 'insecure_base_url', new RegExp(name));
      for (const loopback of ['http://localhost:1', 'http://127.0.0.2/x', 'http://[::1]:80', 'http://a.localhost']) {
        new core.CertsClient({ auth, [name]: loopback });
      }
      new core.CertsClient({ auth, [name]: 'http://api.example.com', allowInsecure: true });
      new core.CertsClient({ auth: 'proxy', [name]: 'http://api.example.com' });
    }
    setGlobal('location', { href: 'http://example.com/page' });
    refused({ auth, certsBaseUrl: '/api/certs' }, 'insecure_base_url', /certsBaseUrl/);
  });

  it('take a function for `fetch`, and nothing else', () => {
    refused({ auth, fetch: 'https://x' }, 'invalid_option', /`fetch` must be a function/);
  });

  it('allow replies of 64 MB, in Cloudflare’s workers of 16', async () => {
    assert.equal((await passed({ auth })).maxReplyBytes, 64 * 1024 * 1024);
    assert.equal((await passed({ auth, maxReplyBytes: undefined })).maxReplyBytes, 64 * 1024 * 1024);
    setGlobal('navigator', { userAgent: 'Cloudflare-Workers' });
    assert.equal((await passed({ auth })).maxReplyBytes, 16 * 1024 * 1024);
  });

  it('of a derived client are those that differ', async () => {
    const fetch = async () => 'by the other';
    await new core.CertsClient({ auth, timeout: 5 }).withOptions({ maxRetries: 1, fetch }).orders.get('id');
    const [, options, sender] = core.derived.at(-1);
    assert.deepEqual(options, { maxRetries: 1 });
    assert.equal(await sender('https://x', {}), 'by the other');
    await new core.CertsClient({ auth }).withOptions({ readOnly: true }).orders.get('id');
    assert.equal(core.derived.at(-1)[2], undefined);
  });

  it('of a derived client stay as they were where they are undefined', async () => {
    const bases = { certsBaseUrl: 'https://here.example/certs/v1', authBaseUrl: 'https://here.example/auth/v1' };
    const store = core.createMemoryStore();
    const parent = new core.CertsClient({ auth, store, ...bases });
    const none = Object.fromEntries(['auth', 'store', ...Object.keys(bases)].map((name) => [name, undefined]));
    const inside = parent.withOptions(none)[Symbol.for('markmonitor-certs/inside')]();
    assert.equal(inside.store, store);
    assert.deepEqual(inside.bases, bases);
    assert.throws(() => parent.withOptions({ timout: undefined }), { code: 'invalid' });
  });
});

describe('what is given in place of options', () => {
  const id = '0f9b7a52-3c1d-4e5f-8a6b-7c8d9e0f1a2b';
  const order = { cert: {} };
  /** Every place where options, or a filter, are given, and what a refusal calls them. */
  const places = {
    'a client': [(core, given) => new core.CertsClient(given), 'options'],
    'its secrets': [(core, given) => new core.CertsClient({ auth: given }), 'auth'],
    'its limit': [(core, given) => new core.CertsClient({ auth, rateLimit: given }).orders.get(id), 'rateLimit'],
    'another client': [(core, given) => new core.CertsClient({ auth }).withOptions(given), 'options'],
    ...Object.fromEntries(
      Object.entries({
        'a call': (client, given) => client.orders.get(id, given),
        'a call of any path': (client, given) => client.request({ method: 'GET', path: '/x' }, given),
        'a list': (client, given) => client.orders.list({}, given),
        'the items of a list': (client, given) => client.orders.list({}, given).toArray(),
        'how many items': (client, given) => client.orders.list().toArray(given),
        'an order': (client, given) => client.orders.create(order, given),
        'an order once': (client, given) => client.orders.createOnce(order, given),
        'an order once, with its outcome': (client, given) => client.orders.placeOnce(order, given),
        'a reissue': (client, given) => client.orders.reissue(id, {}, given),
        'an action': (client, given) => client.orders.cancel(id, given),
        'a renewal': (client, given) => client.orders.renewal(order, {}, given),
        'a wait': (client, given) => client.orders.waitUntil(id, 'issued', given),
        'a wait for many': (client, given) => client.orders.waitUntilAll([id], 'issued', given).next(),
        'a watch': (client, given) => client.orders.watch(id, given).next(),
        'what expires': (client, given) => client.orders.expiring(given),
        'validations that expire': (client, given) => client.organizations.expiring(given),
        'a validation': (client, given) => client.organizations.waitUntilValidated(id, given),
        'a token': (client, given) => client.tokens.get(given),
        'a login': (client, given) => client.tokens.authenticate(given),
        'an estimate': (client, given) => client.rateLimit.estimate(1, given),
        'a diagnosis': (client, given) => client.diagnose(given),
        'a plan': (client, given) => client.renewals.plan(given),
      }).map(([place, use]) => [place, [(core, given) => use(new core.CertsClient({ auth }), given), 'options']]),
    ),
    ...Object.fromEntries(
      Object.entries({
        'a filter': (client, given) => client.orders.list(given),
        'a filter of all pages': (client, given) => client.contacts.list(given).toArray(),
        'a filter of what expires': (client, given) => client.orders.expiring({ withinDays: 1, filter: given }),
        'a filter of validations': (client, given) => client.organizations.expiring({ withinDays: 1, filter: given }),
      }).map(([place, use]) => [place, [(core, given) => use(new core.CertsClient({ auth }), given), 'filter']]),
    ),
    'a query': [(core, query) => new core.CertsClient({ auth }).request({ method: 'GET', path: '/x', query }), 'query'],
  };
  const exotic = {
    'a map': new Map([['size', 2]]),
    'a signal': new AbortController().signal,
    'the parameters of an address': new URLSearchParams('size=2'),
    'a promise': Promise.resolve({ size: 2 }),
    'a date': new Date(),
    'an error': new Error('x'),
    'a list': [],
    'some octets': new Uint8Array(2),
    'a number in an object': new Number(5),
  };
  const failureOf = async (use) => {
    try {
      return await use();
    } catch (error) {
      return error;
    }
  };

  it('is refused where it has no fields of its own, and nothing is done', async () => {
    const core = await withFakeCore();
    await core.init();
    for (const [place, [use, field]] of Object.entries(places)) {
      for (const [what, given] of Object.entries(exotic)) {
        const error = await failureOf(() => use(core, given));
        assert.match(String(error?.message), /must be an object/, `${what} for ${place}`);
        assert.equal(error.findings?.[0].field, field, `${what} for ${place}`);
      }
    }
  });

  it('is taken where it has some, whatever it is made by', async () => {
    const core = await withFakeCore();
    await core.init();
    class Options {
      timeout = 5;
    }
    const bare = Object.assign(Object.create(null), { timeout: 5 });
    const foreign = runInNewContext('({ timeout: 5 })');
    for (const given of [new Options(), bare, foreign, new Proxy({ timeout: 5 }, {}), null, undefined]) {
      await new core.CertsClient({ auth }).orders.get(id, given);
      await new core.CertsClient({ auth }).orders.create(order, given && { ...given, check: false });
    }
  });
});

describe('the nearest name', () => {
  it('is one of few other letters, and none for another word', async () => {
    const { nearest } = await withFakeCore();
    const known = ['statuses', 'commonNames', 'page', 'size'];
    const pairs = { status: 'statuses', Statuses: 'statuses', commonName: 'commonNames', siez: 'size' };
    for (const [name, meant] of Object.entries(pairs)) assert.equal(nearest(name, known), meant);
    assert.equal(nearest('organisation', known), undefined);
    assert.equal(nearest('', known), undefined);
    assert.equal(nearest('x', []), undefined);
  });
});
