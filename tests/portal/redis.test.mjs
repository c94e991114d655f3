import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { listen } from '../package/support/listen.mjs';
import { installBeside } from './support/examples.mjs';
import { refusedBy } from './support/kinds.mjs';
import { openPortal } from './support/portal.mjs';
import { startRedis } from './support/redis.mjs';

const window = 2000;
const limit = { limit: 60, windowMs: window, slackMs: 10 };
const processes = 4;

describe('a store in Redis', { timeout: 300_000 }, () => {
  let redis;
  let project;
  let connection;
  let store;
  before(async () => {
    redis = await startRedis();
    project = await installBeside();
    const { createClient } = await project.import('redis');
    const { createRedisStore } = await project.import('markmonitor-certs/redis');
    connection = createClient({ url: redis.url, disableOfflineQueue: true, socket: { reconnectStrategy: 50 } });
    connection.on('error', () => {});
    await connection.connect();
    store = createRedisStore(connection, { prefix: 'test ' });
  });
  after(async () => {
    connection?.destroy();
    await redis?.remove();
  });

  it('keeps values, replaces them in one step whoever else does, and tells its own time', async () => {
    assert.equal(await store.get('a'), undefined);
    await store.set('a', '1');
    await Promise.all(Array.from({ length: 50 }, () => store.update('a', (value) => String(Number(value) + 1))));
    assert.equal(await store.get('a'), '51');
    await store.update('a', () => undefined);
    assert.equal(await store.get('a'), undefined);
    const [seconds] = await connection.sendCommand(['TIME']);
    let told;
    await store.update('b', (value, now) => {
      told = now;
      return value;
    });
    assert.ok(Math.abs(told / 1000 - Number(seconds)) <= 2);
    await store.set('c', 'for a while', 60_000);
    await store.update('d', () => 'for a while', 60_000);
    for (const key of ['c', 'd']) assert.ok((await connection.sendCommand(['PTTL', `test ${key}`])) > 0);
  });

  it('has a lock for one at a time, which ends by itself', async () => {
    const [first, second] = [await store.lock('x', 60_000), await store.lock('x', 60_000)];
    assert.deepEqual([typeof first.release, second], ['function', undefined]);
    await first.release();
    const third = await store.lock('x', 1);
    let fourth;
    while (!fourth) fourth = await store.lock('x', 60_000);
    await third.release();
    assert.equal(await store.lock('x', 60_000), undefined, 'one that has ended gives back no other');
    await fourth.release();
  });

  it('remembers for two servers what one has sent', async () => {
    const [api, proxy, sandbox] = await Promise.all(
      ['', '/proxy', '/sandbox'].map((path) => project.import(`markmonitor-certs${path}`)),
    );
    let orders = 0;
    const service = async () => {
      orders += 1;
      await new Promise((resolve) => setTimeout(resolve, 300));
      return new Response(JSON.stringify({ id: '3fa85f64-5717-4562-b3fc-2c963f66afa6', status: 'CREATED' }), {
        status: 202,
      });
    };
    const servers = await Promise.all(
      [0, 1].map(() => openPortal({ api, proxy, sandbox }, { service, client: { store } })),
    );
    const once = { body: {}, headers: { 'idempotency-key': 'two-servers' } };
    const replies = await Promise.all(servers.map(({ ask }) => ask('POST', 'order', once)));
    assert.deepEqual([replies.map(({ status }) => status), orders], [[202, 202], 1]);
    assert.equal(replies[0].text, replies[1].text);
  });

  it('shares one limit among four processes, also when it goes away and comes back', async (test) => {
    const arrived = [];
    const server = await listen((request, response) => {
      arrived.push({ at: performance.now(), by: request.url.split('/').at(-1) });
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"id":"x"}');
    });
    const program = join(project.folder, 'redis-process.mjs');
    await copyFile(fileURLToPath(new URL('support/redis-process.mjs', import.meta.url)), program);
    const heard = [];
    const children = Array.from({ length: processes }, (_, at) => {
      const options = {
        url: redis.url,
        service: server.origin,
        limit,
        processes,
        name: `p${at}`,
      };
      const child = fork(program, [JSON.stringify(options)]);
      child.on('message', (message) => heard.push(message));
      return child;
    });
    const pass = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
    const until = async (condition) => {
      while (!condition()) await pass(50);
    };
    try {
      await until(() => heard.filter(({ ready }) => ready).length === processes);
      await pass(2 * window);
      const from = arrived.length;
      await pass(8 * window);
      const shared = arrived.slice(from);
      const rate = shared.length / ((8 * limit.limit * window) / window);
      const parts = Array.from({ length: processes }, (_, at) => shared.filter(({ by }) => by === `p${at}`).length);
      test.diagnostic(`${(100 * rate).toFixed(1)} % of the rate; by process ${parts.join(', ')}`);
      assert.ok(
        parts.every((part) => part > 0),
        'no process starves',
      );

      await redis.stop();
      await until(() => heard.filter(({ warning }) => warning === 'rate_limit_store_failed').length >= processes);
      await pass(2 * window);
      const alone = arrived.length;
      await pass(4 * window);
      const without = arrived.slice(alone);
      test.diagnostic(`without Redis ${(without.length / (4 * limit.limit)).toFixed(2)} of the rate`);
      assert.ok(without.length > 0, 'each keeps to its share');

      await redis.start();
      const back = arrived.length;
      await pass(4 * window);
      assert.ok(arrived.length > back);
      const refused = refusedBy(
        arrived.map(({ at }) => at),
        limit.limit,
        window,
      );
      test.diagnostic(`refused by kind: ${JSON.stringify(refused)}`);
      assert.deepEqual(refused, { fixed: 0, sliding: 0, counter: 0, bucket: 0 });
      assert.deepEqual(
        heard.filter(({ error }) => error),
        [],
      );
    } finally {
      for (const child of children) child.disconnect();
      await server.close();
    }
  });
});
