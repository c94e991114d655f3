import { responseOf } from '../connection/responses.js';
import { InternalError } from '../errors/classes.js';
import type { Ask, Placed } from '../generated/core.js';
import type { RenewalEvent } from '../types/renewals.js';
import type { RenewalMachine, RenewalsWasm } from '../wasm/exports.js';
import type { Instance } from '../wasm/instance.js';
import { renewalsLoader } from '../wasm/renewals.js';

export type { Ask, Placed };

/** What answers an ask. */
export type Answer = Record<string, unknown>;

/**
 * The service's clock: the machine's own, until a reply has said what time it is. From then on the time since that reply
 * counts by a clock that nobody can set.
 */
export class ServiceClock {
  /** What the service's clock showed when the other one was at 0. */
  #origin: number | undefined;

  now(): number {
    return this.#origin === undefined ? Date.now() : this.#origin + performance.now();
  }

  /** Takes the date of the reply that a value came from. */
  hear(value: object): void {
    const date = Date.parse(responseOf(value)?.headers.get('date') ?? '');
    if (!Number.isNaN(date)) this.#origin = date - performance.now();
  }
}

const utf8 = new TextEncoder();

/** A value with the fields of these names alone, at any depth: several times as fast as the list that `JSON.stringify` takes. */
function picked(value: unknown, fields: ReadonlySet<string>): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => picked(item, fields));
  const result: Record<string, unknown> = {};
  for (const name of Object.keys(value)) {
    if (fields.has(name)) result[name] = picked((value as Record<string, unknown>)[name], fields);
  }
  return result;
}

/** A plan in the making, or a run: the state machine in the wasm. */
export class Machine {
  readonly #instance: Instance<RenewalsWasm>;
  readonly #machine: RenewalMachine;
  readonly #clock: ServiceClock;
  readonly #fields: ReadonlySet<string>;

  private constructor(
    instance: Instance<RenewalsWasm>,
    clock: ServiceClock,
    make: (wasm: RenewalsWasm) => RenewalMachine,
  ) {
    this.#instance = instance;
    this.#clock = clock;
    this.#machine = this.#enter(make);
    this.#fields = new Set<string>(JSON.parse(this.#enter((wasm) => wasm.renewalFields())));
  }

  static async plan(clock: ServiceClock, settings: object, entries: readonly string[]): Promise<Machine> {
    const make = ({ Renewals }: RenewalsWasm) => Renewals.plan(JSON.stringify(settings), JSON.stringify(entries));
    return new Machine(await renewalsLoader().get(), clock, make);
  }

  static async run(clock: ServiceClock, settings: object): Promise<Machine> {
    const make = ({ Renewals }: RenewalsWasm) => Renewals.run(JSON.stringify(settings));
    return new Machine(await renewalsLoader().get(), clock, make);
  }

  /** Hands in a page of a list, with when each is due by the caller's function. Whether the next page is wanted. */
  page(things: readonly object[], due: readonly (number | null)[]): boolean {
    // Of a list only what is looked at: certificates are most of it.
    const page = utf8.encode(JSON.stringify(picked(things, this.#fields)));
    const dues = JSON.stringify(due);
    return this.#enter(() => this.#machine.page(this.#clock.now(), page, dues));
  }

  /** Answers what was asked last; what is asked next, and what happened before. */
  next(answer: Answer): { ask: Ask; events: RenewalEvent[] } {
    const text = JSON.stringify(answer);
    return JSON.parse(this.#enter(() => this.#machine.next(this.#clock.now(), text)));
  }

  /** What the machine cannot read, which was written here, it says in a text. */
  #enter<R>(work: (wasm: RenewalsWasm) => R): R {
    try {
      return this.#instance.enter(work);
    } catch (reason) {
      throw typeof reason === 'string' ? new InternalError({ code: 'internal', message: reason }) : reason;
    }
  }

  free(): void {
    if (!this.#instance.isBroken) this.#instance.enter(() => this.#machine.free());
  }
}
