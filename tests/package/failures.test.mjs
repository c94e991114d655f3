import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { environmentNames, openEnvironments } from './support/environments.mjs';
import { startSandboxServer } from './support/sandbox-server.mjs';

const nobody = '00000000-0000-4000-8000-000000000000';

const statuses = {
  400: 'BadRequestError',
  401: 'AuthenticationError',
  403: 'PermissionDeniedError',
  404: 'NotFoundError',
  409: 'ConflictError',
  418: undefined,
  429: 'RateLimitError',
  500: 'ServerError',
  502: 'ServerError',
  503: 'ServerError',
  504: 'ServerError',
};

describe('an error status becomes an error of its own class', { timeout: 300_000 }, () => {
  let environments;
  let server;
  before(async () => {
    environments = await openEnvironments();
    server = await startSandboxServer('--rate-limit', 'off');
  });
  after(async () => {
    await environments?.close();
    await server?.stop();
  });
  const failure = (name, call) =>
    environments[name].run('failures.mjs', 'failure', {
      options: { ...server.options, rateLimit: { scope: 'client' } },
      ...call,
    });

  for (const name of environmentNames) {
    for (const [status, errorClass] of Object.entries(statuses)) {
      it(`${status} in ${name}`, async () => {
        const problem = { code: 'INJECTED', message: 'Injected for the test.' };
        const body = JSON.stringify({ errors: [problem] });
        await server.fault({ path: '/order', status: Number(status), body });
        const error = await failure(name).finally(() => server.clearFaults());
        assert.ok(error.isError);
        assert.deepEqual(error.classes.toSorted(), ['ApiError', 'CertsError', errorClass].filter(Boolean).toSorted());
        assert.equal(error.json.name, errorClass ?? 'ApiError');
        assert.equal(error.json.status, Number(status));
        assert.deepEqual(error.json.problems, [problem]);
        assert.deepEqual(error.body, { errors: [problem] });
        assert.match(error.json.message, /Injected for the test/);
        assert.match(error.stack, /failures\.mjs/, 'the stack names the caller');
      });
    }

    it(`what the service itself refuses in ${name}: an unknown id, and missing fields`, async () => {
      const missing = await failure(name, { path: `/order/${nobody}` });
      assert.equal(missing.json.name, 'NotFoundError');
      const incomplete = await failure(name, { method: 'POST', path: '/organization', body: {} });
      assert.equal(incomplete.json.name, 'BadRequestError');
      assert.ok(incomplete.json.problems.some(({ field }) => field === 'name'));
    });

    it(`a wrong password in ${name}`, async () => {
      const auth = { ...server.options.auth, password: 'wrong' };
      const error = await failure(name, { options: { ...server.options, auth } });
      assert.equal(error.json.name, 'AuthenticationError');
    });

    it(`a gateway's page in ${name}: the status decides`, async () => {
      const body = '<html><h1>502 Bad Gateway</h1></html>';
      await server.fault({ path: '/order', status: 502, body, headers: { 'content-type': 'text/html' } });
      const error = await failure(name).finally(() => server.clearFaults());
      assert.equal(error.json.name, 'ServerError');
      assert.equal(error.body, body);
    });
  }
});
