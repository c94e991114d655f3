import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, readdir, readFile, readlink, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { loadFacade } from './support/facade.mjs';

const { createMemoryStore, createRenewalJournal, fileJournal, makeFolder, Reading, runCommand, steps } =
  await loadFacade();

describe('a search of renewals', () => {
  it('asks for the names and the statuses that the core names', async () => {
    const asked = [];
    const list = async function* (filter) {
      asked.push(filter);
      yield { id: `${asked.length}` };
    };
    const orders = new Map();
    const ask = { commonNames: ['a.example'], statuses: ['REISSUE_PENDING', 'SOMETHING_NEW'] };
    const answer = await steps.search({ client: { orders: { list } }, options: {}, orders }, ask);
    assert.deepEqual(asked, [{ commonNames: ask.commonNames }, { statuses: ask.statuses }]);
    assert.deepEqual(answer, { orders: [{ id: '1' }, { id: '2' }] });
    assert.deepEqual([...orders.keys()], ['1', '2']);
  });
});

describe('a function as `policy.at`', () => {
  /** When orders of these ends are due by it. */
  async function dueOf(at, ends) {
    const content = ends.map((dateValidUntil, id) => ({ id: `${id}`, cert: { dateValidUntil } }));
    const pages = () => [{ content }];
    const reading = new Reading({ orders: { list: () => ({ pages }) } }, { hear: () => {} }, at, {});
    let due;
    const page = (_, dues) => {
      due = dues;
    };
    await reading.answer({ ask: 'list', what: 'orders', filter: {} }, { page });
    return due;
  }

  it('is asked for an end in every form that services write', async () => {
    const table = JSON.parse(readFileSync(new URL('../dates.json', import.meta.url), 'utf8'));
    const due = await dueOf(
      () => 2,
      table.map(({ value }) => value),
    );
    for (const [at, { value, date }] of table.entries()) {
      assert.equal(due[at], date && Date.parse(date) - 2 * 86_400_000, JSON.stringify(value));
    }
  });

  it('returns a date in UTC, or is refused', async () => {
    const at = (due) => dueOf(() => due, ['2026-03-15']);
    for (const due of ['2026-02-15T12:00', '2026-02-15T14:00:00+02:00', new Date('2026-02-15T12:00Z')]) {
      assert.deepEqual(await at(due), [Date.UTC(2026, 1, 15, 12)]);
    }
    for (const due of ['soon', undefined, Number.NaN, Number.NEGATIVE_INFINITY, new Date(Number.NaN)]) {
      await assert.rejects(at(due), /`policy\.at` must return/);
    }
  });
});

describe('a program of renewals', () => {
  /** A program that does nothing by itself, and the signals that it gets. */
  function program(t) {
    const stream = () => Object.assign(new EventEmitter(), { destroy: () => {} });
    const stdin = Object.assign(stream(), { end: () => {} });
    const child = Object.assign(new EventEmitter(), { pid: 1_234, stdin, stdout: stream(), stderr: stream() });
    const signals = [];
    t.mock.method(process, 'getBuiltinModule', () => ({ spawn: () => child }));
    t.mock.method(process, 'kill', (pid, signal) => signals.push([pid, signal]));
    t.mock.timers.enable({ apis: ['setTimeout'] });
    return { child, signals };
  }

  it('may write a character in two parts, whatever it writes elsewhere meanwhile', async (t) => {
    const { child } = program(t);
    const ended = runCommand({ command: ['hook'] }, {});
    child.stdout.emit('data', Uint8Array.of(0xc3));
    child.stderr.emit('data', Uint8Array.of(0x78));
    child.stdout.emit('data', Uint8Array.of(0xa4));
    child.emit('exit', 3, null);
    child.stdout.emit('data', Uint8Array.of(0x21));
    child.emit('close');
    await assert.rejects(ended, { message: 'hook ended with 3', output: 'x\u00e4!' });
  });

  it('has ended when it says so, though its output never does', async (t) => {
    const { child, signals } = program(t);
    const ended = runCommand({ command: ['hook'], timeout: 100 }, {});
    child.emit('exit', 0, null);
    t.mock.timers.tick(10_000);
    await ended;
    assert.deepEqual(signals, []);
  });

  it('is ended, and waited for no longer than that takes', async (t) => {
    const { signals } = program(t);
    const ended = runCommand({ command: ['hook'], timeout: 100 }, {});
    for (const ms of [100, 5_000, 10_000]) t.mock.timers.tick(ms);
    await assert.rejects(ended, { message: 'hook took longer than 100 ms, and was ended' });
    assert.deepEqual(signals, [
      [-1_234, 'SIGTERM'],
      [-1_234, 'SIGKILL'],
    ]);
  });

  it('that cannot be started for want of descriptors, without streams then, has failed', async (t) => {
    const { child } = program(t);
    for (const name of ['stdin', 'stdout', 'stderr']) child[name] = undefined;
    const ended = runCommand({ command: ['hook'] }, {});
    child.emit('error', new Error('spawn hook EMFILE'));
    await assert.rejects(ended, { message: 'hook could not be run: spawn hook EMFILE' });
  });

  it('gets on its input whatever it is about, and in variables what is not too long for one', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'hook-'));
    const file = join(folder, 'hook.mjs');
    await writeFile(
      file,
      `import { readFileSync, writeFileSync } from 'node:fs';
      const { MMC_NAMES, MMC_LIST } = process.env;
      const stdin = readFileSync(0, 'utf8');
      writeFileSync(${JSON.stringify(join(folder, 'told'))}, JSON.stringify([MMC_NAMES, MMC_LIST, stdin]));`,
    );
    const told = async (about) => {
      await runCommand({ command: [process.execPath, file] }, about);
      return JSON.parse(await readFile(join(folder, 'told'), 'utf8'));
    };
    for (const [length, isShort] of [
      [3, true],
      [5_000, false],
      [50_000, false],
    ]) {
      const list = Array.from({ length }, (_, at) => ({ commonName: `h\u00f6st-${at}.example.com` }));
      const about = { MMC_NAMES: 'a b', MMC_LIST: list };
      const [names, variable, stdin] = await told(about);
      assert.deepEqual([names, JSON.parse(stdin)], ['a b', about]);
      assert.equal(variable, isShort ? JSON.stringify(list) : null);
    }
    // One that reads nothing of it.
    const list = Array.from({ length: 50_000 }, () => 'shop.example.com');
    await runCommand({ command: ['true'] }, { MMC_LIST: list });
    await rm(folder, { recursive: true });
  });
});

