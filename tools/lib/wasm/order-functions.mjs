/**
 * The order of the functions in a wasm module. Brotli finds what two functions have in common the more cheaply, the nearer they
 * are: each is followed by the one that is most like it. It takes two per cent off every module.
 */

import {
  CODE,
  CUSTOM,
  IMPORTS,
  importsOf,
  leb,
  list,
  read,
  section,
  sectionsOf,
  text,
  withSections,
} from './sections.mjs';

/** What two functions are compared by: runs of so many octets. */
const LENGTH = 4;
/** A run that so many functions have says nothing of them, and takes long to compare. */
const COMMON = 2000;

/** Names the functions of a module by their places in that order, so that `wasm-opt --reorder-functions-by-name` makes it. */
export function namedInOrder(module) {
  const sections = sectionsOf(module);
  const imports = importedFunctions(sections.find(({ id }) => id === IMPORTS)?.content);
  const order = byLikeness(bodiesOf(sections.find(({ id }) => id === CODE).content));
  const width = String(order.length).length;
  const names = [];
  for (const [rank, at] of order.entries()) names[at] = String(rank).padStart(width, '0');
  const functionNames = list(names.map((name, at) => [...leb(imports + at), ...text(name)]));
  const content = [...text('name'), 1, ...leb(functionNames.length), ...functionNames];
  const kept = sections.filter(({ id, content }) => id !== CUSTOM || read(content).text() !== 'name');
  return withSections(module, [...kept, section(CUSTOM, content)]);
}

/** The places of these bodies, each followed by the one that shares the largest part of its runs with it. */
export function byLikeness(bodies) {
  const runs = bodies.map(runsOf);
  const having = new Map();
  for (const [at, ofOne] of runs.entries()) {
    for (const run of ofOne) {
      if (!having.has(run)) having.set(run, []);
      having.get(run).push(at);
    }
  }
  const left = new Set(bodies.keys());
  const order = [];
  for (let at = 0; left.has(at); at = likest(at, left, runs, having)) {
    left.delete(at);
    order.push(at);
  }
  return order;
}

function likest(at, left, runs, having) {
  const shared = new Map();
  for (const run of runs[at]) {
    const others = having.get(run);
    if (others.length > COMMON) continue;
    for (const other of others) if (left.has(other)) shared.set(other, (shared.get(other) ?? 0) + 1);
  }
  let [best, most] = [left.values().next().value, 0];
  for (const [other, count] of shared) {
    const share = count / (runs[at].size + runs[other].size - count);
    if (share > most || (share === most && other < best)) [best, most] = [other, share];
  }
  return best;
}

function runsOf(body) {
  const runs = new Set();
  for (let at = 0; at + LENGTH <= body.length; at += 1) runs.add(body.readUInt32LE(at));
  return runs;
}

function bodiesOf(code) {
  const reader = read(code);
  return Array.from({ length: reader.number() }, () => reader.sized());
}

/** How many functions are imported: they are numbered before all others. */
const importedFunctions = (imports) =>
  imports ? importsOf(imports).filter(({ type: [kind] }) => kind === 0).length : 0;
