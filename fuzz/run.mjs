/**
 * Runs the fuzz targets on the kept corpus: `node fuzz/run.mjs [--runs N | --seconds N] [--seed N] [--keep] [TARGET…]`.
 *
 * By default 10,000 runs of every target, of slow ones 1,000, with seed 1: the same each time. Needs Rust's nightly
 * toolchain. What is found stays in `fuzz/artifacts`, and the run fails. New inputs go to a folder of their own, so that
 * a run leaves the corpus as it is; `--keep` adds what is worth keeping to it.
 */
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { path } from '../tools/lib/project.mjs';
import { main, run } from '../tools/lib/run.mjs';
import { need } from '../tools/setup.mjs';

const targets = ['csr', 'certificate', 'bundle', 'pem', 'create', 'everything', 'replies', 'refusals', 'headers'];
/** Of a paste everything is tried that it may be, and replies get a whole client each: a tenth as many in the same time. */
const slow = ['bundle', 'pem', 'create', 'everything', 'replies', 'refusals', 'headers'];
const nightly = { RUSTUP_TOOLCHAIN: 'nightly' };

async function fuzz(target, { runs, seconds, seed, keep }) {
  const kept = path('fuzz', 'corpus', target);
  mkdirSync(kept, { recursive: true });
  const fresh = mkdtempSync(join(tmpdir(), `fuzz-${target}-`));
  try {
    // The first folder is the one that libFuzzer writes to.
    const folders = keep ? [kept] : [fresh, kept];
    const limits = [
      seconds ? `-max_total_time=${seconds}` : `-runs=${slow.includes(target) ? Math.ceil(runs / 10) : runs}`,
      `-seed=${seed}`,
      '-timeout=10',
      '-rss_limit_mb=1024',
      '-max_len=65536',
      '-print_final_stats=1',
    ];
    const output = await run('cargo-fuzz', ['fuzz', 'run', target, ...folders, '--', ...limits], {
      env: nightly,
      quiet: `fuzzing ${target}`,
    });
    const [, executions] = output.match(/number_of_executed_units:\s*(\d+)/) ?? [];
    console.log(
      `${target}: ${executions} executions from seed ${seed}, nothing found, ${readdirSync(fresh).length} new inputs`,
    );
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}

main(async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      runs: { type: 'string', default: '10000' },
      seconds: { type: 'string' },
      seed: { type: 'string', default: '1' },
      keep: { type: 'boolean', default: false },
    },
  });
  await need(['rust', 'rust nightly', 'cargo-fuzz']);
  await run('cargo-fuzz', ['fuzz', 'build'], { env: nightly, quiet: 'building the fuzz targets' });
  const queue = positionals.length > 0 ? positionals : [...targets];
  // Two at a time, for the smallest machine has two cores; a free hand takes the next target.
  const hand = async () => {
    for (let target = queue.shift(); target; target = queue.shift()) await fuzz(target, values);
  };
  await Promise.all([hand(), hand()]);
});
