/**
 * Two hundred pages at once, for ten minutes of their time: `node --expose-gc tests/soak/portal.mjs [MINUTES]`, after a build.
 * Half of them read lists and orders, some order, some attack, some leave in the middle; the service is away for a minute.
 */
import assert from 'node:assert/strict';
import { virtualTime } from '../package/support/virtual-time.mjs';
import { refusedBy } from '../portal/support/kinds.mjs';
import { host, installed, openPortal } from '../portal/support/portal.mjs';

const minutes = Number(process.argv[2] ?? 10);
const pages = 200;
const minute = 60_000;
const most = 8 * 1024 * 1024;

const packed = await installed();
await packed.api.init();
const ended = [];
const time = virtualTime({ after: (work) => ended.push(work) });
const uncaught = [];
process.on('unhandledRejection', (reason) => uncaught.push(reason));

const arrived = [];
const orders = new Map();
let isAway = false;
const idOf = (number) => `3fa85f64-5717-4562-b3fc-${String(number).padStart(12, '0')}`;
const json = (body, status = 200) => new Response(JSON.stringify(body), { status });
const service = async (url, { method, body }) => {
  arrived.push(performance.now());
  if (isAway) throw new TypeError('fetch failed');
  if (method === 'POST') {
    const { comments } = JSON.parse(body);
    orders.set(comments, (orders.get(comments) ?? 0) + 1);
    return json({ id: idOf(orders.size), status: 'CREATED' }, 202);
  }
  const { pathname } = new URL(url);
  return pathname.endsWith('/order') ? json({ content: [{ id: idOf(1) }] }) : json({ id: pathname.split('/').at(-1) });
};
const users = Object.fromEntries(
  Array.from({ length: pages }, (_, at) => [
    `u${at}`,
    { user: `u${at}`, allow: { operations: [...packed.proxy.reading, 'orders.create'] } },
  ]),
);
const portal = await openPortal(packed, { service, users, client: { rateLimit: { scope: 'client' }, maxRetries: 0 } });
portal.sent.push = () => 0;
portal.audit.push = () => 0;
portal.errors.push = () => 0;

const statuses = new Map();
const count = (status) => statuses.set(status, (statuses.get(status) ?? 0) + 1);
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
let isOver = false;

/** What a page does next, by its number and the round. */
async function act(at, round) {
  const user = `u${at}`;
  const kind = (at + round) % 10;
  if (kind < 5) return portal.ask('GET', `order?page=${kind}`, { user });
  if (kind < 7) return portal.ask('GET', `order/${idOf(at)}`, { user });
  if (kind === 7) {
    // Twice, as a browser would.
    const once = { user, body: { comments: `${at} ${round}` }, headers: { 'idempotency-key': `${at}-${round}` } };
    const [first] = await Promise.all([portal.ask('POST', 'order', once), portal.ask('POST', 'order', once)]);
    return first;
  }
  if (kind === 8)
    return portal.ask('POST', 'order', { user, headers: { host: 'evil.example' }, body: { comments: 'evil' } });
  const page = new AbortController();
  const left = portal.ask('GET', `contact/${idOf(round)}`, { user, signal: page.signal });
  setTimeout(() => page.abort(), 5);
  return left;
}

async function visit(at) {
  for (let round = 0; !isOver; round += 1) {
    const { status, headers } = await act(at, round);
    count(status);
    await wait(status === 429 ? Number(headers.get('retry-after')) * 1000 : 2000 + at);
  }
}

const memory = () => {
  globalThis.gc();
  return process.memoryUsage().heapUsed;
};
const visits = Array.from({ length: pages }, (_, at) => visit(at));
await time.pass(minutes * 0.2 * minute);
const before = memory();
await time.pass(minutes * 0.3 * minute);
isAway = true;
await time.pass(minute);
isAway = false;
await time.pass(minutes * 0.5 * minute - minute);
arrived.splice(0, arrived.length - 2000);
const grown = memory() - before;
isOver = true;
await time.until(Promise.all(visits));
for (const end of ended) end();

const refused = refusedBy(arrived, 100, minute);
console.log(
  `${host}: answers ${JSON.stringify([...statuses].sort())}; ${orders.size} orders; heap ${(grown / 1024).toFixed(0)} KB`,
);
assert.deepEqual(uncaught, []);
assert.ok(!orders.has('evil'));
assert.deepEqual(
  [...orders.values()].filter((times) => times !== 1),
  [],
  'each is placed once',
);
assert.deepEqual(refused, { fixed: 0, sliding: 0, counter: 0, bucket: 0 });
assert.ok(grown < most, `${grown} bytes stayed`);
await packed.project.remove();
process.exit();
