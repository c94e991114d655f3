import type { RenewalCommand } from '../types/renewals.js';
import { builtin, nodeProcess } from './node.js';

/** What a hook failed with; `output` is the end of what it wrote. */
export class HookError extends Error {
  readonly output: string;

  constructor(message: string, output: string) {
    super(message);
    this.output = output;
  }
}

/** So much of what a program writes is kept, its end: there the errors are. */
const maxOutput = 8 * 1024;
/** How long a program has to end by itself once it was asked to. */
const graceMs = 5_000;

/** Runs a program to its end. What it is about is in its environment. */
export async function runCommand(given: RenewalCommand, about: Record<string, string>): Promise<void> {
  const { spawn } = builtin('node:child_process', 'command');
  const [program = '', ...args] = given.command;
  const { timeout = 120_000, env = {} } = given;
  const own = nodeProcess();
  const secrets: string[] = [];
  const inherited: Record<string, string> = {};
  for (const [name, value] of Object.entries(own?.env ?? {})) {
    if (value === undefined) continue;
    if (name.startsWith('MARKMONITOR_')) secrets.push(value);
    else inherited[name] = value;
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
      output = (output + decoder.decode(bytes, { stream: true })).slice(-2 * maxOutput);
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
  if (ended !== undefined) throw new HookError(ended, redacted(output, secrets).slice(-maxOutput));
}

/** Without private keys, tokens, and what this process knows to be secret. */
export function redacted(text: string, secrets: readonly string[]): string {
  let clean = text
    .replace(/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(-----END [A-Z ]*PRIVATE KEY-----|$)/g, '[private key]')
    // One whose beginning was cut off.
    .replace(/^[\s\S]*-----END [A-Z ]*PRIVATE KEY-----/, '[private key]')
    .replace(/\beyJ[\w-]+\.[\w-]+\.[\w-]+/g, '[token]');
  for (const secret of secrets) if (secret.length > 3) clean = clean.replaceAll(secret, '[secret]');
  return clean;
}
