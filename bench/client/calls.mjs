/** Prints what a call costs with each client, over loopback: `node --expose-gc calls.mjs PORT ROUNDS CALLS`. */
import assert from 'node:assert/strict';
import { candidates } from './candidates.mjs';
import { costOf, interleaved } from './measure.mjs';
import { orders } from './orders.mjs';

const [port, rounds, calls] = process.argv.slice(2).map(Number);
const clients = candidates(`http://127.0.0.1:${port}/certs/v1`);
const [order] = orders;

const result = {};
for (const atOnce of [1, 64]) {
  const jobs = Object.entries(clients).map(([name, { get }]) => {
    const work = async () => {
      const { id } = await get(order.id);
      if (id !== order.id) throw new Error(`${name} replied with another order`);
    };
    return [name, () => costOf(work, calls, atOnce)];
  });
  for (const [name, { get }] of Object.entries(clients)) assert.deepEqual(await get(order.id), order, name);
  result[atOnce] = await interleaved(Object.fromEntries(jobs), rounds);
}
console.log(JSON.stringify(result));
process.exit();
