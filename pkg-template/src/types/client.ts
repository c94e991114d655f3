import type { CertsError, OrderDiffersError } from '../errors/classes.js';
import type * as core from '../generated/core.js';
import type { Order, OrderFilter, Organization, OrganizationFilter } from '../generated/service.js';
import type { Awaitable } from './open.js';
import type { Store } from './store.js';

// What is plain data among options and events is declared in Rust (src/client), once.
export type {
  DcvFile,
  DcvInstructions,
  DcvRecord,
  Difference,
  ErrorCode,
  Operation,
  Problem,
  RequestEvent,
  RetryEvent,
  Service,
  SessionChange,
  SessionEvent,
  StoreEvent,
  ThrottledEvent,
  TimeoutPhase,
  TokenChange,
  TokenEvent,
  WaitReason,
  WarningCode,
  WarningEvent,
} from '../generated/core.js';

/** A secret, or a function that fetches it when it is needed. */
export type Secret = string | (() => Awaitable<string>);

/** How the client authenticates. */
export type Auth =
  /** The package fetches the token, renews it and keeps it (guide 5). */
  | { apiKey: Secret; username: string; password: Secret; tokenStore?: Store | TokenStore | undefined }
  /** The token is fetched elsewhere. */
  | { apiKey: Secret; token: Secret }
  /** A server of yours adds the secrets, such as `markmonitor-certs/proxy`; the page holds none, and sends its cookies. */
  | 'proxy';

/**
 * Keeps the token from one process to the next. It is a secret.
 *
 * @deprecated Pass a `Store` as `tokenStore`.
 */
export interface TokenStore {
  get(): Awaitable<string | undefined>;
  set(token: string | undefined): Awaitable<void>;
}

/** The options of a client. All spans are milliseconds. */
export interface ClientOptions extends core.ClientSettings {
  /**
   * Outside pages: left out, it is read from MARKMONITOR_API_KEY, MARKMONITOR_USERNAME and MARKMONITOR_PASSWORD. Given or not,
   * MARKMONITOR_BASE_URL says where the service is, unless `certsBaseUrl` and `authBaseUrl` do.
   */
  auth?: Auth | undefined;
  /** Default `globalThis.fetch`. Wrap it for proxies, mocks and tracing: it runs in the caller's context (`AsyncLocalStorage`). */
  fetch?: typeof globalThis.fetch | undefined;
  /**
   * Where what is to be made once is remembered: orders of `createOnce`, and calls with a `onceId`. Default the memory of
   * this process; with a store that processes share, it holds across them and across their ends.
   */
  store?: Store | undefined;
  /** How calls are spaced; `false` sends without a limit. */
  rateLimit?: RateLimitOptions | false | undefined;
  /** Needed to hold a password or an API key in a page, where every visitor can read it; not for those of a sandbox. */
  dangerouslyAllowBrowser?: boolean | undefined;
  /** Needed to send secrets over http: to anything but loopback. */
  allowInsecure?: boolean | undefined;
}

/** How the rate limit is kept. All spans are milliseconds. */
export interface RateLimitOptions extends core.RateLimitSettings {
  /**
   * Default `process`: one limit for all clients of the same origin and key, however the origin is spelt and wherever the
   * key comes from. Of those that are not closed, the smallest limit and the longest window hold; where they differ, the
   * event `warning` says so. `client`: a limit of this client's own. `tabs`: one limit for all tabs and workers of the page's
   * origin; where the browser has no IndexedDB, each tab keeps to `share`. A store: one limit for all of one API key who share
   * it. Give the clients of one key one scope: those of two scopes count apart, and send up to twice the limit.
   */
  scope?: 'client' | 'process' | 'tabs' | Store | RateLimitStore | undefined;
}

/**
 * Where several processes keep one log of sends. `update` must be atomic. When it fails, or has not answered within 5 s, the
 * process goes by its own log alone for 30 s, and the event `warning` says why.
 *
 * @deprecated Pass a `Store` as `scope`.
 */
export interface RateLimitStore {
  update<T>(key: string, change: (log: number[]) => { log: number[]; value: T }): Promise<T>;
}

/** The options of one call. All spans are milliseconds. */
export interface CallOptions extends core.CallSettings {
  /**
   * Honoured in the queue, in back-off, while the token is fetched, in flight and in the body. A call that it ends rejects with
   * its reason, which does not say whether a change had been made by then: look before you repeat it.
   */
  signal?: AbortSignal | undefined;
}

/** The options of `orders.createOnce`. All spans are milliseconds. */
export interface OnceOptions extends Omit<core.OnceSettings, 'notBefore'>, Omit<CallOptions, 'onceId'> {
  /** Orders that were created before this date do not count as the same. */
  notBefore?: Date | string | undefined;
}

/** What came of `orders.placeOnce`. */
export type OnceOutcome =
  /** The order was created by this call. */
  | { kind: 'placed'; order: Order }
  /** The order existed already, and nothing was sent. */
  | { kind: 'givenBack'; order: Order }
  /** There is an order for this key that differs; nothing was sent. */
  | { kind: 'differs'; order: Order; differences: core.Difference[]; error: OrderDiffersError }
  /** The order may have been created, and nobody can tell; the error says why. */
  | { kind: 'unknown'; error: CertsError };

