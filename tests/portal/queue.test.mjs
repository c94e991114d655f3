import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { virtualTime } from '../package/support/virtual-time.mjs';
import { installed, openPortal } from './support/portal.mjs';

const limit = { limit: 10, windowMs: 10_000, retryAfter: true };
const idOf = (number) => `3fa85f64-5717-4562-b3fc-${String(number).padStart(12, '0')}`;

describe('one limit for all pages', () => {
  let packed;
  before(async () => {
    packed = await installed();
    await packed.api.init();
  });
  after(() => packed?.project.remove());

  /** A portal whose service answers everything at once, and counts. */
  const open = async (options = {}) => {
    const times = [];
    const service = async (url) => {
      times.push([performance.now(), new URL(url).pathname]);
      return new Response('{"id":"x"}');
    };
    const rateLimit = { scope: 'client', limit: limit.limit, windowMs: limit.windowMs, slackMs: 0 };
    const portal = await openPortal(packed, {
      service,
      client: { rateLimit },
      users: { bob: { user: 'bob' } },
      ...options,
    });
    return { ...portal, times };
  };

  it('one with three hundred calls does not hold up another’s one', async (test) => {
    const time = virtualTime(test);
    const { ask, times } = await open({ maxWait: Infinity });
    const many = Array.from({ length: 300 }, (_, at) => ask('GET', `order/${idOf(at)}`));
    const began = time.now();
    await time.pass(1);
    const one = ask('GET', `contact/${idOf(999)}`, { user: 'bob' });
    await time.until(one);
    assert.ok(time.now() - began <= 2 * limit.windowMs, `${time.now() - began}`);
    await time.until(Promise.all(many));
    for (const [at, [from]] of times.entries()) {
      const next = times[at + limit.limit];
      if (next) assert.ok(next[0] - from >= limit.windowMs - 1, 'never over the limit');
    }
  });

  it('what is urgent goes before what polls, of the same user', async (test) => {
    const time = virtualTime(test);
    const { ask, times } = await open({ maxWait: Infinity });
    const low = { 'certs-priority': 'low' };
    const polls = Array.from({ length: 40 }, (_, at) => ask('GET', `order/${idOf(at)}`, { headers: low }));
    await time.pass(1);
    const one = ask('GET', `contact/${idOf(999)}`);
    await time.until(one);
    assert.ok(times.length <= 2 * limit.limit);
    await time.until(Promise.all(polls));
  });

  it('a low call that waits does not hold up those who ask the same without waiting', async (test) => {
    const time = virtualTime(test);
    const { ask, times } = await open({ maxWait: Infinity });
    const many = Array.from({ length: 60 }, (_, at) => ask('GET', `order/${idOf(at)}`));
    await time.pass(1);
    const same = ask('GET', `order/${idOf(59)}`, { user: 'bob' });
    await time.until(same);
    assert.ok(times.length <= 2 * limit.limit, `${times.length}`);
    await time.until(Promise.all(many));
  });

  it('what would wait too long is told when to come back, and is served then', async (test) => {
    const time = virtualTime(test);
    const { ask, times } = await open({ maxWait: 10_000 });
    const asked = await (async () => {
      const all = Array.from({ length: 60 }, (_, at) => ask('GET', `order/${idOf(at)}`));
      await time.until(Promise.all(all));
      return Promise.all(all);
    })();
    const away = asked.flatMap(({ status, headers }, at) =>
      status === 429 ? [[at, Number(headers.get('retry-after'))]] : [],
    );
    assert.ok(away.length > 0 && away.length < 60);
    assert.ok(away.every(([, seconds]) => Number.isInteger(seconds) && seconds >= 1));
    assert.ok(new Set(away.map(([, seconds]) => seconds)).size > 1, 'they do not all come at once');
    const began = time.now();
    const again = [];
    for (const [at, seconds] of away.sort(([, a], [, b]) => a - b)) {
      await time.pass(Math.max(0, began + seconds * 1000 - time.now()));
      again.push(ask('GET', `order/${idOf(at)}`));
    }
    await time.until(Promise.all(again));
    const statuses = (await Promise.all(again)).map(({ status }) => status);
    assert.deepEqual([...new Set(statuses)], [200]);
    assert.ok(times.length >= 60);
  });

  it('the page shows the queue of the server', async (test) => {
    const time = virtualTime(test);
    const { ask, pageClient } = await open({ maxWait: Infinity });
    const many = Array.from({ length: 25 }, (_, at) => ask('GET', `order/${idOf(at)}`));
    const { page } = pageClient({}, 'bob');
    let changes = 0;
    page.rateLimit.on('change', () => {
      changes += 1;
    });
    await time.pass(1);
    const one = page.orders.get(idOf(99));
    await time.until(one);
    const { server } = page.rateLimit.state;
    assert.equal(server.limit, limit.limit);
    assert.ok(server.queued > 0 && server.waitMs > 0, JSON.stringify(server));
    assert.ok(changes > 0);
    await time.until(Promise.all(many));
  });
});
