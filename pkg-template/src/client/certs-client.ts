/// <reference lib="esnext.disposable" preserve="true" />

import { Connection } from '../connection/connection.js';
import { responseInfoOf } from '../connection/responses.js';
import { checkListener, checkObject, refuse } from '../errors/refuse.js';
import { ClientHost } from '../host/host.js';
import { ProxiedPage } from '../host/proxied.js';
import type { Sends } from '../host/sends.js';
import { serviceOf } from '../host/service.js';
import { Certs } from '../resources/certs.js';
import { Contacts } from '../resources/contacts.js';
import { Groups } from '../resources/groups.js';
import { Orders } from '../resources/orders.js';
import { Organizations } from '../resources/organizations.js';
import { Renewals } from '../resources/renewals.js';
import type { CallOptions, ClientOptions, Events, PreparedRequest, RequestOptions } from '../types/client.js';
import type { DiagnoseOptions, Diagnosis } from '../types/diagnosis.js';
import type { Core, CoreClient } from '../wasm/exports.js';
import type { Instance } from '../wasm/instance.js';
import { shared } from '../wasm/shared.js';
import { Emitter } from './emitter.js';
import { type Inside, inside } from './inside.js';
import { checkedOptions, coreOptions, derivedOptions, nameOfStore } from './options.js';
import { diagnosis } from './parts.js';
import { PreviewClient, type Refusing } from './preview.js';
import { RateLimit } from './rate-limit.js';
import { Tokens } from './tokens.js';

/** What the core reports: the events, and every change of the rate limit. @internal */
type Reports = Events & { change: undefined };

/** Every event there is: the compiler keeps it complete. */
const eventNames: Record<keyof Events, true> = {
  request: true,
  response: true,
  retry: true,
  throttled: true,
  token: true,
  warning: true,
  store: true,
  session: true,
};

/** What a client that is made of another one takes from it. @internal */
interface Parts {
  readonly connection: Connection;
  readonly events: Emitter<Reports>;
  /** What is known of the proxy, if there is one. */
  readonly page: ProxiedPage | undefined;
  readonly sends: Sends;
  /** Closes all that share its token, and forgets that. */
  close(): void;
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
  /** The groups of the account. */
  readonly groups: Groups;
  /** The legal entities that certificates are issued to. */
  readonly organizations: Organizations;
  /** The people of an organization. */
  readonly contacts: Contacts;
  /** The service's view of certificates. */
  readonly certs: Certs;
  /** Orders, and the certificates that come of them. */
  readonly orders: Orders;
  /** Renews certificates that are due, when `run` is called. */
  readonly renewals: Renewals;
  /** The rate limit. */
  readonly rateLimit: RateLimit;

  readonly #options: ClientOptions;
  readonly #parts: Parts;

  /**
   * Makes a client; nothing is loaded or sent before its first call.
   *
   * @throws ValidationError An option is unknown, missing or dangerous; the message says which and why. A wrong value of
   *   another one is refused by the first call.
   */
  constructor(options?: ClientOptions);
  /** @internal */
  constructor(options: ClientOptions, parts: Parts);
  constructor(options: ClientOptions = {}, parts?: Parts) {
    const checked = checkedOptions(options);
    this.#options = checked;
    this.#parts = parts ?? newParts(checked);
    const { connection, events, page } = this.#parts;
    this.tokens = new Tokens(connection);
    this.groups = new Groups(connection);
    this.organizations = new Organizations(connection);
    this.contacts = new Contacts(connection);
    this.certs = new Certs(connection);
    this.orders = new Orders(connection);
    this.renewals = new Renewals(this);
    this.rateLimit = new RateLimit(connection, events, page);
  }

  /** @internal */
  [inside](): Inside {
    const { connection } = this.#parts;
    const { auth, certsBaseUrl, authBaseUrl, store = shared().store } = this.#options;
    const { apiKey, username: user = '' } = auth as { apiKey?: Inside['apiKey']; username?: string };
    const call: Inside['call'] = (call, options) =>
      connection.ask(options, (client, done) => client.call(call, options, done));
    return { call, store, bases: { certsBaseUrl, authBaseUrl }, isProxied: auth === 'proxy', user, apiKey };
  }

  /**
   * A client with other options that shares this one's token, rate limit and listeners: closing one closes both. An option
   * that is undefined stays as it was.
   *
   * @throws ValidationError An option is unknown, or has a wrong value.
   *
   * @example
   * const patient = client.withOptions({ timeout: 120_000 });
   */
  withOptions(options: Partial<ClientOptions>): CertsClient {
    checkObject(options);
    const fetch = options.fetch;
    return this.#derive(options, (client) => client.withOptions(derivedOptions(options), fetch));
  }

  /**
   * Makes a call that this package has no name for, with the same token, limit, retries and errors.
   *
   * @throws ValidationError Service, method or path is not one; nothing was sent.
   * @throws ApiError The service refused it.
   *
   * @example
   * const { groups } = await client.request<{ groups: Group[] }>({ service: 'auth', method: 'GET', path: '/group' });
   */
  async request<T = unknown>(call: RequestOptions, options?: CallOptions): Promise<T> {
    checkObject(call?.query ?? {}, 'query');
    return await this.#parts.connection.call('request', { request: call }, options);
  }

