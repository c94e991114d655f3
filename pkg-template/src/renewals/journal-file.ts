import { refuse } from '../errors/refuse.js';
import type { RenewalJournal, RenewalLease } from '../types/renewals.js';
import { bytesOf, damaged, lineOf, linesOf, storeFailed } from './journal-lines.js';
import { type Held, hasEnded, holderOf } from './journal-store.js';
import {
  builtin,
  codeOf,
  type FileStat,
  makeFolder,
  nodeProcess,
  randomName,
  replaceFile,
  syncFolder,
  writeNew,
} from './node.js';

/**
 * A journal in a file: a line for each entry, with its number and its length, so that neither half a line counts nor one that
 * somebody wrote who did not know of the lines before it.
 */
export function fileJournal(path: string): RenewalJournal {
  const files = builtin('node:fs/promises', 'journal');
  const { dirname, resolve } = builtin('node:path', 'journal');
  const named = resolve(path);
  /** Where the file is: of a link, what it leads to, which another machine may share. */
  const place = () => files.realpath(named).catch(() => named);
  /** The file as it was when it was last read or written here. */
  let known: { entries: number; size: number; isWhole: boolean } | undefined;

  async function content(): Promise<Uint8Array> {
    try {
      // A pipe, or a device, may never end.
      if ((await files.stat(named)).isFile()) return await files.readFile(named);
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return new Uint8Array();
      throw storeFailed(`The journal ${path} cannot be read`, error);
    }
    throw refuse('invalid_option', 'journal', `${path} is not a file: name another.`);
  }

  async function read(): Promise<readonly string[]> {
    // The bytes count, which a text does not give back where it ends within a letter.
    const bytes = await content();
    const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
    const lines = linesOf(text);
    if ('damagedAt' in lines) throw unreadable(path, text, lines.damagedAt);
    const { entries } = lines;
    known = { entries: entries.length, size: bytes.length, isWhole: text === '' || text.endsWith('\n') };
    return entries;
  }

  async function write(file: string, line: string, size: number): Promise<boolean> {
    const handle = await files.open(file, 'a', 0o600);
    try {
      // Whoever has written since does not know of this run, nor this run of what was written.
      if ((await handle.stat()).size !== size) return false;
      await handle.writeFile(line);
      await handle.sync();
      const [written, there] = [await handle.stat(), await files.stat(file)];
      return written.size === size + bytesOf(line) && isSame(written, there);
    } finally {
      await handle.close();
    }
  }

  return {
    read,
    async append(at, entry) {
      if (!known) await read();
      const { entries, size, isWhole } = known as NonNullable<typeof known>;
      if (entries !== at) return false;
      const line = (isWhole ? '' : '\n') + lineOf(at, entry);
      try {
        const file = await place();
        if (size === 0) await makeFolder(files, dirname(file));
        const isWritten = await write(file, line, size);
        if (size === 0) await syncFolder(files, dirname(file));
        if (isWritten) known = { entries: at + 1, size: size + bytesOf(line), isWhole: true };
        return isWritten;
      } catch (error) {
        throw storeFailed(`The journal ${path} cannot be written`, error);
      }
    },
    async replace(entries) {
      const lines = entries.map((entry, at) => lineOf(at, entry)).join('');
      try {
        const file = await place();
        const fresh = `${file}.${randomName()}`;
        await writeNew(files, fresh, lines, 0o600);
        if ((await files.stat(file)).size !== known?.size) {
          await files.unlink(fresh);
          return false;
        }
        await files.rename(fresh, file);
        await syncFolder(files, dirname(file));
        known = { entries: entries.length, size: bytesOf(lines), isWhole: true };
        return true;
      } catch (error) {
        throw storeFailed(`The journal ${path} cannot be written`, error);
      }
    },
    lock: async (leaseMs) => fileLock(`${await place()}.lock`, leaseMs),
  };
}

const isSame = (one: FileStat, other: FileStat) => one.ino === other.ino && one.dev === other.dev;

