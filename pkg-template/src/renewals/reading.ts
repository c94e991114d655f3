import type { Client } from '../client/client.js';
import { dateOf } from '../client/dates.js';
import { responseOf } from '../connection/responses.js';
import { ApiError, CertsError, DecodeError } from '../errors/classes.js';
import { refuse } from '../errors/refuse.js';
import { checkOrder } from '../pki/check.js';
import type { CallOptions } from '../types/client.js';
import type { RenewalPolicy } from '../types/renewals.js';
import type { Order } from '../types/service.js';
import { failureOf } from './failure.js';
import { damaged } from './journal-lines.js';
import type { Answer, Ask, Machine, ServiceClock } from './machine.js';

/** Answers what is asked of the account. */
export class Reading {
  readonly #client: Client;
  readonly #clock: ServiceClock;
  readonly #at: RenewalPolicy['at'];
  readonly #options: CallOptions;
  /** Called for each order of a list. */
  readonly #seen: (order: Order) => void;

  constructor(
    client: Client,
    clock: ServiceClock,
    at: RenewalPolicy['at'],
    options: CallOptions,
    seen: (order: Order) => void = () => {},
  ) {
    this.#client = client;
    this.#clock = clock;
    this.#at = at;
    this.#options = options;
    this.#seen = seen;
  }

  /** The answer; undefined to what is not asked of the account. */
  async answer(ask: Ask, machine: Machine): Promise<Answer | undefined> {
    switch (ask.ask) {
      case 'list':
        return await this.#list(ask, machine);
      case 'get':
        for (const id of ask.orders) await this.#get(id, machine);
        return {};
      case 'prices':
        try {
          return { prices: await this.#client.orders.prices(this.#options) };
        } catch (error) {
          if (!(error instanceof CertsError)) throw error;
          return { error: await failureOf(this.#client, error) };
        }
      case 'unreadable':
        throw damaged(`The entry ${ask.entry} of the journal has a step that this version does not know`);
      case 'check':
        return { findings: await Promise.all(ask.orders.map((order) => checkOrder(order))) };
      default:
        return undefined;
    }
  }

  async #list({ what, filter }: Ask & { ask: 'list' }, machine: Machine): Promise<Answer> {
    try {
      for await (const page of this.#client[what].list(filter, this.#options).pages()) {
        this.#clock.hear(page);
        if (what === 'orders') checkIds(page);
        if (!this.#take(page.content, what === 'orders', machine)) break;
      }
      return {};
    } catch (error) {
      // It may be of a filter, or say that nothing is there.
      const isRefused = error instanceof ApiError && [400, 404, 422].includes(error.status);
      if (isRefused && Object.keys(filter).length > 0) return { refused: true };
      throw error;
    }
  }

  async #get(id: string, machine: Machine): Promise<void> {
    try {
      const order = await this.#client.orders.get(id, this.#options);
      this.#clock.hear(order);
      this.#take([order], true, machine);
    } catch (error) {
      // An order that is not there any more is not in the plan.
      if (!(error instanceof CertsError) || error.code !== 'not_found') throw error;
    }
  }

  /** Whether the next page is wanted. */
  #take(things: readonly object[], areOrders: boolean, machine: Machine): boolean {
    if (areOrders) for (const order of things) this.#seen(order as Order);
    return machine.page(things, areOrders ? things.map((order) => this.#dueOf(order as Order)) : []);
  }

  #dueOf(order: Order): number | null {
    const end = dateOf(order.cert?.dateValidUntil);
    if (typeof this.#at !== 'function' || !end) return null;
    const due = this.#at(order);
    const at = typeof due === 'number' ? end.getTime() - due * 86_400_000 : dateOf(due)?.getTime();
    if (at === undefined || !Number.isFinite(at)) {
      throw refuse(
        'invalid_option',
        'policy.at',
        '`policy.at` must return a number of days before the end, or a date.',
      );
    }
    return at;
  }
}

/** An order that cannot be asked for would be passed over, and its certificate end unattended. */
function checkIds(page: { content: readonly { id?: unknown }[] }): void {
  const at = page.content.findIndex((order) => !order?.id);
  if (at < 0) return;
  throw new DecodeError({
    ...{ code: 'unreadable', status: responseOf(page)?.status ?? 200, bodyText: '', path: `$.content[${at}].id` },
    message: 'The list of orders has an item without an id: nobody can tell whether it is due.',
  });
}
