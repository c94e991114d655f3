import type { Client } from '../client/client.js';
import type { Source } from '../connection/iteration.js';
import { refuse } from '../errors/refuse.js';
import { pause, throwIfAborted } from '../host/signal.js';
import type { RenewalEvent, RenewalLease, RenewalPlan, RenewalRunOptions } from '../types/renewals.js';
import type { Order } from '../types/service.js';
import { failureOf } from './failure.js';
import { ofStore } from './journal-lines.js';
import { keysOf } from './keys.js';
import { type Answer, type Ask, Machine, ServiceClock } from './machine.js';
import { randomName } from './node.js';
import { checkFolders, checkPrograms, checkRunOptions, hooks } from './options.js';
import { entriesOf, journalOf, policyOf, settingsOf } from './plan.js';
import { Reading } from './reading.js';
import { steps, type Tools } from './steps.js';

/** How long the lock of a journal holds unless it is kept; it is kept three times as often. */
const leaseMs = 120_000;

/** A run of a plan: its events. */
export class RunSource implements Source<RenewalEvent> {
  readonly #tools: Omit<Tools, 'options'>;
  readonly #plan: RenewalPlan;
  /** The orders that may be renewed. */
  readonly #wanted: Set<string>;
  readonly #settings: object;
  readonly #journal: ReturnType<typeof journalOf>;
  #machine: Machine | undefined;
  /** What is asked. */
  #ask: Ask | undefined;
  /** The answer to it, as soon as it is looked for. */
  #answer: Promise<Answer> | undefined;
  /** What is asked is to write down what became of an order. */
  #isOutcome = false;
  #isDone = false;
  #lease: RenewalLease | undefined;
  #beat: ReturnType<typeof setInterval> | undefined;
  /** Ends what is under way when the journal is somebody else's. */
  readonly #lost = new AbortController();

