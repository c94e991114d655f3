import { checkNames, checkSignal, refuse } from '../errors/refuse.js';
import type { RenewalRunOptions } from '../types/renewals.js';
import { builtin, codeOf, nodeProcess, randomName, usualPath } from './node.js';

/** Every option there is: the compiler keeps it complete. */
const known: Record<keyof RenewalRunOptions, true> = {
  journal: true,
  key: true,
  dcv: true,
  deliver: true,
  renewed: true,
  failed: true,
  revokeOld: true,
  maxCost: true,
  maxOrders: true,
  assumeNotPlaced: true,
  window: true,
  maxWait: true,
  minDelay: true,
  maxDelay: true,
  signal: true,
};

export const hooks = ['dcv', 'deliver', 'renewed', 'failed'] as const;
type Hook = (typeof hooks)[number];

/** What is said of a value that an option does not take. */
export const wrong = (field: string, what: string) => refuse('invalid_option', field, `\`${field}\` must be ${what}.`);

/** Refuses options that a run could not use: found out later, they would have cost money. */
export function checkRunOptions(options: RenewalRunOptions): void {
  checkNames(options, Object.keys(known));
  checkSignal(options.signal);
  for (const hook of hooks) checkHook(hook, options[hook]);
  for (const name of ['maxCost', 'maxOrders'] as const) {
    const value = options[name];
    if (value !== undefined && !(isSpan(value) && Number.isFinite(value))) {
      throw wrong(name, 'a number that is not negative');
    }
  }
  for (const name of ['window', 'maxWait', 'minDelay', 'maxDelay'] as const) {
    const value = options[name];
    if (value !== undefined && !(isSpan(value) && value <= 8.64e12)) throw wrong(name, 'a number of milliseconds');
  }
  const { assumeNotPlaced, revokeOld } = options;
  if (assumeNotPlaced !== undefined && !areTexts(assumeNotPlaced)) throw wrong('assumeNotPlaced', 'a list of onceIds');
  if (revokeOld !== undefined && typeof revokeOld !== 'boolean') throw wrong('revokeOld', 'true or false');
}

function checkHook(name: Hook, given: unknown): void {
  if (given === undefined || typeof given === 'function') return;
  const delivers = name === 'deliver';
  const own = delivers ? ['directory', 'command'] : ['command'];
  const form = delivers
    ? 'a function, or an object with `directory`, `command` or both'
    : 'a function, or an object with `command`';
  if (typeof given !== 'object' || given === null || Array.isArray(given)) throw wrong(name, form);
  checkNames(given, [...own, 'timeout', 'env'], `${name}.`);
  const { command, directory, timeout, env } = given as Record<string, unknown>;
  if (command === undefined && directory === undefined) throw wrong(name, form);
  if (command !== undefined && !(areTexts(command) && command[0])) {
    throw wrong(`${name}.command`, "a list of a program and its arguments, such as ['systemctl', 'reload', 'nginx']");
  }
  if (directory !== undefined && !isText(directory)) throw wrong(`${name}.directory`, 'the path of a folder');
  if (timeout !== undefined && !(isSpan(timeout) && timeout > 0 && timeout < 2 ** 31)) {
    throw wrong(`${name}.timeout`, 'a number of milliseconds, 24 days at most');
  }
  if (env === undefined) return;
  const isRecord = typeof env === 'object' && env !== null && !Array.isArray(env);
  if (!isRecord || !areTexts(Object.values(env))) throw wrong(`${name}.env`, 'an object whose values are texts');
}

export const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';
const areTexts = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((item) => typeof item === 'string' && !item.includes('\0'));
const isSpan = (value: unknown): value is number => typeof value === 'number' && value >= 0;

/** Refuses programs that cannot be run: not there, not for this user, or a script of Windows. */
export async function checkPrograms(options: RenewalRunOptions): Promise<void> {
  for (const name of hooks) {
    const given = options[name];
    if (typeof given === 'function' || given?.command === undefined) continue;
    const why = await whyNotRun(given.command[0] ?? '', given.env);
    if (why !== undefined) throw refuse('invalid_option', `${name}.command`, `\`${name}.command\`: ${why}`);
  }
}

