import { CertsError } from '../errors/classes.js';
import { errorOf } from '../errors/dto.js';
import { checkObject, checkSignal } from '../errors/refuse.js';
import { callersContext } from '../host/context.js';
import type { Sending, Sends } from '../host/sends.js';
import { throwIfAborted } from '../host/signal.js';
import type { CallOptions } from '../types/client.js';
import { coreLoader } from '../wasm/core.js';
import type { Core, CoreCall, CoreClient, Cursor, Reply } from '../wasm/exports.js';
import type { Done, Instance } from '../wasm/instance.js';
import { Iteration } from './iteration.js';
import { unwrap } from './responses.js';

/** What may end a call. */
type Abortable = { signal?: AbortSignal | undefined } | null | undefined;

/** Refuses a filter without fields of its own, which would find everything. */
export function checkFilter({ query }: { query?: unknown }): void {
  if (query !== undefined) checkObject(query, 'filter');
}

/** Makes the client of a core. */
type Make = (instance: Instance<Core>) => CoreClient;

/**
 * The way from the public classes to a client of the core. It is made when the core is first needed, and once more when
 * the core was replaced because it broke.
 */
export class Connection {
  readonly #make: Make;
  readonly #sends: Sends | undefined;
  #link: Link | undefined;
  #isClosed = false;

  constructor(make: Make, sends?: Sends) {
    this.#make = make;
    this.#sends = sends;
  }

  /** Calls `onSend` when a request leaves that is meant; the returned function ends that. */
  watchSends(isMeant: (sending: Sending) => boolean, onSend: () => void): () => void {
    const watch = (sending: Sending) => {
      if (isMeant(sending)) onSend();
    };
    this.#sends?.add(watch);
    return () => this.#sends?.delete(watch);
  }

  /** Calls the service. */
  async call<T>(
    operation: CoreCall['operation'],
    call: Omit<CoreCall, 'operation'>,
    options?: CallOptions,
  ): Promise<T> {
    const reply = await this.ask<Reply<unknown>>(options, (client, done) => {
      checkFilter(call);
      client.call({ operation, ...call }, options, done);
    });
    return unwrap(reply) as T;
  }

  /** Starts something that calls `done` when it has ended. */
  ask<T>(options: Abortable, start: (client: CoreClient, done: Done<T>) => void): Promise<T> {
    return this.#run(options, (link) => link.call(start));
  }

  /** Does something with the client of the core, as soon as there is one. */
  enter<T>(use: (client: CoreClient) => T | Promise<T>): Promise<T> {
    return this.#run(undefined, (link) => link.enter(use));
  }

  /** Yields the values of one thing after the other, until there is none or nobody wants more. */
  each<O extends NonNullable<Abortable>, C, T>(
    options: O,
    start: (client: CoreClient, options: O) => Cursor<C>,
    valuesOf: (thing: C) => readonly T[],
  ): AsyncGenerator<T, undefined, undefined> {
    let open: { link: Link; cursor: Cursor<C> } | undefined;
    return new Iteration<T>(options?.signal, {
      pull: async (signal) => {
        checkObject(options ?? {});
        open ??= await this.#run({ signal }, (link) => {
          return { link, cursor: link.enter((client) => start(client, { ...options, signal })) };
        });
        const { link, cursor } = open;
        const thing = await this.#run({ signal }, () => link.call<C | undefined>((_, done) => cursor.next(done)));
        return thing === undefined ? undefined : valuesOf(thing);
      },
      close: () => open?.cursor.free(),
    });
  }

  /** Does something that returns nothing, now or as soon as there is a client of the core. */
  tell(use: (client: CoreClient) => void): void {
    const isTold = this.peek((client) => {
      use(client);
      return true;
    });
    // Should the core not load, the next call says why.
    if (!isTold) this.enter(use).catch(() => {});
  }

  /** What the client of the core knows; nothing as long as no core is loaded, or if there can be no client of it. */
  peek<T>(look: (client: CoreClient) => T): T | undefined {
    const link = this.#linkIfLoaded();
    try {
      return link?.enter(look);
    } catch (reason) {
      throw errorOf(reason);
    }
  }

  /** Whether there is a client of the core. */
  get isLinked(): boolean {
    return this.#link !== undefined;
  }

  /** Refuses every further call. */
  close(): void {
    this.#isClosed = true;
    const link = this.#link;
    this.#link = undefined;
    if (!link || link.instance.isBroken) return;
    link.enter((client) => client.close());
    // Later, for a listener may close the client that a function of the core is telling it about.
    Promise.resolve().then(() => link.client.free());
  }

  /** The client of this core. Of a closed one no other is made: it would take the host from the calls under way. */
  linkTo(instance: Instance<Core>): Link {
    this.#assertOpen();
    if (this.#link?.instance !== instance) this.#link = new Link(instance, this.#make(instance));
    return this.#link;
  }

  #assertOpen(): void {
    if (this.#isClosed) throw new CertsError({ code: 'closed', message: 'This client was closed: make a new one.' });
  }

  #linkIfLoaded(): Link | undefined {
    const { instance } = coreLoader();
    try {
      return instance && this.linkTo(instance);
    } catch {
      // It is closed, or the options are wrong: the next call says so.
      return undefined;
    }
  }

  /** Turns what the core fails with into what this package throws. */
  async #run<T>(options: Abortable, use: (link: Link) => T | Promise<T>): Promise<T> {
    checkObject(options ?? {});
    const signal = options?.signal;
    checkSignal(signal);
    throwIfAborted(signal);
    this.#assertOpen();
    const loader = coreLoader();
    const instance = loader.instance ?? (await loader.get(signal));
    throwIfAborted(signal);
    try {
      return await use(this.linkTo(instance));
    } catch (reason) {
      // Made here, so that its stack names the callers.
      throw errorOf(reason, signal);
    }
  }
}

/** A core and a client of it. */
export class Link {
  readonly instance: Instance<Core>;
  readonly client: CoreClient;

  constructor(instance: Instance<Core>, client: CoreClient) {
    this.instance = instance;
    this.client = client;
  }

  /** Does something with the client, now. */
  enter<T>(use: (client: CoreClient) => T): T {
    return this.instance.enter(() => use(this.client));
  }

  /** Starts something that calls `done` when it has ended. */
  call<T>(start: (client: CoreClient, done: Done<T>) => void): Promise<T> {
    const within = callersContext();
    return this.instance.call<T>((_, done) => start(this.client, Object.assign(done, { within })));
  }
}
