import { refuse } from '../errors/refuse.js';

/** A file that is open. */
export interface OpenFile {
  /** All of it; `write` may write a part, and say so. */
  writeFile(text: string): Promise<void>;
  /** From its beginning, as much as there is room for. */
  read(into: Uint8Array): Promise<unknown>;
  stat(): Promise<FileStat>;
  sync(): Promise<void>;
  close(): Promise<void>;
}

export interface FileStat {
  readonly size: number;
  readonly dev: number;
  readonly ino: number;
  isFile(): boolean;
  isDirectory(): boolean;
}

/** What is used of `node:fs/promises`. */
export interface Files {
  open(path: string, flags: string, mode?: number): Promise<OpenFile>;
  readFile(path: string, encoding: 'utf8'): Promise<string>;
  readFile(path: string): Promise<Uint8Array>;
  mkdir(path: string, mode?: number): Promise<unknown>;
  rename(from: string, to: string): Promise<void>;
  link(from: string, to: string): Promise<void>;
  symlink(target: string, path: string): Promise<void>;
  readlink(path: string): Promise<string>;
  unlink(path: string): Promise<void>;
  stat(path: string): Promise<FileStat>;
  realpath(path: string): Promise<string>;
  access(path: string, mode: number): Promise<void>;
}

interface Stream {
  on(event: 'data', listener: (bytes: Uint8Array) => void): void;
  destroy(): void;
}

interface Input {
  on(event: 'error', listener: (error: Error) => void): void;
  end(text: string): void;
  destroy(): void;
}

interface PublicKey {
  export(options: { type: 'spki'; format: 'pem' }): string;
}

/** Of one that could not be started, there may be no streams. */
interface Child {
  readonly pid?: number;
  readonly stdin?: Input;
  readonly stdout?: Stream;
  readonly stderr?: Stream;
  on(event: 'error', listener: (error: Error) => void): void;
  on(event: 'exit', listener: (code: number | null, signal: string | null) => void): void;
  on(event: 'close', listener: () => void): void;
}

interface Builtins {
  'node:fs/promises': Files;
  'node:path': {
    dirname(path: string): string;
    join(...parts: string[]): string;
    resolve(...parts: string[]): string;
    isAbsolute(path: string): boolean;
    relative(from: string, to: string): string;
  };
  'node:crypto': { createPublicKey(pem: string): PublicKey };
  'node:os': { hostname(): string };
  'node:child_process': {
    spawn(
      program: string,
      args: readonly string[],
      options: { detached: boolean; shell: false; stdio: readonly string[]; env: Record<string, string | undefined> },
    ): Child;
  };
}

interface NodeProcess {
  readonly pid: number;
  readonly platform: string;
  readonly env: Record<string, string | undefined>;
  kill(pid: number, signal: string | 0): void;
  getBuiltinModule?<N extends keyof Builtins>(name: N): Builtins[N] | undefined;
}

/** Node's process; undefined elsewhere. */
export const nodeProcess = (): NodeProcess | undefined => {
  const { process } = globalThis as { process?: NodeProcess };
  return process?.getBuiltinModule ? process : undefined;
};

/** Where programs are looked for, and look for others, if nobody has said it: systems differ in what they do then. */
export const usualPath = '/usr/local/bin:/usr/bin:/bin';

/** A module of Node. Asked for and not imported: a bundler for browsers has no such module. */
export function builtin<N extends keyof Builtins>(name: N, option: string): Builtins[N] {
  const module = nodeProcess()?.getBuiltinModule?.(name);
  if (!module) {
    throw refuse('invalid_option', option, `\`${option}\` needs Node for this: give an object or a function instead.`);
  }
  return module;
}

/**
 * Makes a folder, and those that it is in. Not with `recursive`: by that, Node never returns where a folder cannot be made in one
 * that is there, as in `/proc`, and says `ENOENT` of a disk that is only read.
 */
export async function makeFolder(files: Pick<Files, 'mkdir' | 'stat'>, path: string, mode?: number): Promise<void> {
  const isThere = async () => (await files.stat(path).catch(() => undefined))?.isDirectory();
  if (await isThere()) return;
  const parent = builtin('node:path', 'journal').dirname(path);
  if (parent !== path) await makeFolder(files, parent, mode);
  try {
    await files.mkdir(path, mode);
  } catch (error) {
    // Unless somebody else has made it meanwhile.
    if (!(await isThere())) throw error;
  }
}

/** Makes what was done to the names in a folder durable. */
export async function syncFolder(files: Files, folder: string): Promise<void> {
  const handle = await files.open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Writes a new file durably, all of it or none; never over another one. */
export async function writeNew(files: Files, path: string, text: string, mode: number): Promise<void> {
  const handle = await files.open(path, 'wx', mode);
  try {
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (error) {
    // A part of it, where the disk is full.
    await files.unlink(path).catch(() => undefined);
    throw error;
  }
}

/** Puts a file in the place of another one, at once. */
export async function replaceFile(files: Files, path: string, text: string, mode: number): Promise<void> {
  const fresh = `${path}.${randomName()}`;
  await writeNew(files, fresh, text, mode);
  try {
    await files.rename(fresh, path);
  } catch (error) {
    await files.unlink(fresh).catch(() => undefined);
    throw error;
  }
}

/** The code of an error of Node's: `EEXIST`. */
export const codeOf = (error: unknown): string | undefined => (error as { code?: string } | undefined)?.code;

/** A random name. */
export const randomName = (): string => crypto.randomUUID();
