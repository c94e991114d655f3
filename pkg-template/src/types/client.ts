import type { CertType, Order, OrderStatus } from './models.js';
import type { Awaitable, Open } from './open.js';

/** A secret, or a function that fetches it when it is needed. */
export type Secret = string | (() => Awaitable<string>);

/** How to get in. */
export type Auth =
  /** The package fetches the token, renews it and keeps it (guide 5). */
  | { apiKey: Secret; username: string; password: Secret; tokenStore?: TokenStore | undefined }
  /** Somebody else fetches the token. */
  | { apiKey: Secret; token: Secret }
  /** A backend of yours adds the secrets; the page holds none. */
  | 'proxy';

/** Keeps the token from one process to the next. It is a secret. */
export interface TokenStore {
  get(): Awaitable<string | undefined>;
  set(token: string | undefined): Awaitable<void>;
}

/** The options of a client. All spans are milliseconds. */
export interface ClientOptions {
  /** Node only: left out, it is read from MARKMONITOR_API_KEY, MARKMONITOR_USERNAME and MARKMONITOR_PASSWORD. */
  auth?: Auth | undefined;
  /** Default `https://api.markmonitor.com/certs/v1`. A path such as `/api/certs` is one on the page's own origin. */
  certsBaseUrl?: string | undefined;
  /** Default `https://api.markmonitor.com/auth/v1`. */
  authBaseUrl?: string | undefined;
  /** Default `globalThis.fetch`. Wrap it for proxies, mocks and tracing. */
  fetch?: typeof globalThis.fetch | undefined;
  /** Each attempt from when it is sent; default 30,000. */
  timeout?: number | undefined;
  /** The whole call with queue, token and retries; default none. */
  totalTimeout?: number | undefined;
  /** Default 2. */
  maxRetries?: number | undefined;
  /** A longer Retry-After throws instead of sleeping; default 120,000. */
  maxRetryAfter?: number | undefined;
  /** `false` sends without a limit. */
  rateLimit?: RateLimitOptions | false | undefined;
  /** Refuse every call that is not a GET before it leaves; default false. */
  readOnly?: boolean | undefined;
  /** Needed to hold a password or an API key in a page, where every visitor can read it. */
  dangerouslyAllowBrowser?: boolean | undefined;
  /** Needed to send secrets over http: to anything but loopback. */
  allowInsecure?: boolean | undefined;
}

/** The options of one call. All spans are milliseconds. */
export interface CallOptions {
  /** Honoured in the queue, in back-off, while the token is fetched, in flight and in the body. */
  signal?: AbortSignal | undefined;
  /** Each attempt from when it is sent. */
  timeout?: number | undefined;
  /** The whole call with queue, token and retries. */
  totalTimeout?: number | undefined;
  /** How often to repeat a call that may be repeated. */
  maxRetries?: number | undefined;
  /** The place in the queue; default `normal`. */
  priority?: Open<'high' | 'normal' | 'low'> | undefined;
}

/** The options of a call whose request is *inferred*: the guide names it, and nobody has seen its body. */
export interface InferredCallOptions extends CallOptions {
  /** Sent in place of the body that this package guesses. */
  body?: object | undefined;
}

/** The options of waiting. All spans are milliseconds. */
export interface WaitOptions<T> extends CallOptions {
  /** Then a WaitError of reason `timeout` is thrown. */
  maxWait?: number | undefined;
  /** The first pause between two looks; default 5,000. */
  minDelay?: number | undefined;
  /** The longest pause between two looks; default 300,000. */
  maxDelay?: number | undefined;
  /** Called with what was seen, at each look. */
  onPoll?: ((value: T) => void) | undefined;
}

/** A call that this package has no name for. */
export interface RequestOptions {
  /** GET, POST, PUT, PATCH or DELETE. */
  method: string;
  /** The path under the certificate base, from its slash on. */
  path: string;
  /** Text, numbers, booleans, or lists of them, which are joined with commas. */
  query?: object | undefined;
  /** Sent as JSON. */
  body?: unknown;
}

/** A request as it would be sent, its secrets masked. */
export interface PreparedRequest {
  method: string;
  url: string;
  headers: Record<string, string>;
  body?: unknown;
}

