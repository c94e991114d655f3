/** Runs commands so that they show their progress and leave no orphan. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { delimiter, join } from 'node:path';
import { root } from './project.mjs';

/** Something that the reader can fix: shown as its one sentence, without a stack trace. */
export class Problem extends Error {}

/** A check that has nothing to run on here; says why. */
export class Skipped extends Problem {}

/** A command that ended badly; it has already said why. */
export class CommandFailed extends Problem {
  constructor(command, how) {
    super(`\`${command}\` failed (${how}).`);
    this.how = how;
  }
}

/** The first of these commands that PATH names, as an absolute path. */
export function onPath(...names) {
  for (const name of names) {
    for (const folder of (process.env.PATH ?? '').split(delimiter)) {
      const file = join(folder, name);
      if (folder && existsSync(file)) return file;
    }
  }
  return undefined;
}

const running = new Set();

/**
 * Runs a command to its end, with its output going where ours goes.
 *
 * `quiet`: keeps the output back and returns it, shows a line now and then instead, and the output if the command fails.
 * `env`: added to ours. `cwd`: the project's root unless said otherwise.
 */
export function run(command, args = [], { cwd = root, env = {}, quiet } = {}) {
  return new Promise((resolve, reject) => {
    // A process group of its own: a signal to it also reaches the grandchildren (npm's node, cargo's rustc).
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', quiet ? 'pipe' : 'inherit', quiet ? 'pipe' : 'inherit'],
      detached: true,
    });
    running.add(child);
    const output = [];
    child.stdout?.on('data', (chunk) => output.push(chunk));
    child.stderr?.on('data', (chunk) => output.push(chunk));
    const started = Date.now();
    const ticking =
      quiet &&
      setInterval(() => console.log(`  … ${quiet}, ${Math.round((Date.now() - started) / 1000)} s so far`), 10_000);

    const settle = (how) => {
      running.delete(child);
      clearInterval(ticking);
      if (how === undefined) return resolve(`${Buffer.concat(output)}`);
      process.stderr.write(Buffer.concat(output));
      reject(new CommandFailed([command, ...args].join(' '), how));
    };
    child.on('error', (error) => settle(error.code === 'ENOENT' ? 'there is no such command' : error.message));
    child.on('close', (code, signal) => settle(code === 0 ? undefined : (signal ?? `exit code ${code}`)));
  });
}

function endAll(signal) {
  for (const child of running) {
    try {
      process.kill(-child.pid, signal);
    } catch {
      // It ended in the same moment.
    }
  }
}

/**
 * Runs a script's main function: a Problem becomes its sentence and exit code 1, a signal ends what was started.
 * `onSignal` says what to tidy up, and with which code to leave; without it a signal counts as a failure.
 */
export function main(body, onSignal) {
  let leaving = false;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, async () => {
      // Ctrl-C arrives twice: from the terminal, and from npm, which forwards it.
      if (leaving) return;
      leaving = true;
      endAll(signal);
      process.exit(onSignal ? await onSignal() : 128 + constants.signals[signal]);
    });
  }
  body().catch((error) => {
    if (leaving) return;
    console.error(error instanceof Problem ? `\n${error.message}` : error);
    endAll('SIGTERM');
    process.exit(1);
  });
}
