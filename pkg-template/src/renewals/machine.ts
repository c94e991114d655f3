import { responseOf } from '../connection/responses.js';
import type { RenewalEvent, RenewalPlan, RenewalStatus, RenewalSummary } from '../types/renewals.js';
import type { NewOrder } from '../types/service.js';
import type { RenewalMachine, RenewalsWasm } from '../wasm/exports.js';
import type { Instance } from '../wasm/instance.js';
import { renewalsLoader } from '../wasm/renewals.js';

/** A new order, and the one that it replaces. */
export interface PlacedOrder {
  readonly orderId: string;
  readonly newOrderId: string;
}

/** What is asked (src/renewals/ask.rs, which says what is answered). */
export type Ask =
  | { ask: 'list'; what: 'orders' | 'organizations' | 'contacts'; filter: object }
  | { ask: 'get'; orders: string[] }
  | { ask: 'prices' }
  | { ask: 'check'; orders: NewOrder[] }
  | { ask: 'sleep'; untilMs: number }
  | { ask: 'lock' }
  | { ask: 'replace'; entries: string[] }
  | { ask: 'append'; at: number; entry: string }
  | { ask: 'key'; orderId: string; name: string; commonName: string; dnsNames: string[] }
  | { ask: 'place'; orderId: string; order: NewOrder; onceId: string; assumeNotPlaced: boolean }
  | { ask: 'publish'; orders: PlacedOrder[] }
  | { ask: 'look'; orders: string[] }
  | { ask: 'search'; commonNames: string[] }
  | ({ ask: 'download'; csr: string } & PlacedOrder)
  | ({ ask: 'deliver'; key: string | null } & PlacedOrder)
  | { ask: 'revoke'; orderId: string }
  | { ask: 'hook'; what: 'renewed' | 'failed'; renewals: RenewalStatus[] }
  | ({ ask: 'plan' } & RenewalPlan)
  | ({ ask: 'done' } & RenewalSummary);

/** The service's clock: the machine's own, until a reply has said what time it is. */
export class ServiceClock {
  #offset = 0;

  now(): number {
    return Date.now() + this.#offset;
  }

  /** Takes the date of the reply that a value came from. */
  hear(value: object): void {
    const date = Date.parse(responseOf(value)?.headers.get('date') ?? '');
    if (!Number.isNaN(date)) this.#offset = date - Date.now();
  }
}

/** A plan in the making, or a run: the state machine in the wasm. */
export class Machine {
  readonly #instance: Instance<RenewalsWasm>;
  readonly #machine: RenewalMachine;
  readonly #clock: ServiceClock;
  readonly #fields: string[];

  private constructor(
    instance: Instance<RenewalsWasm>,
    clock: ServiceClock,
    make: (wasm: RenewalsWasm) => RenewalMachine,
  ) {
    this.#instance = instance;
    this.#clock = clock;
    this.#machine = instance.enter(make);
    this.#fields = JSON.parse(instance.enter((wasm) => wasm.renewalFields()));
  }

  static async plan(clock: ServiceClock, settings: object, entries: readonly string[]): Promise<Machine> {
    const make = ({ Renewals }: RenewalsWasm) => Renewals.plan(JSON.stringify(settings), JSON.stringify(entries));
    return new Machine(await renewalsLoader().get(), clock, make);
  }

  static async run(clock: ServiceClock, settings: object): Promise<Machine> {
    const make = ({ Renewals }: RenewalsWasm) => Renewals.run(JSON.stringify(settings));
    return new Machine(await renewalsLoader().get(), clock, make);
  }

  /** Hands in a page of a list, with when each is due by the caller's function. */
  page(things: readonly object[], due: readonly (number | null)[]): void {
    // Of a list only what is looked at: certificates are most of it.
    const [page, dues] = [JSON.stringify(things, this.#fields), JSON.stringify(due)];
    this.#instance.enter(() => this.#machine.page(this.#clock.now(), page, dues));
  }

  /** Answers what was asked last; what is asked next, and what happened before. */
  next(answer: object): { ask: Ask; events: RenewalEvent[] } {
    const text = JSON.stringify(answer);
    return JSON.parse(this.#instance.enter(() => this.#machine.next(this.#clock.now(), text)));
  }

  free(): void {
    if (!this.#instance.isBroken) this.#instance.enter(() => this.#machine.free());
  }
}