describe('what shows control of domains', () => {
  const placed = Array.from({ length: 20 }, (_, at) => ({ orderId: `old ${at}`, newOrderId: `new ${at}` }));
  const orders = new Map(placed.map(({ newOrderId }) => [newOrderId, { id: newOrderId, cert: {} }]));

  /** Publishes for all; what each call began with, how many were under way at most, and the answer. */
  async function publish(during = async () => {}, signal = undefined) {
    const begun = [];
    let [now, most] = [0, 0];
    const dcv = async ({ orderId }) => {
      begun.push(orderId);
      now += 1;
      most = Math.max(most, now);
      await new Promise(setImmediate);
      await during(orderId);
      now -= 1;
    };
    const answer = steps.publish({ given: { dcv }, orders, options: { signal } }, { orders: placed });
    return { begun, most: () => most, underWay: () => now, answer };
  }

  it('is published for a few orders at a time, in their order', async () => {
    const { begun, most, answer } = await publish();
    assert.deepEqual(await answer, { done: true, failed: {} });
    assert.deepEqual(
      begun,
      placed.map(({ orderId }) => orderId),
    );
    assert.equal(most(), 4);
  });

  it('is published for no more orders when the run is given up, and what is under way is waited for', async () => {
    const controller = new AbortController();
    const { begun, underWay, answer } = await publish((orderId) => {
      if (orderId === 'old 2') controller.abort();
    }, controller.signal);
    await assert.rejects(answer, { name: 'AbortError' });
    assert.equal(underWay(), 0);
    assert.equal(begun.length, 6);
  });
});

