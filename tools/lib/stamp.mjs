/** Skips a step whose inputs are those of its last success, whatever the files' dates say. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { path, root } from './project.mjs';

/** Never source, and large. */
const skipped = new Set(['node_modules', 'target']);

/** Every file at or below these paths, in a fixed order. */
export function* filesUnder(...starts) {
  for (const start of starts) {
    if (!existsSync(start)) continue;
    if (!statSync(start).isDirectory()) {
      yield start;
      continue;
    }
    for (const name of readdirSync(start).sort()) {
      if (!skipped.has(name)) yield* filesUnder(join(start, name));
    }
  }
}

function digest(facts, inputs) {
  const hash = createHash('sha256').update(JSON.stringify(facts));
  for (const file of filesUnder(...inputs)) {
    hash.update(`\0${relative(root, file)}\0`).update(readFileSync(file));
  }
  return hash.digest('hex');
}

/**
 * Does `work` unless the outputs exist and neither the files in `inputs` nor the `facts` (versions, options) changed.
 * The stamp is written after the work, so that a step that failed or was interrupted runs again.
 */
export async function step(name, { inputs, outputs, facts = [] }, work) {
  const stamp = path('build', 'stamps', name);
  const now = digest(facts, inputs);
  const fresh = outputs.every((file) => existsSync(file)) && existsSync(stamp) && readFileSync(stamp, 'utf8') === now;
  if (fresh) return;
  console.log(`→ ${name}`);
  rmSync(stamp, { force: true });
  await work();
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, now);
}
