/** What is done with a wasm module once it is compiled: all that makes it lighter. */
import { readFileSync, writeFileSync } from 'node:fs';
import { run } from '../run.mjs';
import { namedInOrder } from './order-functions.mjs';
import { shortNames } from './short-names.mjs';

/** What rustc emits for wasm32 by default; wasm-opt refuses what it is not told of. */
export const wasmFeatures = [
  'bulk-memory',
  'bulk-memory-opt',
  'multivalue',
  'mutable-globals',
  'nontrapping-float-to-int',
  'reference-types',
  'sign-ext',
];

/**
 * Makes a module and its glue lighter, where they are. With `keepsNames`, functions keep their names, for the stack of a trap.
 *
 * @returns what each short name stands for by which the two know each other
 */
export async function optimize(wasm, glue, { keepsNames }) {
  if (keepsNames) {
    await wasmOpt(wasm, '--debuginfo');
    return {};
  }
  await wasmOpt(wasm);
  writeFileSync(wasm, namedInOrder(readFileSync(wasm)));
  await wasmOpt(wasm, '--reorder-functions-by-name');
  const short = shortNames(readFileSync(wasm), readFileSync(glue, 'utf8'));
  writeFileSync(wasm, short.module);
  writeFileSync(glue, short.glue);
  return short.names;
}

const wasmOpt = (wasm, ...options) =>
  run('wasm-opt', [
    // For code that rustc made for size, it comes out as small after gzip as with -Oz, in half the time.
    '-O3',
    // The lowest addresses are the far end of the stack, which lies below all data: nothing else is there to be used.
    '--low-memory-unused',
    // Code that repeats itself weighs less after brotli than the locals that would spare it, and calls less than copies.
    '--skip-pass=local-cse',
    '-aimfs',
    '2',
    '-fimfs',
    '10',
    '-ocimfs',
    '5',
    ...options,
    ...wasmFeatures.map((feature) => `--enable-${feature}`),
    wasm,
    '-o',
    wasm,
  ]);
