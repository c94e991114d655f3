import type { RenewalCommand } from '../types/renewals.js';
import { endOf, HookError, maxOutput } from './failure.js';
import { builtin, nodeProcess, usualPath } from './node.js';

/** How long a program has to end by itself once it was asked to. */
const graceMs = 5_000;

/** How long the output of a program is read that has ended: what it left behind may never close it. */
const restMs = 500;

/** No variable has more characters: with one of 128 KiB, Linux starts no program. */
const maxVariable = 32_768;

/**
 * Runs a program to its end. What it is about is on its standard input, as an object of JSON, and in its environment but for what is
 * too long there. What it leaves behind, such as a daemon, keeps running.
 */
export async function runCommand(given: RenewalCommand, about: Readonly<Record<string, unknown>>): Promise<void> {
  const { spawn } = builtin('node:child_process', 'command');
  const [program = '', ...args] = given.command;
  const { timeout = 120_000, env = {} } = given;
  const own = nodeProcess();
  const inherited = Object.entries(own?.env ?? {}).filter(([name]) => !name.startsWith('MARKMONITOR_'));
  if (own?.env.PATH === undefined) inherited.push(['PATH', usualPath]);
  let output = '';
  const failure = await new Promise<string | undefined>((resolve) => {
    const child = spawn(program, args, {
      shell: false,
      detached: true,
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { ...Object.fromEntries(inherited), ...env, ...variables(about) },
    });
    /** What is done next unless the program ends before. */
    let timer: ReturnType<typeof setTimeout>;
    const later = (ms: number, what: () => void) => {
      clearTimeout(timer);
      timer = setTimeout(what, ms);
    };
    let why: string | undefined;
    const settle = () => {
      clearTimeout(timer);
      for (const stream of [child.stdin, child.stdout, child.stderr]) stream?.destroy();
      resolve(why);
    };
    const end = (signal: 'SIGTERM' | 'SIGKILL') => {
      try {
        // The whole group: it may have started others.
        if (child.pid !== undefined) own?.kill(-child.pid, signal);
      } catch {
        // It has ended.
      }
    };
    let isLate = false;
    later(timeout, () => {
      isLate = true;
      why = `${program} took longer than ${timeout} ms, and was ended`;
      end('SIGTERM');
      later(graceMs, () => {
        end('SIGKILL');
        later(restMs, settle);
      });
    });
    for (const stream of [child.stdout, child.stderr]) {
      const decoder = new TextDecoder();
      stream?.on('data', (bytes) => {
        output += decoder.decode(bytes, { stream: true });
        if (output.length <= 4 * maxOutput) return;
        output = endOf(output, 2 * maxOutput);
        // Half a line may be half a secret, which nobody would recognize.
        output = output.slice(output.indexOf('\n') + 1);
      });
    }
    // It need not read it.
    child.stdin?.on('error', () => {});
    child.stdin?.end(JSON.stringify(about));
    child.on('error', (error) => {
      why = `${program} could not be run: ${error.message}`;
      settle();
    });
    child.on('exit', (code, signal) => {
      // Of one that is late, what it started is ended as well.
      if (isLate) return;
      if (code !== 0) why = `${program} ended with ${code ?? signal}`;
      later(restMs, settle);
    });
    child.on('close', settle);
  });
  if (failure !== undefined) throw new HookError(failure, output);
}

/** What a program is about, as variables, but for those that are too long. */
function variables(about: Readonly<Record<string, unknown>>): Record<string, string> {
  const texts = Object.entries(about).map(
    ([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)] as const,
  );
  return Object.fromEntries(texts.filter(([, text]) => text.length <= maxVariable));
}