/** The options of a call whose request is *inferred*: the guide names it, and nobody has seen its body. */
export interface InferredCallOptions extends CallOptions {
  /** Sent in place of the body that this package guesses. */
  body?: object | undefined;
}

/** The options of waiting. All spans are milliseconds: `totalTimeout` bounds each look, `maxWait` the whole wait. */
export interface WaitOptions<T> extends core.WaitSettings, CallOptions {
  /** Called with what was seen, at each look. What it throws becomes an uncaught error, and disturbs nothing. */
  onPoll?: ((value: T) => void) | undefined;
}

/** The options of waiting for an organization. All spans are milliseconds, as of `WaitOptions`. */
export interface ValidationWaitOptions extends WaitOptions<Organization> {
  /** Which validation; default every one that is under way. */
  type?: 'OV' | 'EV' | (string & {}) | undefined;
}

/** The options of `organizations.expiring`. All spans are milliseconds. */
export interface ExpiringValidationOptions extends core.ExpiringSettings, CallOptions {
  withinDays: number;
  /** Which organizations to look at; default all. */
  filter?: OrganizationFilter | undefined;
}

/** The options of `orders.expiring`. All spans are milliseconds. */
export interface ExpiringOptions extends core.ExpiringSettings, CallOptions {
  withinDays: number;
  /** Which orders to look at; default all that are issued. */
  filter?: OrderFilter | undefined;
}

/** The rate limit at one moment. */
export interface RateLimitState extends core.RateLimitState {
  /** With `auth: 'proxy'`: the limit of the server, which all its pages share, as its last answer said. */
  server?: ServerQueue;
}

/** The queue of a proxy, as the user of a page meets it. */
export interface ServerQueue {
  /** Requests per window at present. */
  limit: number;
  /** Slots free. */
  remaining: number;
  /** Calls that wait, of all users. */
  queued: number;
  /** How long a call of this user would have waited, in milliseconds. */
  waitMs: number;
}

/** A call that this package has no name for. */
export interface RequestOptions extends core.RequestOptions {
  /** Sent as JSON. */
  body?: unknown;
}

/** A request as it would be sent, its secrets masked. */
export interface PreparedRequest {
  /** In upper case. */
  method: string;
  /** The whole address, with the query. */
  url: string;
  /** Their names in lower case. */
  headers: Record<string, string>;
  /** Absent where nothing is sent. */
  body?: unknown;
}

/** How a call was answered. */
export interface ResponseInfo extends Omit<core.ResponseInfo, 'headers'> {
  /** The headers that may be shown. */
  headers: Headers;
}

/** The events of a client, by their names. None holds a secret. What a listener throws becomes an uncaught error. */
export interface Events {
  /** A request leaves. */
  request: core.RequestEvent;
  /** A call was answered, whatever the status; an answer that leads to another attempt shows as `retry`. */
  response: ResponseInfo;
  /** A request will be repeated. */
  retry: core.RetryEvent;
  /** A call waits for the rate limit. */
  throttled: core.ThrottledEvent;
  /** The token changed. */
  token: core.TokenEvent;
  /** Something is not as it should be, although no call fails of it; told once, with the next call. */
  warning: core.WarningEvent;
  /** A store failed where that ends no call. */
  store: core.StoreEvent;
  /** `auth: 'proxy'`: the session with the page's own server has ended. */
  session: core.SessionEvent;
}

/** When the present token ends. */
export interface TokenInfo extends Omit<core.TokenInfo, 'expiresAt'> {
  /** By the clock of this machine. */
  expiresAt: Date;
}

/** One page of a list. */
export interface Page<T> {
  /** The items of this page. */
  content: T[];
  /**
   * Where it is in the list, as the service says; what it leaves out is worked out. The service's `number` counts from 0 as far
   * as anyone knows; one that counts from 1 is handed out as it is.
   */
  page: { size: number; totalElements: number; totalPages: number; number: number };
}

/** Await it for one page; iterate it for every item of every page. Nothing is sent before one or the other. */
export interface PagePromise<T> extends Promise<Page<T>>, AsyncIterable<T> {
  /**
   * Every page.
   *
   * @throws CertsError What the call of the list throws; `list_repeats` where the service sends a page again.
   *
   * @example
   * for await (const { content, page } of client.orders.list().pages()) console.log(page.number, content.length);
   */
  pages(): AsyncIterable<Page<T>>;
  /**
   * Every item, or the first so many.
   *
   * @throws CertsError What the call of the list throws; `list_repeats` where the service sends a page again.
   *
   * @example
   * const newest = await client.orders.list({ sort: 'dateCreated,desc' }).toArray({ limit: 10 });
   */
  toArray(options?: { limit?: number | undefined }): Promise<T[]>;
}

/** An order, or its id. With the order in hand, an action that its status forbids is refused before it is sent. */
export type OrderOrId = string | Order;
