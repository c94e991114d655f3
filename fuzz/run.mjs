/**
 * Runs every fuzz target for so many seconds on the kept corpus: `node fuzz/run.mjs [SECONDS] [TARGET…]`, 20 by default.
 *
 * Needs Rust's nightly toolchain. Without it the run is skipped with a word, but never in CI. What is found stays in
 * `fuzz/artifacts`, and the run fails. New inputs go to a folder of their own, so that a run leaves the corpus as it is;
 * `--keep` adds what is worth keeping to it.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cache, path } from '../tools/lib/project.mjs';
import { main, Problem, run } from '../tools/lib/run.mjs';

const cargoFuzz = '0.13.2';
const targets = ['csr', 'certificate', 'bundle', 'pem'];

function hasNightly() {
  try {
    execFileSync('cargo', ['+nightly', '--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** The command, built once into the cache of the set-up. */
async function command() {
  const home = join(cache, `cargo-fuzz-${cargoFuzz}`);
  const binary = join(home, 'bin', 'cargo-fuzz');
  if (!existsSync(binary)) {
    const args = ['install', 'cargo-fuzz', '--version', `=${cargoFuzz}`, '--root', home];
    await run('cargo', args, { quiet: 'building cargo-fuzz' });
  }
  return binary;
}

async function fuzz(binary, target, seconds, keep) {
  const kept = path('fuzz', 'corpus', target);
  mkdirSync(kept, { recursive: true });
  const fresh = mkdtempSync(join(tmpdir(), `fuzz-${target}-`));
  try {
    // The first folder is the one that libFuzzer writes to.
    const folders = keep ? [kept] : [fresh, kept];
    const limits = [
      `-max_total_time=${seconds}`,
      '-timeout=10',
      '-rss_limit_mb=1024',
      '-max_len=65536',
      '-print_final_stats=1',
    ];
    const output = await run(binary, ['fuzz', 'run', target, ...folders, '--', ...limits], {
      env: { RUSTUP_TOOLCHAIN: 'nightly' },
      quiet: `fuzzing ${target}`,
    });
    const [, executions] = output.match(/number_of_executed_units:\s*(\d+)/) ?? [];
    const found = readdirSync(fresh).length;
    console.log(`${target}: ${seconds} s, ${executions} executions, nothing found, ${found} new inputs`);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}

main(async () => {
  const args = process.argv.slice(2);
  const keep = args.includes('--keep');
  const [seconds = '20', ...chosen] = args.filter((arg) => arg !== '--keep');
  if (!hasNightly()) {
    if (process.env.CI) throw new Problem("CI has to have Rust's nightly toolchain: rustup toolchain install nightly");
    console.log("skipped: fuzzing needs Rust's nightly toolchain (rustup toolchain install nightly)");
    return;
  }
  const binary = await command();
  const queue = chosen.length > 0 ? chosen : [...targets];
  await run(binary, ['fuzz', 'build'], { env: { RUSTUP_TOOLCHAIN: 'nightly' }, quiet: 'building the fuzz targets' });
  // Two at a time, for the smallest machine has two cores; a free hand takes the next target.
  const hand = async () => {
    for (let target = queue.shift(); target; target = queue.shift()) await fuzz(binary, target, Number(seconds), keep);
  };
  await Promise.all([hand(), hand()]);
});