/** Why a file cannot be read, and what to do about it. */
function unreadable(path: string, text: string, line: number): Error {
  if (/^\d+\t\d+\t\{/m.test(text))
    return damaged(`Line ${line} of the journal ${path} cannot be read, or one before it is missing`);
  return refuse(
    'invalid_option',
    'journal',
    `${path} is not a journal of renewals, see its line ${line}: name another file.`,
  );
}

/** Who has a lock, and where. */
interface Holder extends Held {
  readonly host: string;
  /** The namespace of its process, on Linux: containers may share a host name, and each has a process 1. */
  readonly processes?: string | undefined;
  readonly pid: number;
}

/**
 * A lock in a file. It ends with its time, and at once with its process where that is one of this machine. It saves others
 * the work; what keeps two from doing the same is that entries have numbers.
 */
async function fileLock(path: string, leaseMs: number): Promise<RenewalLease | undefined> {
  const files = builtin('node:fs/promises', 'journal');
  const { dirname } = builtin('node:path', 'journal');
  const host = builtin('node:os', 'journal').hostname();
  const processes = await files.readlink('/proc/self/ns/pid').catch(() => undefined);
  const { pid = 0 } = nodeProcess() ?? {};
  const owner = randomName();
  const own = (ms: number) => JSON.stringify({ owner, host, processes, pid, until: Date.now() + ms } satisfies Holder);
  const holder = async (at = path): Promise<Holder | undefined> => {
    const text = await files.readFile(at, 'utf8').catch((error) => {
      // One that nobody may read is somebody's.
      if (codeOf(error) !== 'ENOENT') throw error;
    });
    return holderOf(text ?? '', path) as Holder | undefined;
  };
  const put = async (text: string): Promise<boolean> => {
    const mine = `${path}.${owner}`;
    await writeNew(files, mine, text, 0o600);
    try {
      // A link, and not a new file: nobody ever sees it half written.
      await files.link(mine, path);
      return true;
    } catch (error) {
      if (codeOf(error) === 'EEXIST') return false;
      throw error;
    } finally {
      await files.unlink(mine);
    }
  };
  try {
    await makeFolder(files, dirname(path));
    if (!(await put(own(leaseMs)))) {
      const other = await holder();
      if (other && !isOver(other, host, processes)) return undefined;
      // Out of the way, unless it is somebody else's by now.
      const aside = `${path}.${owner}.old`;
      try {
        await files.rename(path, aside);
        try {
          const moved = await holder(aside);
          if (moved?.owner !== other?.owner) await files.link(aside, path);
        } finally {
          await files.unlink(aside);
        }
      } catch (error) {
        if (codeOf(error) !== 'ENOENT' && codeOf(error) !== 'EEXIST') throw error;
      }
      if (!(await put(own(leaseMs)))) return undefined;
    }
  } catch (error) {
    throw storeFailed(`The lock ${path} cannot be taken`, error);
  }
  owners.add(owner);
  const isOwn = async () => (await holder())?.owner === owner;
  return {
    async renew(ms) {
      // One that is gone is taken again: whoever has written meanwhile is found by the numbers of entries.
      if (!(await isOwn())) return owners.has(owner) && (await put(own(ms)));
      await replaceFile(files, path, own(ms), 0o600);
      return true;
    },
    async release() {
      owners.delete(owner);
      if (await isOwn()) await files.unlink(path);
    },
  };
}

/** Who has a lock in this process. */
const owners = new Set<string>();

function isOver({ owner, until, host, processes, pid }: Holder, here: string, space: string | undefined): boolean {
  if (hasEnded(until, Date.now())) return true;
  if (host !== here || processes !== space) return false;
  const own = nodeProcess();
  // In a container each process after the other has the same number.
  if (pid === own?.pid) return !owners.has(owner);
  try {
    own?.kill(pid, 0);
    return false;
  } catch (error) {
    return codeOf(error) === 'ESRCH';
  }
}
