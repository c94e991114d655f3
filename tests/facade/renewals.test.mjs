import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { loadFacade } from './support/facade.mjs';

const { Reading, runCommand, steps } = await loadFacade();

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
    const child = Object.assign(new EventEmitter(), { pid: 1_234, stdout: stream(), stderr: stream() });
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
});
