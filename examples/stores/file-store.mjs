import { createHash, randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * A store in a folder, for the processes of one machine: a file for each key.
 *
 * @param {string} folder
 * @returns {import('markmonitor-certs').Store}
 */
export function fileStore(folder) {
  const fileOf = (key) => join(folder, createHash('sha256').update(key).digest('hex'));

  const get = (key) => readFile(fileOf(key), 'utf8').catch(absent);

  async function write(key, value) {
    if (value === undefined) return rm(fileOf(key), { force: true });
    // Renamed, so that nobody reads half a file.
    const temporary = `${fileOf(key)}.${randomUUID()}`;
    await writeFile(temporary, value, { mode: 0o600, flush: true });
    await rename(temporary, fileOf(key));
  }

  async function lock(key, leaseMs) {
    await mkdir(folder, { recursive: true });
    const file = `${fileOf(key)}.lock`;
    const owner = randomUUID();
    const own = `${file}.${owner}`;
    const held = await stat(file).catch(absent);
    if (held && held.mtimeMs < Date.now()) await rm(file, { force: true });
    // The time of the file is when its lease ends. Linked when it is whole: that fails where there is one.
    await writeFile(own, owner);
    const end = new Date(Date.now() + leaseMs);
    await utimes(own, end, end);
    const isTaken = await link(own, file).then(() => true, present);
    await rm(own);
    if (!isTaken) return undefined;
    const release = async () => {
      if ((await readFile(file, 'utf8').catch(absent)) === owner) await rm(file, { force: true });
    };
    return { release };
  }

  async function update(key, replace) {
    for (;;) {
      const lease = await lock(`update ${key}`, 10_000);
      if (!lease) {
        await sleep(5);
        continue;
      }
      try {
        return await write(key, replace(await get(key)));
      } finally {
        await lease.release();
      }
    }
  }

  // An update must not write over what was set between its read and its write.
  return { get, set: (key, value) => update(key, () => value), update, lock };
}

function absent(error) {
  if (error.code !== 'ENOENT') throw error;
}

function present(error) {
  if (error.code !== 'EEXIST') throw error;
  return false;
}
