/// <reference lib="esnext.disposable" preserve="true" />
import { Connection } from './connection.js';
import type { CoreClient } from './core-client.js';
import { Emitter } from './emitter.js';
import { checkedOptions, coreOptions } from './options.js';
import { PreviewClient } from './preview.js';
import { RateLimit } from './rate-limit.js';
import { Certs } from './resources/certs.js';
import { Contacts } from './resources/contacts.js';
import { Orders } from './resources/orders.js';
import { Organizations } from './resources/organizations.js';
import { responseInfoOf } from './responses.js';
import { Tokens } from './tokens.js';
import type { CallOptions, ClientOptions, Events, PreparedRequest, RequestOptions } from './types/index.js';

/** What a client that is made of another one takes from it. */
interface Parts {
  readonly connection: Connection;
  readonly events: Emitter<Events>;
  readonly changes: Emitter<{ change: undefined }>;
}

/**
 * A client of the Markmonitor SSL Certs API. It fetches and renews the token, keeps the rate limit, repeats what can
 * be repeated, and answers with values or with errors of this package.
 *
 * @example
 * const client = new CertsClient({ auth: { apiKey, username, password } });
 * const order = await client.orders.get('1c7d2a0e-6a5f-4f7e-9a51-0d9b7a6f2a10');
 */
export class CertsClient {
  /** The token. */
  readonly tokens: Tokens;
  /** The legal entities that certificates are issued to. */
  readonly organizations: Organizations;
  /** The people of an organization. */
  readonly contacts: Contacts;
  /** The service's view of certificates. */
  readonly certs: Certs;
  /** Orders, and the certificates that come of them. */
  readonly orders: Orders;
  /** The rate limit. */
  readonly rateLimit: RateLimit;

  readonly #options: ClientOptions;
  readonly #parts: Parts;

  /**
   * Makes a client; nothing is loaded or sent before its first call.
   *
   * @throws ValidationError An option is missing or dangerous; the message says which and why.
   */
  constructor(options?: ClientOptions);
  /** @internal */
  constructor(options: ClientOptions, parts: Parts);
  constructor(options: ClientOptions = {}, parts?: Parts) {
    const checked = checkedOptions(options);
    this.#options = checked;
    this.#parts = parts ?? newParts(checked);
    const { connection, changes } = this.#parts;
    this.tokens = new Tokens(connection);
    this.organizations = new Organizations(connection);
    this.contacts = new Contacts(connection);
    this.certs = new Certs(connection);
    this.orders = new Orders(connection);
    this.rateLimit = new RateLimit(connection, changes, checked.rateLimit);
  }

  /** A client with other options that shares this one's token, rate limit and listeners. */
  withOptions(options: Partial<ClientOptions>): CertsClient {
    return this.#derive(options, (client) => client.withOptions(coreOptions(options)));
  }

  /**
   * Makes a call that this package has no name for, with the same token, limit, retries and errors.
   *
   * @example
   * const groups = await client.request({ method: 'GET', path: '/group', query: { size: 10 } });
   */
  request<T = unknown>(call: RequestOptions, options?: CallOptions): Promise<T> {
    const { method, path, query, body } = call;
    return this.#parts.connection.call(
      { operation: 'request', method, path, ...(query && { query }), ...(body !== undefined && { body }) },
      options,
    );
  }

  /**
   * The request that a call would send, checked, its secrets masked. Nothing is sent.
   *
   * @param call Makes the call with the client that it is given.
   *
   * @example
   * const request = await client.preview((client) => client.orders.create(order));
   */
  preview(call: (client: CertsClient) => Promise<unknown>): Promise<PreparedRequest> {
    const { connection } = this.#parts;
    return connection.run(undefined, (core) => {
      return new Promise<PreparedRequest>((resolve, reject) => {
        const client = this.#derive({}, () => new PreviewClient(core, resolve, reject));
        const none = () => reject(new TypeError('The function given to preview made no call with its client.'));
        // Whatever comes of a stopped call comes too late to count.
        Promise.resolve(call(client)).then(none, reject);
      });
    });
  }

  /** Tells a listener of this client's work; the function given back ends that. No event holds a secret. */
  on<E extends keyof Events>(event: E, listener: (event: Events[E]) => void): () => void {
    return this.#parts.events.on(event, listener);
  }

  /** Refuses every further call and forgets the token; calls under way go on. */
  close(): void {
    this.#parts.connection.close();
  }

  /** The same as `close`, for `using`. */
  [Symbol.dispose](): void {
    this.close();
  }

  #derive(options: Partial<ClientOptions>, make: (client: CoreClient) => CoreClient): CertsClient {
    const { connection: parent, ...rest } = this.#parts;
    const connection = new Connection(() => parent.run(undefined, make));
    return clientOf({ ...this.#options, ...options }, { ...rest, connection });
  }
}

// Out of the class, so that bundlers leave the class its name.
function clientOf(options: ClientOptions, parts: Parts): CertsClient {
  return new CertsClient(options, parts);
}

function newParts(options: ClientOptions): Parts {
  const events = new Emitter<Events>();
  const changes = new Emitter<{ change: undefined }>();
  const onEvent = (name: string, payload: unknown) => {
    if (name === 'change') changes.emit('change', undefined);
    else if (name === 'response') events.emit('response', responseInfoOf(payload as never));
    else events.emit(name as keyof Events, payload as never);
  };
  // Looked up at each call, so that whoever replaces the global one later (mocks, tracing) is heard.
  const { fetch = (...request) => globalThis.fetch(...request) } = options;
  const connection = new Connection((core) => new core.Client({ ...coreOptions({ ...options, fetch }), onEvent }));
  return { connection, events, changes };
}
