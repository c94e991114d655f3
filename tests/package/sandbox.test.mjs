import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { installPackage } from './support/install.mjs';
import { virtualTime } from './support/virtual-time.mjs';

const base = 'https://api.markmonitor.com';

describe('the sandbox', () => {
  let project;
  let createSandbox;
  let fates;
  let readings;
  before(async () => {
    project = await installPackage();
    ({ createSandbox, fates, readings } = await project.import('markmonitor-certs/sandbox'));
  });
  after(() => project?.remove());

  const authenticate = (sandbox, { apiKey, ...user } = sandbox.credentials) =>
    sandbox.fetch(`${base}/auth/v1/auth/authenticate`, {
      method: 'POST',
      headers: { 'x-api-key': apiKey, 'content-type': 'application/json' },
      body: JSON.stringify(user),
    });

  it('answers as fetch does, whatever the origin and however it is asked', async () => {
    const sandbox = await createSandbox();
    const response = await authenticate(sandbox);
    assert.ok(response instanceof Response);
    assert.equal(response.url, `${base}/auth/v1/auth/authenticate`);
    const { token, expiresIn } = await response.json();
    assert.equal(expiresIn, 5400);
    const headers = { 'x-api-key': sandbox.credentials.apiKey, authorization: `Bearer ${token}` };
    for (const request of [
      ['https://sandbox.example/certs/v1/order', { headers }],
      [new URL('http://localhost:1/certs/v1/order'), { headers: new Headers(headers) }],
      [new Request('http://localhost:1/certs/v1/order', { headers })],
    ]) {
      assert.equal((await sandbox.fetch(...request)).status, 200);
    }
  });

  it('remembers the requests', async () => {
    const sandbox = await createSandbox({ now: new Date('2026-03-01T00:00:00Z') });
    await authenticate(sandbox);
    await sandbox.fetch(`${base}/certs/v1/order?size=1`);
    const [first, second] = sandbox.requests;
    assert.deepEqual([first.method, first.path, first.status], ['POST', '/auth/v1/auth/authenticate', 200]);
    assert.deepEqual([second.method, second.path, second.status], ['GET', '/certs/v1/order', 401]);
    assert.ok(first.at >= Date.parse('2026-03-01') && first.at < Date.parse('2026-03-02'));
  });

  it('lets time pass on request', async () => {
    const sandbox = await createSandbox({ now: new Date('2026-03-01T00:00:00Z') });
    const { token } = await (await authenticate(sandbox)).json();
    const headers = { 'x-api-key': sandbox.credentials.apiKey, authorization: `Bearer ${token}` };
    const status = async () => (await sandbox.fetch(`${base}/certs/v1/order`, { headers })).status;
    assert.equal(await status(), 200);
    sandbox.advance(91 * 60_000);
    assert.equal(await status(), 401);
    assert.ok(sandbox.now > new Date('2026-03-01T01:31:00Z'));
    assert.throws(() => sandbox.advance(-1), RangeError);
  });

  it('starts seven days ago, and dates its replies by its own clock', async () => {
    const day = 86_400_000;
    const sandbox = await createSandbox();
    assert.equal(Math.floor((Date.now() - sandbox.now) / day), 7);
    const dated = async () => Date.parse((await authenticate(sandbox)).headers.get('date'));
    const before = await dated();
    assert.equal(Math.floor((Date.now() - before) / day), 7);
    sandbox.advance(3 * day);
    assert.equal(Math.floor(((await dated()) - before) / day), 3);
  });

  it('takes every reading that it lists, and refuses others with the nearest', async () => {
    for (const [name, values] of Object.entries(readings)) {
      for (const value of values) await createSandbox({ readings: { [name]: value } });
    }
    await createSandbox({ readings: { dates: undefined } });
    const refused = (wrong, message) =>
      assert.rejects(createSandbox({ readings: wrong }), { name: 'TypeError', message });
    await refused({ date: 'utc' }, 'there is no reading date: did you mean dates?');
    await refused({ absent: 'leftout' }, /^absent is read as null, left-out, empty-text, .* did you mean left-out\?$/);
  });

  it('replies as a reading says', async () => {
    const sandbox = await createSandbox({ readings: { tokenExpiry: 'milliseconds', errorBody: 'fault' } });
    assert.equal((await (await authenticate(sandbox)).json()).expiresIn, 5_400_000);
    const refused = await (await sandbox.fetch(`${base}/certs/v1/order`)).json();
    assert.match(refused.fault.faultstring, /Authorization/);
  });

  it('names the domains that choose what becomes of an order', () => {
    assert.match(fates['rejected.example'], /DIGI_REJECTED/);
    assert.ok(Object.keys(fates).every((domain) => domain.endsWith('.example')));
  });

  it('yields the same ids for the same seed', async () => {
    const tokens = await Promise.all(
      [7, 7, 8].map(async (seed) => {
        const now = new Date('2026-03-01T00:00:00Z');
        const { token } = await (await authenticate(await createSandbox({ seed, now }))).json();
        return JSON.parse(atob(token.split('.')[1])).jti;
      }),
    );
    assert.equal(tokens[0], tokens[1]);
    assert.notEqual(tokens[0], tokens[2]);
  });

  it('keeps its rate limit, one for each sandbox', async () => {
    const rateLimit = { limit: 2, windowMs: 60_000, window: 'fixed' };
    const [one, other] = [await createSandbox({ rateLimit }), await createSandbox({ rateLimit })];
    const statuses = async (sandbox) => {
      const responses = [await authenticate(sandbox), await authenticate(sandbox), await authenticate(sandbox)];
      return responses.map(({ status }) => status);
    };
    assert.deepEqual(await statuses(one), [200, 200, 429]);
    assert.deepEqual(await statuses(other), [200, 200, 429]);
    one.advance(60_000);
    assert.equal((await authenticate(one)).status, 200);
  });

  it('knows the users that it is given, and no others', async () => {
    const users = [{ username: 'ada', password: 'secret-1', apiKey: 'key-1' }];
    const sandbox = await createSandbox({ users });
    assert.deepEqual(sandbox.credentials, users[0]);
    assert.equal((await authenticate(sandbox)).status, 200);
    assert.equal((await authenticate(sandbox, { ...users[0], password: 'other' })).status, 401);
  });

  it('goes wrong on demand', async () => {
    const sandbox = await createSandbox();
    sandbox.fault({
      method: 'POST',
      path: '/auth',
      times: 1,
      status: 503,
      headers: { 'retry-after': '7' },
      body: 'no',
    });
    const response = await authenticate(sandbox);
    assert.deepEqual([response.status, response.headers.get('retry-after'), await response.text()], [503, '7', 'no']);
    assert.equal((await authenticate(sandbox)).status, 200);
    for (const drop of ['before', 'after']) {
      sandbox.fault({ drop, times: 1 });
      await assert.rejects(authenticate(sandbox), TypeError);
      assert.equal(sandbox.requests.at(-1).status, 0);
    }
    sandbox.fault({ status: 500 });
    assert.equal((await authenticate(sandbox)).status, 500);
    sandbox.clearFaults();
    assert.equal((await authenticate(sandbox)).status, 200);
  });

  it('takes its time on demand', async (test) => {
    const sandbox = await createSandbox({ latencyMs: 40 });
    const time = virtualTime(test);
    const began = time.now();
    await time.until(authenticate(sandbox));
    assert.equal(time.now() - began, 40);
  });

  it('can be aborted while it takes its time', async () => {
    const sandbox = await createSandbox();
    sandbox.fault({ delayMs: 60_000 });
    const signal = AbortSignal.timeout(10);
    await assert.rejects(sandbox.fetch(`${base}/certs/v1/order`, { signal }), (error) => error === signal.reason);
    await assert.rejects(sandbox.fetch(`${base}/certs/v1/order`, { signal }), (error) => error === signal.reason);
  });

  it('refuses options and rules that it does not know', async () => {
    await assert.rejects(createSandbox({ autoadvance: true }), /knows no option autoadvance; it knows .*autoAdvance/);
    const endless = {};
    endless.dates = endless;
    const wrong = {
      autoAdvance: [1, 'yes'],
      demo: ['yes'],
      latencyMs: [-1, 0.5, Number.NaN, 2 ** 32],
      now: ['2026-01-01', 5, new Date(Number.NaN)],
      rateLimit: [5, {}, { limit: 0, windowMs: 1 }, { limit: 1, windowMs: 0 }, { limit: 1 }],
      readings: ['utc', [], { dates: 5 }, { dates: ['utc'] }, { dates: new Map() }, endless],
      seed: ['one', -1, 2 ** 32],
      users: [[], {}, ['ada'], [{ username: 'ada' }], [{ username: '', password: 'p', apiKey: 'k' }]],
    };
    for (const [name, values] of Object.entries(wrong)) {
      for (const value of values) {
        const message = new RegExp(`^The option ${name} of createSandbox must be `);
        await assert.rejects(createSandbox({ [name]: value }), { name: 'TypeError', message }, `${name}: ${value}`);
      }
    }
    for (const options of [5, 'demo', [], new Map()]) await assert.rejects(createSandbox(options), /takes an object/);
    const sandbox = await createSandbox();
    assert.throws(() => sandbox.fault({ state: 500 }), /knows no option state; it knows .*status/);
    for (const [rule, said] of [
      [null, /takes an object/],
      [{ path: 5 }, /path of fault must be a text/],
      [{ status: '500' }, /status of fault must be a status/],
      [{ delayMs: Number.NaN }, /delayMs of fault must be a whole number/],
      [{ times: -1 }, /times of fault/],
      [{ drop: 'later' }, /drop of fault must be 'before' or 'after'/],
      [{ headers: { a: 1 } }, /headers of fault must be an object of texts/],
      [{ probability: 2 }, /probability of fault must be a number from 0 to 1/],
    ]) {
      assert.throws(() => sandbox.fault(rule), { name: 'TypeError', message: said }, JSON.stringify(rule));
    }
    for (const ms of ['1', -1, Number.NaN, Number.POSITIVE_INFINITY, null, undefined]) {
      assert.throws(() => sandbox.advance(ms), { name: 'RangeError', message: /is not a span/ }, `${ms}`);
    }
  });
});
