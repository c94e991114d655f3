/** What commands write. */
import { randomUUID } from 'node:crypto';
import { type FileHandle, open, readlink, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { usage } from './failure.js';

/** A file that is to be. */
export interface NewFile {
  readonly file: string;
  readonly content: string | Uint8Array;
  readonly mode: number;
}

/** Writes all of these, or none: each has to be new. `instead` is what a user can do about one that is not. */
export async function writeNew(files: readonly NewFile[], instead = 'move it, or name another file'): Promise<void> {
  try {
    await writeAll(files);
  } catch (error) {
    const { code, path = 'the files' } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') throw usage(`${path} already exists, and is not overwritten: ${instead}.`);
    throw cannotWrite(path, error);
  }
}

/**
 * Writes all of these in the place of what is there. Each changes at once, so that nobody reads half of it, and has the mode
 * that is asked for, whatever that of the file was which it replaces. A link stays, and what it leads to is replaced.
 */
export async function replaceFiles(files: readonly NewFile[]): Promise<void> {
  const fresh: (NewFile & { to: string })[] = [];
  for (const one of files) {
    const to = await replaceable(one.file);
    fresh.push({ ...one, to, file: `${to}.${randomUUID()}` });
  }
  try {
    await writeAll(fresh);
    for (const { file, to } of fresh) await rename(file, to);
  } catch (error) {
    for (const { file } of fresh) await rm(file, { force: true });
    const { path } = error as NodeJS.ErrnoException;
    throw cannotWrite(fresh.find(({ file }) => file === path)?.to ?? 'the files', error);
  }
}

/** Where a file is that can be replaced or made; devices and folders cannot. */
export async function replaceable(file: string): Promise<string> {
  const there = await stat(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw cannotWrite(file, error);
  });
  if (!there) return await placeOf(file);
  // What is open, as behind /dev/stdout, may have no name.
  const to = there.isFile() ? await realpath(file).catch(() => undefined) : undefined;
  if (to === undefined) throw usage(`Cannot write ${file}: something else has this name.`);
  return to;
}

/** The one path of a file, whatever links lead to it, and whether it is there yet or not. */
export async function placeOf(file: string): Promise<string> {
  try {
    return await realpath(file);
  } catch (error) {
    const name = resolve(file);
    if (dirname(name) === name) return name;
    const folder = await placeOf(dirname(name));
    // A link may lead to what is not there yet. One of a circle leads nowhere.
    const isAway = (error as NodeJS.ErrnoException).code === 'ENOENT';
    const target = isAway ? await readlink(name).catch(() => undefined) : undefined;
    return target === undefined ? join(folder, basename(name)) : await placeOf(resolve(folder, target));
  }
}

async function writeAll(files: readonly NewFile[]): Promise<void> {
  const opened: { file: string; handle: FileHandle }[] = [];
  try {
    for (const { file, mode } of files) opened.push({ file, handle: await open(file, 'wx', mode) });
    for (const [at, { content }] of files.entries()) await opened[at]?.handle.writeFile(content);
    // What a file replaces is gone with its rename: it has to be on the disk before.
    for (const { handle } of opened) await handle.sync();
    for (const { handle } of opened) await handle.close();
  } catch (error) {
    for (const { file, handle } of opened) {
      await handle.close().catch(() => {});
      await rm(file, { force: true });
    }
    throw error;
  }
}

function cannotWrite(file: string, error: unknown): unknown {
  const { code, message } = error as NodeJS.ErrnoException;
  return code === undefined ? error : usage(`Cannot write ${file}: ${message}.`);
}
