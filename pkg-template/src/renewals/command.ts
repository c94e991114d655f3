import type { RenewalCommand } from '../types/renewals.js';
import { HookError, maxOutput } from './failure.js';
import { builtin, nodeProcess } from './node.js';

/** How long a program has to end by itself once it was asked to. */
const graceMs = 5_000;

/** Runs a program to its end. What it is about is in its environment. */
export async function runCommand(given: RenewalCommand, about: Record<string, string>): Promise<void> {
  const { spawn } = builtin('node:child_process', 'command');
  const [program = '', ...args] = given.command;
  const { timeout = 120_000, env = {} } = given;
  const own = nodeProcess();
  const inherited: Record<string, string> = {};
  for (const [name, value] of Object.entries(own?.env ?? {})) {
    if (value !== undefined && !name.startsWith('MARKMONITOR_')) inherited[name] = value;
  }
  let output = '';
  let isLate = false;
  const ended = await new Promise<string | undefined>((resolve) => {
    const child = spawn(program, args, {
      shell: false,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...inherited, ...env, ...about },
    });
    const timers = new Set<ReturnType<typeof setTimeout>>();
    const end = (signal: 'SIGTERM' | 'SIGKILL') => {
      try {
        // The whole group: it may have started others.
        if (child.pid !== undefined) own?.kill(-child.pid, signal);
      } catch {
        // It has ended.
      }
    };
    timers.add(
      setTimeout(() => {
        isLate = true;
        end('SIGTERM');
        timers.add(setTimeout(() => end('SIGKILL'), graceMs));
      }, timeout),
    );
    const decoder = new TextDecoder();
    const take = (bytes: Uint8Array) => {
      output += decoder.decode(bytes, { stream: true });
      if (output.length <= 4 * maxOutput) return;
      output = output.slice(-2 * maxOutput);
      // Half a line may be half a secret, which nobody would recognize.
      output = output.slice(output.indexOf('\n') + 1);
    };
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    const settle = (why?: string) => {
      for (const timer of timers) clearTimeout(timer);
      resolve(why);
    };
    child.on('error', (error) => settle(`${program} could not be run: ${error.message}`));
    child.on('close', (code, signal) => {
      if (isLate) settle(`${program} took longer than ${timeout} ms, and was ended`);
      else settle(code === 0 ? undefined : `${program} ended with ${code ?? signal}`);
    });
  });
  if (ended !== undefined) throw new HookError(ended, output);
}