  constructor(client: Client, plan: RenewalPlan, options: RenewalRunOptions) {
    checkRunOptions(options);
    if (!Array.isArray(plan?.items)) throw refuse('invalid_argument', 'plan', 'Give the plan that `plan` returned.');
    this.#plan = plan;
    const ordered = plan.items.filter(({ action }) => action === 'renew' || action === 'unknown');
    this.#wanted = new Set(ordered.map(({ orderId }) => orderId));
    this.#journal = journalOf(options.journal);
    this.#settings = runSettings(client, plan, options);
    this.#tools = {
      client,
      clock: new ServiceClock(),
      given: options,
      keys: keysOf(options),
      orders: new Map(),
      bundles: new Map(),
    };
  }

  async pull(signal: AbortSignal): Promise<readonly RenewalEvent[] | undefined> {
    if (this.#isDone) return undefined;
    const { clock, given } = this.#tools;
    if (!this.#machine) {
      await checkPrograms(given);
      await checkFolders(given);
      this.#machine = await Machine.run(clock, this.#settings);
    }
    for (;;) {
      if (this.#ask) this.#answer ??= this.#do(this.#ask, signal, this.#machine);
      const answer = await this.#answer;
      throwIfAborted(signal);
      const { ask, events } = this.#machine.next(answer ?? {});
      this.#isOutcome = this.#ask?.ask === 'place';
      this.#ask = ask;
      this.#answer = undefined;
      this.#isDone = ask.ask === 'done';
      if (this.#isDone) await this.#release();
      // Before what is asked is done: that may take hours.
      if (events.length > 0 || this.#isDone) return events;
    }
  }

  async close(): Promise<void> {
    try {
      if (this.#machine) await this.#settle(this.#machine);
    } finally {
      this.#machine?.free();
      this.#machine = undefined;
      await this.#release();
    }
  }

  /** An order is not left in doubt where it is known what became of it: the next run would have to be. */
  async #settle(machine: Machine): Promise<void> {
    let [ask, answer] = [this.#ask, this.#answer];
    if (ask?.ask === 'append') {
      if (this.#isOutcome) answer ??= this.#append(ask);
      const written = await answer?.catch(() => undefined);
      // Nothing was done after it.
      [ask, answer] = [written && machine.next(written).ask, undefined];
    }
    if (ask?.ask !== 'place') return;
    ({ ask } = machine.next(await (answer ?? { kind: 'notSent' })));
    if (ask.ask === 'append') await this.#append(ask);
  }

  async #append({ at, entry }: Ask & { ask: 'append' }): Promise<Answer> {
    return { added: !this.#lost.signal.aborted && (await this.#journal.append(at, entry)) };
  }

  /** Does what is asked; what it fails with is an answer, unless nothing more is to be done. */
  async #do(ask: Ask, callers: AbortSignal, machine: Machine): Promise<Answer> {
    const signal = AbortSignal.any([callers, this.#lost.signal]);
    const tools: Tools = { ...this.#tools, options: { signal } };
    switch (ask.ask) {
      case 'sleep':
        await pause(ask.untilMs - this.#tools.clock.now(), signal);
        return {};
      case 'lock':
        return await this.#lock();
      case 'replace':
        return { replaced: (await this.#journal.replace?.(ask.entries)) === true };
      case 'append':
        return await this.#append(ask);
      case 'list':
      case 'get':
      case 'prices':
      case 'check':
      case 'unreadable':
        return (await this.#reading(signal).answer(ask, machine)) ?? {};
      case 'plan':
      case 'done':
        return {};
      default:
        try {
          return await (steps[ask.ask] as (tools: Tools, ask: Ask) => Promise<Answer>)(tools, ask);
        } catch (error) {
          // What was under way when it was given up may have been done: only the journal says that it was begun.
          throwIfAborted(callers);
          // Whoever looks again sees more.
          if (ask.ask === 'search') return { orders: [] };
          return { error: await failureOf(this.#tools.client, error) };
        }
    }
  }

  #reading(signal: AbortSignal): Reading {
    const { client, clock, orders } = this.#tools;
    return new Reading(client, clock, policyOf(this.#plan).at, { signal }, (order: Order) => {
      // What new keys and requests are made like.
      if (order.id && this.#wanted.has(order.id)) orders.set(order.id, order);
    });
  }

  async #lock(): Promise<Answer> {
    const lease = await this.#journal.lock(leaseMs);
    if (!lease) return { held: false };
    if (typeof lease.renew !== 'function' || typeof lease.release !== 'function') {
      throw ofStore('The `lock` of the journal must return undefined, or a lock with `renew` and `release`.');
    }
    this.#lease = lease;
    const beat = async () => {
      try {
        if (!(await lease.renew(leaseMs))) {
          this.#lost.abort(ofStore('Somebody else has the lock of the journal.'));
        }
      } catch {
        // The lock holds for a while: the next beat may succeed.
      }
    };
    this.#beat = setInterval(beat, leaseMs / 3);
    // A run that nobody goes on with keeps no process alive.
    (this.#beat as { unref?(): void }).unref?.();
    return { held: true, entries: await entriesOf(this.#journal) };
  }

  async #release(): Promise<void> {
    clearInterval(this.#beat);
    const lease = this.#lease;
    this.#lease = undefined;
    try {
      await lease?.release();
    } catch {
      // It ends by itself, and what came of the run is worth more.
    }
  }
}

/** What the state machine is told of the options. */
function runSettings(client: Client, plan: RenewalPlan, options: RenewalRunOptions): object {
  const { assumeNotPlaced = [], maxCost, maxOrders } = options;
  const span = (name: 'window' | 'maxWait' | 'minDelay' | 'maxDelay', usual: number) =>
    Math.floor(options[name] ?? usual);
  const approved = plan.items.filter(({ action }) => action === 'renew');
  return {
    run: randomName(),
    random: Math.random(),
    windowMs: span('window', 0),
    maxWaitMs: span('maxWait', 4 * 3_600_000),
    minDelayMs: span('minDelay', 15_000),
    maxDelayMs: span('maxDelay', 300_000),
    revokeOld: options.revokeOld === true,
    ...(maxCost !== undefined && { maxCost }),
    ...(maxOrders !== undefined && { maxOrders: Math.floor(maxOrders) }),
    assumeNotPlaced: [...assumeNotPlaced],
    approved: Object.fromEntries(approved.map(({ orderId, price }) => [orderId, price ?? null])),
    has: Object.fromEntries(hooks.map((hook) => [hook, options[hook] !== undefined])),
    plan: settingsOf(client, policyOf(plan), plan.only),
  };
}
