/** Prints what a page of orders costs with each client, the reply being in memory: `node --expose-gc pages.mjs ROUNDS`. */
import assert from 'node:assert/strict';
import { candidates } from './candidates.mjs';
import { costOf, interleaved } from './measure.mjs';
import { orders, pageOf } from './orders.mjs';

const rounds = Number(process.argv[2]);
/** Orders per page, and pages per sample. */
const sizes = { 0: 300, 1: 300, 20: 100, 200: 20, 1000: 5 };

const result = {};
for (const [size, pages] of Object.entries(sizes)) {
  const text = pageOf(Number(size));
  const bytes = new TextEncoder().encode(text);
  const fetch = async () => new Response(bytes, { headers: { 'content-type': 'application/json' } });
  const lists = Object.entries(candidates('http://127.0.0.1/certs/v1', fetch)).map(([name, { list }]) => [name, list]);
  for (const [name, list] of lists) {
    const { content } = await list();
    assert.deepEqual([...content], orders.slice(0, size), name);
  }
  const jobs = Object.fromEntries([
    ['JSON.parse', () => JSON.parse(text)],
    ['fetch + text()', async () => (await fetch()).text()],
    ...lists,
  ]);
  const measured = Object.entries(jobs).map(([name, work]) => [name, () => costOf(work, pages)]);
  result[size] = { bytes: bytes.length, samples: await interleaved(Object.fromEntries(measured), rounds) };
}
console.log(JSON.stringify(result));
process.exit();