/** How a call was answered. */
export interface ResponseInfo {
  status: number;
  headers: Headers;
  /** The id that the service gave the request, if it gave one. */
  requestId?: string;
  method: string;
  url: string;
  /** How many times the request was sent. */
  attempts: number;
  /** How long it waited for the rate limit, in milliseconds. */
  queuedMs: number;
  /** From the call to the end of the body, in milliseconds. */
  durationMs: number;
}

/** What a client tells of its work. No event holds a secret. */
export interface Events {
  /** A request leaves. */
  request: { method: string; url: string; attempt: number };
  /** A call was answered, whatever the status; an answer that leads to another attempt shows as `retry`. */
  response: ResponseInfo;
  /** A request will be repeated. */
  retry: { method: string; url: string; attempt: number; delayMs: number; reason: string };
  /** A call waits for the rate limit. */
  throttled: { waitMs: number; queued: number };
  /** The token changed. */
  token: { kind: 'authenticated' | 'refreshed' | 'expired' };
}

/** When the present token ends. */
export interface TokenInfo {
  expiresAt: Date;
  remainingMs: number;
}

/** Which page of a list to ask for. */
export interface Paging {
  /** Counted from 0. */
  page?: number | undefined;
  /** Items per page; the largest that the service takes is unknown. */
  size?: number | undefined;
  /** A field's name, with `,asc` or `,desc` behind it if you like. */
  sort?: string | undefined;
}

/** One page of a list. */
export interface Page<T> {
  content: T[];
  page: { size: number; totalElements: number; totalPages: number; number: number };
}

/** Await it for one page; iterate it for every item of every page. Nothing is sent before one or the other. */
export interface PagePromise<T> extends Promise<Page<T>>, AsyncIterable<T> {
  /** Every page. */
  pages(): AsyncIterable<Page<T>>;
  /** Every item, or the first so many. */
  toArray(options?: { limit?: number | undefined }): Promise<T[]>;
}

/** Which lines of a history; the names `userId` and `text` are *inferred*. */
export interface HistoryFilter extends Paging {
  userId?: string | undefined;
  text?: string | undefined;
}

/** Which organizations. */
export interface OrganizationFilter extends Paging {
  /** The service matches more than the exact name. */
  name?: string | undefined;
  providerId?: number | string | undefined;
}

/** Which contacts. */
export interface ContactFilter extends Paging {
  /** The name of this parameter is *inferred*. */
  email?: string | undefined;
}

/** Which orders. */
export interface OrderFilter extends Paging {
  providerId?: number | string | undefined;
  organizationId?: string | undefined;
  certificateTypes?: CertType[] | undefined;
  statuses?: OrderStatus[] | undefined;
  commonNames?: string[] | undefined;
  /** The name of this parameter is *inferred*. */
  validUntil?: string | Date | undefined;
}

/** An order, or its id. With the order in hand, an action that its status forbids is refused before it is sent. */
export type OrderOrId = string | Order;

/** How the rate limit is kept. All spans are milliseconds. */
export interface RateLimitOptions {
  /** Requests per window; default 100 (guide 4). */
  limit?: number | undefined;
  /** Default 60,000. */
  windowMs?: number | undefined;
  /** Added to the window, for clocks that differ; default 250. */
  slackMs?: number | undefined;
  /** The part of the limit that is this process's, from 0 to 1; default 1. */
  share?: number | undefined;
  /** Less after a 429 that was not our own doing, then slowly back; default true. */
  adaptive?: boolean | undefined;
  /** More waiting calls than this fail with QueueFullError; default 1,000. */
  maxQueue?: number | undefined;
  /** Default `process`: one limit for all clients of the same origin and key. */
  scope?: 'client' | 'process' | RateLimitStore | undefined;
}

/** Where several processes keep one log of sends. `update` must be atomic. */
export interface RateLimitStore {
  update<T>(key: string, change: (log: number[]) => { log: number[]; value: T }): Promise<T>;
}

/** The rate limit at this moment. */
export interface RateLimitState {
  /** Requests per window. */
  limit: number;
  /** Slots taken. */
  used: number;
  /** Slots free. */
  remaining: number;
  /** Requests without a reply yet. */
  inFlight: number;
  /** Calls that wait. */
  queued: number;
  /** Until a slot is free; 0 if one is. */
  nextSlotInMs: number;
  /** Until the pause ends; 0 if there is none. */
  pausedForMs: number;
  /** Replies of 429 so far. */
  throttled: number;
}
