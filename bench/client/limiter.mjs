/**
 * Prints how an hour of saturation goes with one limiter and one kind of server, in virtual time: `node limiter.mjs LIMITER
 * SERVER`, or the names of both without arguments.
 *
 * Three hundred callers call again as soon as they have a reply. Each way through the network takes 20 to 250 ms. What
 * is refused is lost with the limiters that repeat nothing.
 */
import { install } from '@sinonjs/fake-timers';
import { entry, own } from './names.mjs';
import { servers } from './servers.mjs';

const [limit, windowMs] = [100, 60_000];
const duration = 60 * windowMs;
const callers = 300;

/** Each makes, of a function that sends a request, one that does so when the limiter lets it. */
const limiters = {
  [own]: async (send) => {
    const { CertsClient, init } = await import(entry('chunk.js'));
    // It is compiled in other threads, which know no virtual time.
    await init();
    const fetch = async () => new Response('{"id":"x"}', { status: (await send()) ? 200 : 429 });
    const auth = { apiKey: 'key', token: 'token' };
    const { orders } = new CertsClient({ auth, fetch, totalTimeout: duration });
    return () => orders.get('1c7d2a0e-6a5f-4f7e-9a51-0d9b7a6f2a10');
  },
  'p-throttle': async (send) => (await import('p-throttle')).default({ limit, interval: windowMs })(send),
  'p-throttle, strict': async (send) =>
    (await import('p-throttle')).default({ limit, interval: windowMs, strict: true })(send),
  'p-queue': async (send) => {
    const queue = new (await import('p-queue')).default({ intervalCap: limit, interval: windowMs });
    return () => queue.add(send);
  },
  'p-queue, strict': async (send) => {
    const queue = new (await import('p-queue')).default({ intervalCap: limit, interval: windowMs, strict: true });
    return () => queue.add(send);
  },
  'bottleneck, reservoir': async (send) => {
    const { default: Bottleneck } = await import('bottleneck');
    const reservoir = { reservoir: limit, reservoirRefreshAmount: limit, reservoirRefreshInterval: windowMs };
    return new Bottleneck(reservoir).wrap(send);
  },
  'bottleneck, evenly spaced': async (send) => {
    const { default: Bottleneck } = await import('bottleneck');
    return new Bottleneck({ minTime: windowMs / limit }).wrap(send);
  },
  'rate-limiter-flexible': async (send) => {
    const { RateLimiterMemory, RateLimiterQueue } = (await import('rate-limiter-flexible')).default;
    const queue = new RateLimiterQueue(new RateLimiterMemory({ points: limit, duration: windowMs / 1000 }));
    return async () => {
      await queue.removeTokens(1);
      return send();
    };
  },
};

const [limiter, kind] = process.argv.slice(2);
if (limiter === undefined) {
  console.log(JSON.stringify({ limiters: Object.keys(limiters), servers: Object.keys(servers) }));
  process.exit();
}

// It starts somewhere within a window of the server, as programs do.
const start = 1_000 * windowMs + 17_000;
const clock = install({
  now: start,
  toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date', 'performance'],
});
/** A linear congruential generator: chance that is the same everywhere. */
let state = 1;
const latency = () => {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
  const ms = 20 + (state / 2 ** 32) * 230;
  return new Promise((resolve) => setTimeout(resolve, ms));
};

const accepts = servers[kind]();
let [done, refused] = [0, 0];
async function send() {
  await latency();
  const accepted = accepts(Date.now());
  if (accepted) done += 1;
  else refused += 1;
  await latency();
  return accepted;
}

const call = await limiters[limiter](send);
const isOver = () => Date.now() >= start + duration;
for (let caller = 0; caller < callers; caller += 1) {
  (async () => {
    while (!isOver()) await call().catch(() => {});
  })();
}
/** Until everything that needs no time has happened: reading a reply takes some turns of the event loop. */
const settle = async () => {
  for (let turn = 0; turn < 4; turn += 1) await new Promise((resolve) => setImmediate(resolve));
};
await settle();
while (!isOver()) {
  clock.next();
  await settle();
}
console.log(JSON.stringify({ done, refused }));
process.exit();