  /**
   * The request that a call would send, checked, its secrets masked. Nothing is sent.
   *
   * @param call Makes the call with the client that it is given.
   * @throws ValidationError The call would be refused before it is sent; `findings` says why.
   * @throws TypeError The function made no call with its client.
   *
   * @example
   * const request = await client.preview((client) => client.orders.create(order));
   */
  preview(call: (client: CertsClient) => Promise<unknown>): Promise<PreparedRequest> {
    return this.#parts.connection.enter(() => {
      if (typeof call !== 'function')
        throw refuse('invalid_argument', 'call', 'Give preview a function that makes a call.');
      return new Promise<PreparedRequest>((resolve, reject) => {
        const client = this.#derive(
          {},
          (core) => new PreviewClient(core, resolve, reject),
          () => {},
        );
        const none = () => reject(new TypeError('The function given to preview made no call with its client.'));
        // Whatever comes of a stopped call comes too late to count.
        Promise.resolve(call(client)).then(none, reject);
      });
    });
  }

  /**
   * Finds out how the service is to be read where nobody knows (docs/contract.md), by reading calls alone: how pages,
   * dates, errors and tokens look, and which fields and statuses nobody documented. It changes nothing; it fetches a token of
   * its own, and renews that. What is returned holds no value of the account: show it, or send it to the maintainers.
   *
   * @param options `onPlan` is told before the first call what will be done.
   * @returns What was found; a call that fails, or a login that is refused, is in it and ends nothing.
   * @throws ValidationError An option is wrong.
   *
   * @example
   * const { readings } = await client.diagnose({ onPlan: (steps) => console.log(steps.join('\n')) });
   */
  async diagnose(options: DiagnoseOptions = {}): Promise<Diagnosis> {
    // It sends with a client of its own, which a preview must not: one refuses.
    await this.#parts.connection.enter((core: CoreClient & Partial<Refusing>) => core.diagnose?.());
    const { diagnose } = await diagnosis();
    const given = this.#options;
    return await diagnose(given, (changes) => clientOf({ ...given, ...changes }), options ?? {});
  }

  /**
   * Adds a listener to one of this client's events; the returned function removes it. No event holds a secret.
   *
   * A listener that throws disturbs neither the call nor the other listeners: its error is reported as uncaught, as that of
   * an `EventTarget`'s listener is.
   *
   * @throws ValidationError There is no such event, or the listener is no function.
   *
   * @example
   * const stop = client.on('retry', ({ operation, reason }) => console.warn(operation, reason));
   */
  on<E extends keyof Events>(event: E, listener: (event: Events[E]) => void): () => void {
    checkListener(Object.keys(eventNames), event, listener);
    return this.#parts.events.on(event, listener as (event: Reports[E]) => void);
  }

  /**
   * Refuses every further call, also of the clients that share its token, which is forgotten. Calls under way continue, but for
   * those that a pause holds back which nobody can end any more.
   *
   * @example
   * client.close();
   */
  close(): void {
    this.#parts.close();
  }

  /** The same as `close`, for `using`. */
  [Symbol.dispose](): void {
    this.close();
  }

  #derive(
    options: Partial<ClientOptions>,
    make: (client: CoreClient) => CoreClient,
    close = (own: Connection) => {
      own.close();
      this.close();
    },
  ): CertsClient {
    const { connection: parent, ...rest } = this.#parts;
    const connection = new Connection((instance) => parent.linkTo(instance).enter(make), rest.sends);
    const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
    const parts = { ...rest, connection, close: () => close(connection) };
    return clientOf({ ...options, ...this.#options, ...given }, parts);
  }
}

// Out of the class, so that bundlers leave the class its name.
function clientOf(options: ClientOptions, parts?: Parts): CertsClient {
  return parts ? new CertsClient(options, parts) : new CertsClient(options);
}

function newParts(options: ClientOptions): Parts {
  // It holds the connection: the core tells the host nothing more once its client is freed.
  const events = new Emitter<Reports>((heard) => host.hear(heard, connection.isLinked));
  const { host, page, sends } = hostOf(options, weakly(events));
  const make = (instance: Instance<Core>) => {
    const { underWay } = instance;
    return host.serve(underWay, () =>
      instance.enter(({ Client }) => new Client(coreOptions(options, host.clock, underWay), host)),
    );
  };
  const connection = new Connection(make, sends);
  const close = () => {
    connection.close();
    page?.forget();
    delete host.memory.token;
    delete host.memory.log;
  };
  return { connection, events, page, sends, close };
}

/**
 * What the wasm holds: it must not lead to the connection, nor to a listener, which may well name its client. Held by the wasm,
 * they would never go. A function of its own, for closures of one function hold all that any of them names.
 */
function hostOf(options: ClientOptions, listeners: Weak<Emitter<Reports>>) {
  const { fetch } = options;
  const sends: Sends = new Set();
  const page =
    options.auth === 'proxy' ? new ProxiedPage(() => listeners.deref()?.emit('change', undefined)) : undefined;
  const host = new ClientHost({
    fetch,
    memory: {},
    service: serviceOf(fetch),
    store: nameOfStore(options),
    page,
    sends,
    tell: (event, payload) => tell(listeners.deref(), event, payload),
  });
  return { host, page, sends };
}

interface Weak<T> {
  deref(): T | undefined;
}

/** A worker of Cloudflare's with a compatibility date before May 2025 has no WeakRef. */
function weakly<T extends object>(value: T): Weak<T> {
  return typeof WeakRef === 'function' ? new WeakRef(value) : { deref: () => value };
}

function tell(events: Emitter<Reports> | undefined, event: string, payload: unknown): void {
  const isResponse = event === 'response';
  events?.emit(event as keyof Reports, (isResponse ? responseInfoOf(payload as never) : payload) as never);
}
