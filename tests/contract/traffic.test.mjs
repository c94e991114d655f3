import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { environmentNames, openEnvironments } from '../package/support/environments.mjs';
import { bothForms } from '../package/support/install.mjs';
import { guideCsr } from '../package/support/openssl.mjs';
import { startSandboxServer } from '../package/support/sandbox-server.mjs';
import { fillInEverything, seeEverything } from './scenarios/everything.mjs';
import { startCheckingProxy } from './support/checking-proxy.mjs';

const nobody = '00000000-0000-4000-8000-000000000000';
const json = { 'content-type': 'application/json' };

/** A sandbox's server behind a proxy that checks. */
async function startCheckedSandbox(...args) {
  const server = await startSandboxServer(...args);
  const proxy = await startCheckingProxy(server.origin);
  return {
    ...server,
    proxy,
    /** What a client needs to use it. It repeats nothing, so that each failure is seen once. */
    options: {
      auth: server.options.auth,
      authBaseUrl: `${proxy.origin}/auth/v1`,
      certsBaseUrl: `${proxy.origin}/certs/v1`,
      rateLimit: false,
      maxRetries: 0,
    },
    async stop() {
      proxy.stop();
      await server.stop();
    },
  };
}

describe('what the client sends and the sandbox replies is as docs/openapi.yaml has it', { timeout: 300_000 }, () => {
  const csr = guideCsr();
  const calls = [];
  let environments;
  let loaded;
  let sandbox;
  before(async () => {
    environments = await openEnvironments();
    loaded = (await bothForms(environments.project)).ESM;
    sandbox = await startCheckedSandbox('--rate-limit', 'off');
  });
  after(async () => {
    await environments?.close();
    await sandbox?.stop();
  });
  /** Every test ends with this. One that expects mismatches has taken them before. */
  const assertNoMore = ({ proxy } = sandbox) => {
    calls.push(...proxy.calls.splice(0));
    assert.deepEqual(proxy.take(), []);
  };
  afterEach(() => assertNoMore());

  const clientOf = ({ options } = sandbox) => new loaded.api.CertsClient(options);
  /** The error of a call. */
  const failure = (call, options = sandbox.options) =>
    clientOf({ options })
      .request({ method: 'GET', path: '/order', ...call })
      .then(
        () => assert.fail('The call went through.'),
        (error) => error,
      );

  for (const name of environmentNames) {
    it(`in every call, in ${name}`, async () => {
      const { options } = sandbox;
      await environments[name].run('calls.mjs', 'everyCall', { csr, options });
      await environments[name].run('order.mjs', 'firstCertificate', { csr, options });
    });
  }

  it('with every field, and while it waits', async () => {
    await fillInEverything(clientOf(), { csr, options: sandbox.options });
  });

  it('with every filter, and for everything in a demo', async () => {
    const demo = await startCheckedSandbox('--rate-limit', 'off', '--demo');
    try {
      const statuses = await seeEverything(clientOf(demo));
      assert.ok(statuses.size > 10, 'a demo has orders in most statuses');
      assertNoMore(demo);
    } finally {
      await demo.stop();
    }
  });

  it('when the service refuses', async () => {
    const as = (who) => ({ ...sandbox.options, auth: { ...sandbox.options.auth, ...who } });
    assert.equal((await failure({}, as({ password: 'wrong' }))).status, 401);
    assert.equal((await failure({}, as({ apiKey: 'wrong' }))).status, 403);
    assert.equal((await failure({ path: `/order/${nobody}` })).status, 404);
    const [technical] = (await clientOf().contacts.list({ email: 'support@sandbox.example' })).content;
    assert.equal((await failure({ method: 'DELETE', path: `/contact/${technical.id}` })).status, 409);
    assert.equal((await failure({ query: { size: 0 } })).status, 400);
    assert.deepEqual(sandbox.proxy.take(), ['request GET /certs/v1/order: /query/size must be >= 1']);
  });

  it('when it is too much for the service', async () => {
    const limited = await startCheckedSandbox('--rate-limit', '1/60000/fixed', '--retry-after', 'on');
    try {
      const error = await failure({}, { ...limited.options, maxRetryAfter: 0 });
      assert.equal(error.status, 429);
      assertNoMore(limited);
    } finally {
      await limited.stop();
    }
  });

  for (const status of [500, 502, 503, 504]) {
    it(`when the service fails with ${status}`, async () => {
      const body = '{"errors":[{"code":"FAULT","message":"A fault."}]}';
      await sandbox.fault({ path: '/order', status, body, headers: json, times: 1 });
      assert.equal((await failure()).status, status);
    });
  }

  it('when the connection is cut: then there is a request and no reply', async () => {
    await sandbox.fault({ path: '/order', drop: 'after', times: 1 });
    assert.ok((await failure()) instanceof loaded.api.ConnectionError);
    assert.deepEqual(sandbox.proxy.calls.at(-1), { operation: 'orders.list', status: undefined });
  });

  it('in every operation, and with every status that clients tell apart', (test) => {
    test.diagnostic(`${calls.length} calls were checked`);
    const succeeded = calls.filter(({ status }) => status < 300).map(({ operation }) => operation);
    assert.deepEqual([...new Set(succeeded)].toSorted(), sandbox.proxy.operations.toSorted());
    const refused = new Set(calls.map(({ status }) => status).filter((status) => status >= 300));
    assert.deepEqual([...refused].toSorted(), [400, 401, 403, 404, 409, 429, 500, 502, 503, 504]);
  });

  describe('and where it is not, that is noticed:', () => {
    const begun = `{"id":"${nobody}","status":`;
    const replies = {
      "a gateway's page": [
        { status: 502, body: '<h1>502</h1>', headers: { 'content-type': 'text/html' } },
        ['the type text/html is not described'],
      ],
      'a reply that is cut': [{ status: 200, body: begun }, ['the body is not JSON']],
      'a status that nobody knows': [{ status: 418, body: '{}' }, ['this status is not described']],
      'a word that nobody knows': [
        { status: 200, body: `${begun}"DIGI_FUTURE"}` },
        ['/status must be equal to one of the allowed values'],
      ],
      'fields of other types': [
        { status: 200, body: `${begun}"CREATED","locale":1,"dateCreated":"yesterday"}` },
        ['/locale must be string', '/dateCreated must match format "date-time"'],
      ],
      'a reply without what it has to have': [
        { status: 200, body: '{}' },
        ["must have required property 'id'", "must have required property 'status'"],
      ],
    };
    for (const [what, [fault, mismatches]] of Object.entries(replies)) {
      it(what, async () => {
        const client = clientOf();
        await sandbox.fault({ headers: json, ...fault, path: '/order', times: 1 });
        await client.orders.get(nobody).catch(() => {});
        const where = `reply ${fault.status} to GET /certs/v1/order/{id}: `;
        assert.deepEqual(
          sandbox.proxy.take(),
          mismatches.map((mismatch) => where + mismatch),
        );
      });
    }

    const requests = {
      'a body of another type': [
        { method: 'POST', path: '/cert/parse', body: { csrs: 'CSR' } },
        ['POST /certs/v1/cert/parse: /requestBody/csrs must be array'],
      ],
      'a body that lacks something': [
        { method: 'PATCH', path: `/order/${nobody}/validateDomains`, body: {} },
        ["PATCH /certs/v1/order/{id}/validateDomains: /requestBody must have required property 'domains'"],
      ],
      'no body at all': [
        { method: 'PATCH', path: `/order/${nobody}/cancel` },
        ["PATCH /certs/v1/order/{id}/cancel: must have required property 'requestBody'"],
      ],
      'a parameter that nobody knows, and one of another type': [
        { query: { size: 'all', state: 'CREATED' } },
        [
          'GET /certs/v1/order: /query must NOT have additional properties state',
          'GET /certs/v1/order: /query/size must be integer',
        ],
      ],
      'a call that nobody knows': [{ path: '/certificate' }, ['GET /certs/v1/certificate: there is no such call']],
    };
    for (const [what, [call, mismatches]] of Object.entries(requests)) {
      it(what, async () => {
        assert.ok([400, 404].includes((await failure(call)).status));
        assert.deepEqual(
          sandbox.proxy.take(),
          mismatches.map((mismatch) => `request ${mismatch}`),
        );
      });
    }

    it('a call without credentials', async () => {
      await fetch(`${sandbox.options.certsBaseUrl}/order`);
      assert.deepEqual(sandbox.proxy.take(), ['request GET /certs/v1/order: wants apiKey and token']);
    });
  });
});