async function whyNotRun(program: string, env: Readonly<Record<string, string>> = {}): Promise<string | undefined> {
  // Windows looks elsewhere, and for other names.
  if (nodeProcess()?.platform === 'win32') return undefined;
  const path = await foundAs(program, env);
  if (path === undefined) return `there is no program \`${program}\` that may be run.`;
  const [, line = '', end] = /^#![ \t]*(.*?)(\r?\n|\0|$)/.exec(await beginningOf(path)) ?? [];
  // The name of what is to run it would end with the carriage return.
  if (end === '\r\n') return `the lines of \`${path}\` end as on Windows (CRLF): save it with those of Unix.`;
  const [runner = '', ...words] = line.split(/[ \t]+/);
  const missing = (name: string) => `\`${path}\` is run by \`${name}\`, and there is no such program that may be run.`;
  if (runner !== '' && !(await isExecutable(runner))) return missing(runner);
  const named = /\/env$/.test(runner) ? words[words[0] === '-S' ? 1 : 0] : undefined;
  if (named && !/^-|=/.test(named) && (await foundAs(named, env)) === undefined) return missing(named);
  return undefined;
}

/** Where a program is, if there is one that may be run. */
async function foundAs(program: string, env: Readonly<Record<string, string>>): Promise<string | undefined> {
  const { join } = builtin('node:path', 'command');
  const folders = (env.PATH ?? nodeProcess()?.env.PATH ?? usualPath).split(':');
  const paths = program.includes('/') ? [program] : folders.map((folder) => join(folder || '.', program));
  for (const path of paths) if (await isExecutable(path)) return path;
  return undefined;
}

async function isExecutable(path: string): Promise<boolean> {
  const files = builtin('node:fs/promises', 'command');
  try {
    await files.access(path, executable);
    return (await files.stat(path)).isFile();
  } catch {
    // Not there, or not for this user.
    return false;
  }
}

/** So much of a file as a kernel reads to find out what runs it; nothing of one that may only be run. */
async function beginningOf(path: string): Promise<string> {
  const handle = await builtin('node:fs/promises', 'command')
    .open(path, 'r')
    .catch(() => undefined);
  try {
    const bytes = new Uint8Array(256);
    await handle?.read(bytes);
    return new TextDecoder().decode(bytes);
  } finally {
    await handle?.close();
  }
}

/** `X_OK`. */
const executable = 1;

/** `W_OK`. */
const writable = 2;

/** Refuses folders that nobody can write into: they are needed once an order is placed. */
export async function checkFolders({ deliver, journal, key }: RenewalRunOptions): Promise<void> {
  const directory = typeof deliver === 'object' ? deliver.directory : undefined;
  if (directory !== undefined) await checkFolder('deliver.directory', directory);
  if (isText(journal)) {
    const { dirname, join } = builtin('node:path', 'journal');
    const file = builtin('node:fs/promises', 'journal').realpath(journal);
    // The lock is beside the journal, where a link leads to.
    await checkFolder('journal', dirname(await file.catch(() => journal)));
    if (key === undefined) await checkFolder('key', join(dirname(journal), 'keys'));
  }
  if (isText(key)) await checkFolder('key', key);
}

/** Refuses a folder that nobody can write into, or make where it is not there yet; and one for deliveries that takes no links. */
async function checkFolder(option: string, folder: string): Promise<void> {
  const files = builtin('node:fs/promises', option);
  const { dirname, join, resolve } = builtin('node:path', option);
  for (let place = resolve(folder); ; place = dirname(place)) {
    try {
      if (!(await files.stat(place)).isDirectory()) throw new Error(`${place} is not a folder`);
      await files.access(place, writable | executable);
      if (option !== 'deliver.directory') return;
      const link = join(place, `.${randomName()}`);
      await files.symlink('.', link);
      return await files.unlink(link);
    } catch (error) {
      if (['ENOENT', 'ENOTDIR'].includes(codeOf(error) ?? '') && place !== dirname(place)) continue;
      const message = `\`${option}\`: cannot write into ${folder}: ${(error as Error).message}.`;
      throw refuse('invalid_option', option, message);
    }
  }
}
