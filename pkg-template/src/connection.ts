import { type Core, coreLoader } from './core.js';
import type { CoreClient, Cursor, Operation } from './core-client.js';
import { unwrap } from './responses.js';
import type { CallOptions } from './types/index.js';

/** A core and a client of it. */
interface Link {
  readonly core: Core;
  readonly client: CoreClient;
}

/** The way from the public classes to a client of the core, which is made when it is first needed. */
export class Connection {
  readonly #make: (core: Core) => CoreClient | Promise<CoreClient>;
  #opening: Promise<Link> | undefined;
  #link: Link | undefined;
  #closed = false;

  constructor(make: (core: Core) => CoreClient | Promise<CoreClient>) {
    this.#make = make;
  }

  /** The client of the core, if it is there already. */
  get client(): CoreClient | undefined {
    return this.#link?.client;
  }

  /** Calls the service. */
  async call<T>(operation: Operation, options: CallOptions = {}): Promise<T> {
    const answer = await this.run(options.signal, (client) => client.call(operation, options));
    return unwrap(answer) as T;
  }

  /** Does something with the client of the core, and turns what that throws into what this package throws. */
  async run<T>(signal: AbortSignal | undefined, use: (client: CoreClient) => T | Promise<T>): Promise<T> {
    if (signal?.aborted) throw signal.reason;
    const link = this.#link ?? (await abortable(this.#open(), signal));
    try {
      return await use(link.client);
    } catch (reason) {
      throw this.#errorOf(reason, link, signal);
    }
  }

  /** Gives one thing after the other, until there is none or nobody wants more. */
  async *each<T>(signal: AbortSignal | undefined, start: (client: CoreClient) => Cursor<T>): AsyncGenerator<T> {
    const cursor = await this.run(signal, start);
    try {
      for (;;) {
        const item = await this.run(signal, () => cursor.next());
        if (item === undefined) return;
        yield item;
      }
    } finally {
      cursor.free();
    }
  }

  /** Does something that gives nothing, now or as soon as there is a client of the core. */
  tell(use: (client: CoreClient) => void): void {
    if (this.#link) use(this.#link.client);
    // Should the core not load, the next call says why.
    else this.run(undefined, use).catch(() => {});
  }

  /** Refuses every further call. */
  close(): void {
    this.#closed = true;
    this.#link?.client.close();
  }

  #open(): Promise<Link> {
    this.#opening ??= this.#connect();
    return this.#opening;
  }

  async #connect(): Promise<Link> {
    try {
      const core = await coreLoader().get();
      const client = await this.#make(core);
      if (this.#closed) client.close();
      this.#link = { core, client };
      return this.#link;
    } catch (error) {
      // The next call tries again.
      this.#opening = undefined;
      throw error;
    }
  }

  #errorOf(reason: unknown, link: Link, signal: AbortSignal | undefined): unknown {
    const error = coreLoader().errorOf(reason, link.core, signal);
    if (coreLoader().loaded !== link.core) {
      // The core broke: the next call gets a fresh one.
      this.#link = undefined;
      this.#opening = undefined;
    }
    return error;
  }
}

/** A promise, or the signal's reason if that comes first. Leaves no listener behind. */
async function abortable<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return promise;
  let stop = () => {};
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
