/**
 * Calls of every kind, and clients that come and go, leave the memory as it was: `node --expose-gc tests/soak/memory.mjs
 * [SHARE]`, after a build. The share is the part of the counts below that is run, 1 by default.
 */
import assert from 'node:assert/strict';
import { installPackage } from '../package/support/install.mjs';
import { guideCsr } from '../package/support/openssl.mjs';

const share = Number(process.argv[2] ?? 1);
/** What may stay of a kind in the end, as buffers and caches come and go. */
const most = 256 * 1024;

const id = '123e4567-e89b-12d3-a456-426614174000';
const order = { id, status: 'CREATED', cert: { commonName: 'example.com' } };
const orders = Array.from({ length: 20 }, () => order);
const json = (body, status = 200) =>
  new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json' } });

/** A service that remembers nothing, so that all that grows is the client's. */
async function fetchOf(url, { signal } = {}) {
  const { pathname } = new URL(url);
  if (pathname.endsWith('/hangs')) {
    return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true }));
  }
  if (pathname.endsWith('/missing')) return json({ errors: [{ code: 'NOT_FOUND', message: 'Not found' }] }, 404);
  if (pathname.endsWith('/order')) return json({ content: orders, page: { size: 20, number: 0, totalPages: 1 } });
  return json(order);
}

const project = await installPackage();
const api = await project.import();
const csr = guideCsr();
const options = { auth: { apiKey: 'the-key', token: 'the-token' }, fetch: fetchOf, rateLimit: false, maxRetries: 0 };
const lasting = new api.CertsClient(options);

const lastingSignal = new AbortController().signal;
const missing = (client) => client.request({ method: 'GET', path: '/missing' });

async function hangUp(client) {
  const controller = new AbortController();
  const call = client.request({ method: 'GET', path: '/hangs' }, { signal: controller.signal });
  queueMicrotask(() => controller.abort());
  await assert.rejects(call);
}

async function passing() {
  const client = new api.CertsClient(options);
  client.on('response', () => client);
  client.rateLimit.on('change', () => client.rateLimit.state);
  await client.orders.get(id);
  return client;
}

/** How often, and what. */
const kinds = {
  calls: [100_000, () => lasting.orders.get(id)],
  lists: [10_000, () => lasting.orders.list().toArray()],
  'refused calls': [10_000, () => assert.rejects(missing(lasting), api.NotFoundError)],
  'aborted calls': [10_000, () => hangUp(lasting)],
  'calls of one signal': [10_000, () => lasting.orders.get(id, { signal: lastingSignal })],
  'requests read': [2_000, () => api.inspectCsr(csr)],
  clients: [10_000, () => passing().then((client) => client.close())],
  'clients that nobody closes': [10_000, passing],
};

/** Bytes in use once everything is collected that can be: the heap, and what it holds outside, wasm among it. */
async function used() {
  let least = Number.POSITIVE_INFINITY;
  // What a collection frees may be what kept something else, through finalizers that run after it.
  for (let turns = 0; turns < 5; turns += 1) {
    globalThis.gc();
    await new Promise((resolve) => setTimeout(resolve, 10));
    const { heapUsed, external } = process.memoryUsage();
    if (heapUsed + external < least - 1024) turns = 0;
    least = Math.min(least, heapUsed + external);
  }
  return least;
}

const times = async (count, work) => {
  for (let call = 0; call < count; call += 1) await work();
};

try {
  for (const [what, [whole, work]] of Object.entries(kinds)) {
    const count = Math.ceil(whole * share);
    // What engines and libraries need to get going is not a leak, and takes them a thousand rounds and more.
    await times(Math.max(count, 2_000), work);
    const before = await used();
    await times(count, work);
    const left = (await used()) - before;
    console.log(`${count} ${what}: ${(left / 1024).toFixed(0)} KB, ${(left / count).toFixed(1)} bytes each`);
    assert.ok(left < most, `${count} ${what} leave ${left} bytes behind.`);
  }
} finally {
  await project.remove();
}