describe('a journal in a file', () => {
  const day = 86_400_000;

  async function inFolder(work) {
    const folder = await mkdtemp(join(tmpdir(), 'markmonitor-certs-journal-'));
    try {
      return await work(join(folder, 'journal'), folder);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  it('is read again whatever a message in it holds, what other programs take for the end of a line as well', async () => {
    const all = Array.from({ length: 0xd800 }, (_, code) => String.fromCharCode(code)).join('');
    const entries = ['\u0085', '\u2028', '\u2029', '\ufeff', '\v\f', all].map((message) => JSON.stringify({ message }));
    await inFolder(async (path) => {
      const journal = fileJournal(path);
      for (const [at, entry] of entries.entries()) assert.equal(await journal.append(at, entry), true);
      assert.deepEqual(await fileJournal(path).read(), entries);
    });
  });

  it('has a lock that is free when its time is over, or lies further ahead than a clock can be wrong', async () => {
    for (const [ms, isFree] of [
      [-1, true],
      [60_000, false],
      [day / 2, false],
      [2 * day, true],
      [400 * day, true],
    ]) {
      await inFolder(async (path) => {
        const other = { owner: 'other', host: 'elsewhere', pid: 1, until: Date.now() + ms };
        await writeFile(`${path}.lock`, JSON.stringify(other));
        const lease = await fileJournal(path).lock(1_000);
        assert.equal(lease !== undefined, isFree, `${ms}`);
        await lease?.release();
      });
    }
  });

  it('has a lock that is free where a process before had the number of this one, as in a container', async () => {
    await inFolder(async (path) => {
      const processes = await readlink('/proc/self/ns/pid').catch(() => undefined);
      const before = { owner: 'before', host: hostname(), processes, pid: process.pid, until: Date.now() + 60_000 };
      await writeFile(`${path}.lock`, JSON.stringify({ ...before, processes: 'of another container' }));
      assert.equal(await fileJournal(path).lock(60_000), undefined, 'of a container beside this one');
      await writeFile(`${path}.lock`, JSON.stringify(before));
      const lease = await fileJournal(path).lock(60_000);
      assert.ok(lease);
      assert.equal(await fileJournal(path).lock(60_000), undefined, 'this one is under way');
      await lease.release();
      assert.ok(await fileJournal(path).lock(60_000));
    });
  });

  it('leaves nothing beside its lock, where others take it at the same time', async (t) => {
    const files = process.getBuiltinModule('node:fs/promises');
    const { rename } = files;
    await inFolder(async (path, folder) => {
      const lock = `${path}.lock`;
      const held = (owner, ms) => JSON.stringify({ owner, host: 'elsewhere', pid: 1, until: Date.now() + ms });
      await writeFile(lock, held('dead', -1));
      // One has taken it since it was looked at, and another one while it is put aside.
      t.mock.method(files, 'rename', async (from, to) => {
        await writeFile(lock, held('one', 60_000));
        await rename(from, to);
        await writeFile(lock, held('two', 60_000));
      });
      assert.equal(await fileJournal(path).lock(60_000), undefined);
      assert.deepEqual(await readdir(folder), ['journal.lock']);
      assert.equal(JSON.parse(await readFile(lock, 'utf8')).owner, 'two');
    });
  });
});

describe('the lock of a journal in a store', () => {
  const key = 'markmonitor-certs renewals default lock';

  it('is free when its time is over, or lies further ahead than a clock can be wrong', async () => {
    for (const [ms, isFree] of [
      [-1, true],
      [60_000, false],
      [400 * 86_400_000, true],
    ]) {
      const store = createMemoryStore();
      await store.set(key, JSON.stringify({ owner: 'other', until: Date.now() + ms }));
      assert.equal((await createRenewalJournal(store).lock(1_000)) !== undefined, isFree, `${ms}`);
    }
  });

  it('is free where a crash has left a part of it', async () => {
    for (const left of ['', '{"own', '{"owner":"someb', '\0\0\0\0']) {
      const store = createMemoryStore();
      await store.set(key, left);
      const lease = await createRenewalJournal(store).lock(1_000);
      assert.ok(await lease.renew(1_000), left);
      assert.equal(await createRenewalJournal(store).lock(1_000), undefined);
      await lease.release();
      assert.equal(await store.get(key), undefined);
    }
  });

  it('is not what something else has there', async () => {
    for (const other of ['garbage', '5', 'null', '{}', '{"owner":5}', '[1]']) {
      const store = createMemoryStore();
      await store.set(key, other);
      const says = { code: 'store_failed', message: new RegExp(`\`${key}\`.* is not a lock .*remove it`) };
      await assert.rejects(createRenewalJournal(store).lock(1_000), says, other);
      assert.equal(await store.get(key), other);
    }
  });
});

describe('a folder', () => {
  const { dirname } = process.getBuiltinModule('node:path');
  const failed = (code) => Object.assign(new Error(code), { code });
  /** A disk with these folders on it; no other can be made, for this reason. */
  const disk = (there, code) => ({
    async mkdir(path) {
      if (there.has(path)) throw failed('EEXIST');
      if (!there.has(dirname(path))) throw failed('ENOENT');
      if (code) throw failed(code);
      there.add(path);
    },
    async stat(path) {
      if (!there.has(path)) throw failed('ENOENT');
      return { isDirectory: () => !path.endsWith('file') };
    },
  });

  it('is made with those that it is in', async () => {
    for (const path of ['/disk', '/disk/some', '/disk/some/folder/in/it']) {
      const there = new Set(['/', '/disk']);
      await makeFolder(disk(there), path);
      assert.ok(there.has(path));
    }
  });

  it('that cannot be made says why, whatever of it is there', async () => {
    for (const code of ['EROFS', 'EACCES', 'ENOSPC', 'ENOENT']) {
      for (const path of ['/disk/some', '/disk/some/folder']) {
        await assert.rejects(makeFolder(disk(new Set(['/', '/disk']), code), path), { code });
      }
    }
    await assert.rejects(makeFolder(disk(new Set(['/', '/file'])), '/file'), { code: 'EEXIST' });
  });

  it('that nobody can make there is no reason to wait', { skip: process.platform !== 'linux' }, async () => {
    const files = process.getBuiltinModule('node:fs/promises');
    await assert.rejects(makeFolder(files, '/proc/markmonitor/certs'), { code: 'ENOENT' });
  });
});
