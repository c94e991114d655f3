/** Prints how often a call crosses the boundary of core.wasm, and through what: `node crossings.mjs`. */
import { readFileSync } from 'node:fs';
import { entry } from './names.mjs';
import { orders as known, pageOf } from './orders.mjs';

/** What the package calls by short names. */
const names = JSON.parse(readFileSync(new URL('../../build/names/core.json', import.meta.url), 'utf8'));

/** How often each function was called, `→` into the wasm and `←` out of it. */
const counts = new Map();
const counted = (direction, name, call) =>
  function (...args) {
    const key = `${direction} ${name}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
    return call.apply(this, args);
  };
/** wasm-bindgen ends a name with a hash of the signature. */
const longName = (name) => (names[name] ?? name).replace(/_[0-9a-f]{16}$/, '');
const wrapped = (direction, entries) =>
  Object.fromEntries(
    Object.entries(entries).map(([name, value]) => [
      name,
      typeof value === 'function' ? counted(direction, longName(name), value) : value,
    ]),
  );

const { instantiate } = WebAssembly;
WebAssembly.instantiate = async (module, imports) => {
  const outOf = Object.fromEntries(Object.entries(imports).map(([name, from]) => [name, wrapped('←', from)]));
  const { exports } = await instantiate(module, outOf);
  return { module, instance: { exports: wrapped('→', exports) } };
};

const reply = (text) => async () => new Response(text, { headers: { 'content-type': 'application/json' } });
const { CertsClient } = await import(entry('chunk.js'));
const calls = 100;

async function crossings(text, call) {
  const { orders } = new CertsClient({
    auth: { apiKey: 'the-api-key', token: 'the-token' },
    fetch: reply(text),
    // Never reached, as in the other parts: what counts is what keeping it costs.
    rateLimit: { limit: 5_000, windowMs: 100, slackMs: 0 },
  });
  for (let warm = 0; warm < 3; warm += 1) await call(orders);
  counts.clear();
  for (let index = 0; index < calls; index += 1) await call(orders);
  const most = [...counts].map(([name, count]) => [name, count / calls]).sort((a, b) => b[1] - a[1]);
  return { total: most.reduce((sum, [, count]) => sum + count, 0), names: most };
}

const result = {
  'one order': await crossings(JSON.stringify(known[0]), (client) => client.get(known[0].id)),
  'a page of 20 orders': await crossings(pageOf(20), (client) => client.list()),
  'a page of 1,000 orders': await crossings(pageOf(1000), (client) => client.list()),
};
console.log(JSON.stringify(result));
process.exit();
