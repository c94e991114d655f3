import type { CertsClient } from '../client/certs-client.js';
import type { Inside } from '../client/inside.js';
import { CertsError } from '../errors/classes.js';
import { isWorkerd } from '../host/environment.js';
import type { CallOptions } from '../types/client.js';
import type { CoreCall } from '../wasm/exports.js';
import type { Result } from './answer.js';
import { Flights } from './flights.js';
import { type Caller, optionsOf, type QueueView } from './queue.js';
import type { Query } from './route.js';

/** The service, through the one client: every call of every page goes through here. */
export class Service {
  readonly client: CertsClient;
  readonly queue: QueueView;
  readonly #inside: Inside;
  readonly #flights: Flights<unknown>;
  readonly #totalTimeout: number;
  readonly #waitsAreShared: boolean;

  constructor(client: CertsClient, inside: Inside, queue: QueueView, settings: ServiceSettings) {
    this.client = client;
    this.queue = queue;
    this.#inside = inside;
    this.#flights = new Flights(settings.cacheFor);
    this.#totalTimeout = settings.totalTimeout;
    this.#waitsAreShared = settings.durableObject || !isWorkerd();
  }

  /** A GET, which others may have asked. Lists are kept. */
  get(
    caller: Caller,
    path: string,
    query: Query = {},
    part: 'auth' | 'certs' = 'certs',
    isList = false,
  ): Promise<Result> {
    const request = { method: 'GET', path, query, service: part };
    const key = JSON.stringify([part, path, Object.entries(query).sort()]);
    return this.#shared(key, caller, isList, (options) => this.#call({ operation: 'request', request }, options));
  }

  /** The file of an order. */
  file(caller: Caller, id: string, query: Query): Promise<Result> {
    const call: CoreCall = { operation: 'orders.download', path: { id }, query };
    return this.#shared(JSON.stringify(call), caller, false, (options) => this.#call(call, options));
  }

  /** All that `list` yields, whoever asks for it. */
  all<T>(
    caller: Caller,
    what: string,
    list: (client: CertsClient, options: CallOptions) => AsyncIterable<T>,
  ): Promise<T[]> {
    return this.#shared(`all ${what}`, caller, true, async (options) => {
      const items: T[] = [];
      for await (const item of list(this.client, options)) items.push(item);
      return items;
    });
  }

  /** A POST that changes nothing. */
  ask(caller: Caller, path: string, body: unknown): Promise<Result> {
    this.queue.enter(caller);
    const request = { method: 'POST', path, body };
    return this.#busy(caller, () =>
      this.#call({ operation: 'request', request }, this.#options(caller, caller.signal)),
    );
  }

  /** A change. It is not ended when the page leaves: nobody could tell what came of it. */
  async change(caller: Caller, method: string, path: string, body: unknown): Promise<Result> {
    this.queue.enter(caller);
    const request = { method, path, ...(body !== undefined && { body }) };
    try {
      return await this.#busy(caller, () => this.#call({ operation: 'request', request }, this.#options(caller)));
    } finally {
      this.#flights.forget();
    }
  }

  #shared<T>(key: string, caller: Caller, keep: boolean, start: (options: CallOptions) => Promise<T>): Promise<T> {
    const isFree = this.queue.isFree(caller);
    const shared = this.#flights.get(key, caller, keep, isFree, async (signal) => {
      this.queue.enter(caller);
      return await this.#busy(caller, () => start(this.#options(caller, signal)));
    });
    return shared as Promise<T>;
  }

  async #call(call: CoreCall, options: CallOptions): Promise<Result> {
    const [value, info] = await this.#inside.call(call, options);
    // Half a reply, or a page to log in: what it says of a change, nobody can tell.
    if (value !== undefined && value !== '' && typeof value !== 'object') throw unreadable();
    return { value, info: JSON.parse(info) };
  }

  #options(caller: Caller, signal?: AbortSignal): CallOptions {
    return optionsOf(caller, this.#totalTimeout, signal);
  }

  /** In a plain Worker no request may wait for what another one began: it would never be woken. */
  async #busy<T>(caller: Caller, work: () => Promise<T>): Promise<T> {
    if (this.queue.underWay > 0 && !this.#waitsAreShared) throw new Error(inWorker);
    return await this.queue.during(caller, work);
  }
}

const unreadable = () =>
  new CertsError({
    code: 'unreadable',
    message: 'The service answered with success, and with something that is not JSON.',
    mayHaveBeenApplied: true,
  });

const inWorker =
  'Two calls of the proxy met in a Worker, where no request may wait for what another one began. Put client and proxy into ' +
  'a Durable Object, one for the key, and give `createProxy` the option `durableObject: true`.';

export interface ServiceSettings {
  readonly cacheFor: number;
  readonly totalTimeout: number;
  readonly durableObject: boolean;
}
