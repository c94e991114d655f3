import assert from 'node:assert/strict';
import { getEventListeners, once } from 'node:events';
import { after, before, beforeEach, describe, it } from 'node:test';
import { installPackage } from './support/install.mjs';

const id = '123e4567-e89b-12d3-a456-426614174000';
const aMinute = 60_000;
const auth = { apiKey: 'the-api-key', token: 'the-token' };

describe('an aborted call rejects with the signal’s own reason, and leaves no listener', () => {
  let project;
  let api;
  let sandbox;
  before(async () => {
    project = await installPackage();
    api = await project.import();
    ({ createSandbox: sandbox } = await project.import('markmonitor-certs/sandbox'));
  });
  after(() => project?.remove());

  let controller;
  beforeEach(() => {
    controller = new AbortController();
  });

  /** Aborts a call once `ready` has settled. */
  async function assertAborts(call, ready) {
    const { signal } = controller;
    const reason = { the: 'reason' };
    const outcome = call(signal).then(
      () => assert.fail('The call went through.'),
      (error) => error,
    );
    await ready;
    assert.ok(getEventListeners(signal, 'abort').length <= 1, 'one listener per call');
    controller.abort(reason);
    assert.equal(await outcome, reason);
    assert.equal(getEventListeners(signal, 'abort').length, 0);
  }
  const clientOf = (service, more) =>
    new api.CertsClient({ auth: service.credentials, fetch: service.fetch, rateLimit: { scope: 'client' }, ...more });
  const until = async (holds) => {
    while (!holds()) await new Promise(setImmediate);
  };

  it('before it began: then nothing is sent', async () => {
    const service = await sandbox();
    controller.abort();
    await assert.rejects(
      clientOf(service).orders.get(id, { signal: controller.signal }),
      (error) => error === controller.signal.reason,
    );
    assert.deepEqual(service.requests, []);
  });

  it('while the wasm is loaded', async () => {
    const result = await project.run(`
      import { getEventListeners } from 'node:events';
      import { CertsClient } from 'markmonitor-certs';
      const controller = new AbortController();
      const client = new CertsClient({ auth: 'proxy', fetch: () => { throw new Error('sent'); } });
      const call = client.orders.get('${id}', { signal: controller.signal });
      const during = getEventListeners(controller.signal, 'abort').length;
      controller.abort('the reason');
      const error = await call.catch((reason) => reason);
      console.log(JSON.stringify([error, during, getEventListeners(controller.signal, 'abort').length]));
    `);
    assert.deepEqual(result, ['the reason', 1, 0]);
  });

  it('while the token is fetched', async () => {
    let end;
    const fetch = () =>
      new Promise((_, reject) => {
        end = reject;
      });
    const secrets = { apiKey: auth.apiKey, username: 'ada', password: 'secret' };
    const client = new api.CertsClient({ auth: secrets, fetch, rateLimit: false, maxRetries: 0 });
    await assertAborts(
      (signal) => client.orders.get(id, { signal }),
      until(() => end),
    );
    // Fetching continues for other calls.
    end(new TypeError('fetch failed'));
  });

  it('while it waits for the rate limit', async () => {
    const service = await sandbox();
    const client = clientOf(service, { rateLimit: { scope: 'client', limit: 1, windowMs: aMinute } });
    await client.tokens.authenticate();
    await assertAborts(
      (signal) => client.orders.list({}, { signal }).then(),
      until(() => client.rateLimit.state.queued === 1),
    );
    assert.equal(client.rateLimit.state.queued, 0);
  });

  it('in flight', async () => {
    const service = await sandbox();
    const client = clientOf(service);
    await client.tokens.authenticate();
    service.fault({ path: '/order', delayMs: aMinute });
    await assertAborts(
      (signal) => client.orders.list({}, { signal }).then(),
      until(() => service.requests.length === 2),
    );
  });

  it('in flight, and the request is aborted with it', async () => {
    let requested;
    const fetch = (_, { signal }) => {
      requested = signal;
      return new Promise(() => {});
    };
    const client = new api.CertsClient({ auth, fetch, rateLimit: false });
    await assertAborts(
      (signal) => client.orders.get(id, { signal }),
      until(() => requested),
    );
    assert.ok(requested.aborted);
  });

  it('in the body', async () => {
    let isRead = false;
    const body = () =>
      new ReadableStream({
        start: (stream) => stream.enqueue(new TextEncoder().encode('{"id":')),
        // Asked for more once what there was has been taken.
        pull() {
          isRead = true;
          return new Promise(() => {});
        },
      });
    const fetch = async () => new Response(body(), { headers: { 'content-type': 'application/json' } });
    const client = new api.CertsClient({ auth, fetch, rateLimit: false });
    await assertAborts(
      (signal) => client.orders.get(id, { signal }),
      until(() => isRead),
    );
  });

  it('in back-off', async () => {
    const service = await sandbox();
    const client = clientOf(service);
    await client.tokens.authenticate();
    service.fault({ path: '/order', status: 503, headers: { 'retry-after': '60' } });
    const backingOff = new Promise((resolve) => client.on('retry', resolve));
    await assertAborts((signal) => client.orders.list({}, { signal }).then(), backingOff);
  });

  it('between two looks of a waiting one', async () => {
    const service = await sandbox();
    const client = clientOf(service, { auth: service.credentials });
    service.fault({ path: '/order', body: `{"id":"${id}","status":"DIGI_PENDING"}`, status: 200 });
    let looked;
    const look = new Promise((resolve) => {
      looked = resolve;
    });
    await assertAborts((signal) => client.orders.waitUntil(id, 'issued', { signal, onPoll: looked }), look);
  });

  it('while its pages are iterated', async () => {
    const service = await sandbox();
    const client = clientOf(service);
    await client.tokens.authenticate();
    service.fault({ path: '/order', delayMs: aMinute });
    await assertAborts(
      (signal) => client.orders.list({}, { signal }).toArray(),
      until(() => service.requests.length === 2),
    );
  });

  it('and a call that went through leaves none either', async () => {
    const service = await sandbox();
    const { signal } = controller;
    await clientOf(service).orders.list({}, { signal });
    assert.equal(getEventListeners(signal, 'abort').length, 0);
  });

  it('by AbortSignal.timeout as well', async () => {
    const fetch = () => new Promise(() => {});
    const client = new api.CertsClient({ auth, fetch, rateLimit: false });
    const signal = AbortSignal.timeout(20);
    const [error] = await Promise.all([
      client.orders.get(id, { signal }).catch((reason) => reason),
      once(signal, 'abort'),
    ]);
    assert.equal(error, signal.reason);
    assert.equal(error.name, 'TimeoutError');
  });
});
