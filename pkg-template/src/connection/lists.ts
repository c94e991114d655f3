import { checkNames, refuse } from '../errors/refuse.js';
import type { CallOptions, Page, PagePromise } from '../types/client.js';
import type { CoreCall } from '../wasm/exports.js';
import { type Connection, checkFilter } from './connection.js';
import { unwrap } from './responses.js';

/** A list of the service. Nothing is sent until it is awaited or iterated. */
export function listOf<T>(connection: Connection, call: CoreCall, options?: CallOptions): PagePromise<T> {
  return new LazyList<T>(connection, call, options ?? {});
}

class LazyList<T> extends Promise<Page<T>> implements PagePromise<T> {
  // What `then` returns is an ordinary promise.
  static override get [Symbol.species]() {
    return Promise;
  }

  readonly #connection: Connection;
  readonly #call: CoreCall;
  readonly #options: CallOptions;
  #first: Promise<Page<T>> | undefined;

  constructor(connection: Connection, call: CoreCall, options: CallOptions) {
    super(() => {});
    this.#connection = connection;
    this.#call = call;
    this.#options = options;
  }

  // The promise below this one never settles: every way to it leads through here.
  // biome-ignore lint/suspicious/noThenProperty: a promise has one.
  override then<A = Page<T>, B = never>(
    fulfilled?: ((page: Page<T>) => A | PromiseLike<A>) | null,
    rejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    const { operation, ...call } = this.#call;
    this.#first ??= this.#connection.call<Page<T>>(operation, call, this.#options);
    return this.#first.then(fulfilled, rejected);
  }

  override catch<B = never>(rejected?: ((reason: unknown) => B | PromiseLike<B>) | null): Promise<Page<T> | B> {
    return this.then(undefined, rejected);
  }

  override finally(settled?: (() => void) | null): Promise<Page<T>> {
    return this.then().finally(settled);
  }

  pages(): AsyncGenerator<Page<T>> {
    return this.#each((page) => [page]);
  }

  [Symbol.asyncIterator](): AsyncGenerator<T> {
    return this.#each(({ content }) => content);
  }

  async toArray(options?: { limit?: number | undefined }): Promise<T[]> {
    checkNames(options ?? {}, ['limit']);
    const { limit = Number.POSITIVE_INFINITY } = options ?? {};
    if (typeof limit !== 'number' || Number.isNaN(limit)) {
      throw refuse('invalid_option', 'limit', '`limit` must be a number.');
    }
    const items: T[] = [];
    if (limit <= 0) return items;
    for await (const item of this) {
      items.push(item);
      if (items.length >= limit) break;
    }
    return items;
  }

  #each<V>(valuesOf: (page: Page<T>) => readonly V[]): AsyncGenerator<V> {
    return this.#connection.each(
      this.#options,
      (client, options) => {
        checkFilter(this.#call);
        return client.pages(this.#call, options);
      },
      (answer) => valuesOf(unwrap(answer) as Page<T>),
    );
  }
}
