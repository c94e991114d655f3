/**
 * What each part of a wasm module weighs: `npm run build`, then `node bench/weight.mjs core` (or pki, renewals, sandbox).
 *
 * A part's functions are those whose names are in its module. Their weight is by how much the code is smaller after brotli
 * without them; what parts have in common is in nobody's weight, so that the sum is less than the whole.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';
import { codeOf } from '../tests/wasm/support/name-section.mjs';
import { cargoMetadata, path } from '../tools/lib/project.mjs';
import { wasmFeatures } from '../tools/lib/wasm/optimize.mjs';

const [module = 'core'] = process.argv.slice(2);
const ours = new Set(cargoMetadata().packages.map(({ name }) => name.replaceAll('-', '_')));

/** `pki::rules` for what is in a module of ours, the crate for others; std for all that is generic or its own. */
function partOf(name) {
  const [, first, second] = /^<*(?:&|mut )*(?:impl )?([a-z_]\w*)(?:\[\w+\])?(?:::(\w+))?/.exec(name) ?? [];
  if (ours.has(first)) return second ? `${first}::${second}` : first;
  if (!first || ['core', 'alloc', 'std'].includes(first)) return 'standard library, generics of ours included';
  return name.includes('shim') || !name.includes('::') ? 'exports, with what was put into them' : 'libraries';
}

const weigh = (functions) => {
  const code = Buffer.concat(functions.map(({ bytes }) => bytes));
  return brotliCompressSync(code, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: code.length } }).length;
};

const folder = mkdtempSync(join(tmpdir(), 'weight-'));
try {
  const optimized = join(folder, 'module.wasm');
  execFileSync(
    path('node_modules', '.bin', 'wasm-opt'),
    [
      '-O3',
      '--low-memory-unused',
      '--debuginfo',
      ...wasmFeatures.map((feature) => `--enable-${feature}`),
      path('build', 'names', `${module}.wasm`),
      '-o',
      optimized,
    ],
    { stdio: ['ignore', 'inherit', 'inherit'] },
  );
  const functions = codeOf(optimized);
  const parts = new Map();
  for (const one of functions) {
    const part = partOf(one.name);
    parts.set(part, [...(parts.get(part) ?? []), one]);
  }
  const whole = weigh(functions);
  const rows = [...parts].map(([part, own]) => ({
    part,
    functions: own.length,
    bytes: own.reduce((sum, { bytes }) => sum + bytes.length, 0),
    weight: whole - weigh(functions.filter((one) => !own.includes(one))),
  }));
  console.log(`| part of ${module}.wasm | functions | code, KB | after brotli, KB |\n|---|---:|---:|---:|`);
  const kb = (bytes) => (bytes / 1000).toFixed(1);
  for (const { part, functions, bytes, weight } of rows.toSorted((a, b) => b.weight - a.weight))
    if (weight >= 500) console.log(`| ${part} | ${functions} | ${kb(bytes)} | ${kb(weight)} |`);
  console.log(
    `| all | ${functions.length} | ${kb(functions.reduce((sum, { bytes }) => sum + bytes.length, 0))} | ${kb(whole)} |`,
  );
} finally {
  rmSync(folder, { recursive: true });
}
