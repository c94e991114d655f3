/**
 * Calls that succeed, fail, are aborted or read pages, and clients that come and go, leave the memory as it was:
 * `node --expose-gc tests/soak/memory.mjs [ROUNDS]`, 20 by default, after a build.
 */
import assert from 'node:assert/strict';
import { installPackage } from '../package/support/install.mjs';
import { guideCsr } from '../package/support/openssl.mjs';

const rounds = Number(process.argv[2] ?? 20);
const callsPerRound = 500;
/** What engines and libraries need to get going is not a leak: these rounds do not count. */
const warmUp = 5;

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

async function hangUp(client) {
  const controller = new AbortController();
  const call = client.request({ method: 'GET', path: '/hangs' }, { signal: controller.signal });
  queueMicrotask(() => controller.abort());
  await assert.rejects(call);
}

const kinds = [
  () => lasting.orders.get(id),
  () => lasting.orders.list().toArray(),
  () => assert.rejects(lasting.request({ method: 'GET', path: '/missing' }), api.NotFoundError),
  () => hangUp(lasting),
  () => api.inspectCsr(csr),
  async () => {
    const passing = new api.CertsClient(options);
    await passing.orders.get(id);
    passing.close();
  },
];

/** Bytes in use once everything is collected that can be: the heap, and what it holds outside, wasm among it. */
async function used() {
  for (let turn = 0; turn < 5; turn += 1) {
    globalThis.gc();
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

try {
  const samples = [];
  for (let round = 0; round < rounds; round += 1) {
    for (let call = 0; call < callsPerRound; call += 1) await kinds[call % kinds.length]();
    samples.push(await used());
    console.log(`round ${round + 1}: ${(samples.at(-1) / 1024).toFixed(0)} KB`);
  }
  const counted = samples.slice(warmUp);
  const half = counted.length >> 1;
  const least = (some) => Math.min(...some);
  const growth = least(counted.slice(half)) - least(counted.slice(0, half));
  const perCall = growth / (half * callsPerRound);
  console.log(`${perCall.toFixed(1)} bytes a call`);
  assert.ok(perCall < 128, `Every call leaves ${perCall.toFixed(1)} bytes behind.`);
} finally {
  await project.remove();
}
