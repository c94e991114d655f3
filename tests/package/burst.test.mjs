import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { bothForms, installPackage } from './support/install.mjs';
import { startSandboxServer } from './support/sandbox-server.mjs';

// The service allows 100 in a minute (guide 4); here it is 20 in a second, so that the test takes seconds.
const [limit, windowMs, slackMs] = [20, 1_000, 25];
const calls = 250;

describe('250 calls at once', { timeout: 120_000 }, () => {
  let project;
  let server;
  before(async () => {
    project = await installPackage();
    server = await startSandboxServer('--rate-limit', `${limit}/${windowMs}/sliding`);
  });
  after(async () => {
    await project?.remove();
    await server?.stop();
  });

  for (const form of ['ESM', 'CommonJS']) {
    it(`meet no 429 and take no longer than the limit allows, as ${form}`, async () => {
      const { api } = (await bothForms(project))[form];
      const rateLimit = { limit, windowMs, slackMs, scope: 'client' };
      const client = new api.CertsClient({ ...server.options, rateLimit });
      await client.tokens.authenticate();
      // From idle: the log has forgotten the token's request.
      await new Promise((resolve) => setTimeout(resolve, windowMs + 2 * slackMs));

      const before = (await server.requests()).length;
      const began = performance.now();
      await Promise.all(Array.from({ length: calls }, () => client.orders.list({ size: 1 })));
      const tookMs = performance.now() - began;

      const statuses = (await server.requests()).slice(before).map(({ status }) => status);
      assert.deepEqual([statuses.length, ...new Set(statuses)], [calls, 200]);
      assert.equal(client.rateLimit.state.throttled, 0);
      // The first window's worth goes at once; every further one takes a window.
      const possibleMs = (Math.ceil(calls / limit) - 1) * windowMs;
      assert.ok(tookMs <= possibleMs * 1.05, `${Math.round(tookMs)} ms for what takes ${possibleMs} at least`);
      assert.ok(tookMs >= possibleMs * 0.95, `${Math.round(tookMs)} ms is faster than the limit`);
    });
  }
});
