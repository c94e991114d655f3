import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { installPackage } from './support/install.mjs';
import { virtualTime } from './support/virtual-time.mjs';

// What the service allows (guide 4).
const [limit, windowMs, slackMs] = [100, 60_000, 250];
const calls = 250;

describe('250 calls at once', () => {
  let project;
  before(async () => {
    project = await installPackage();
  });
  after(() => project?.remove());

  it('meet no 429 and take no longer than the limit allows', async (test) => {
    const { CertsClient } = await project.import();
    const { createSandbox } = await project.import('markmonitor-certs/sandbox');
    const sandbox = await createSandbox({ rateLimit: { limit, windowMs, window: 'sliding' }, latencyMs: 50 });
    const rateLimit = { limit, windowMs, slackMs, scope: 'client' };
    const client = new CertsClient({ auth: sandbox.credentials, fetch: sandbox.fetch, rateLimit });
    await client.tokens.authenticate();
    const time = virtualTime(test);
    // From idle: the log has forgotten the token's request.
    await time.pass(2 * (windowMs + slackMs));

    const before = sandbox.requests.length;
    const began = time.now();
    await time.until(Promise.all(Array.from({ length: calls }, () => client.orders.list({ size: 1 }))));
    const tookMs = time.now() - began;

    const statuses = sandbox.requests.slice(before).map(({ status }) => status);
    assert.deepEqual([statuses.length, ...new Set(statuses)], [calls, 200]);
    assert.equal(client.rateLimit.state.throttled, 0);
    // At this rate throughout; only a window that is known to be fixed could be used better.
    const allowedMs = (calls / limit) * windowMs;
    assert.ok(tookMs <= allowedMs * 1.05, `${Math.round(tookMs)} ms for what takes ${allowedMs}`);
    const fixedWindowMs = (Math.ceil(calls / limit) - 1) * windowMs;
    assert.ok(tookMs >= fixedWindowMs, `${Math.round(tookMs)} ms is faster than any limit of this size allows`);
  });
});
