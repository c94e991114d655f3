import type { CertsClient } from '../client/certs-client.js';
import type { endpoints } from '../generated/endpoints.js';
import type { Awaitable } from '../types/open.js';

/** A call that a page can make, by its name in this package. Tokens are the proxy's own affair. */
export type ProxyOperation = (typeof endpoints)[number]['operation'];

/**
 * What a user may do: a plain object. One with a field that is not here, or with one that is undefined or null, lets nobody in,
 * for it may be a limit that was meant to hold: it is answered with 500.
 */
export interface Allow {
  /** The calls, by their names; default those that only read (`reading`). What is not named is refused with 403. */
  operations?: readonly ProxyOperation[];
  /**
   * The ids of the organizations that the user may see and order for; default all. All else does not exist for the user:
   * it is 404 and in no list. What belongs to no organization (`orders.prices`, `groups.list`, `certs.parse`) is allowed
   * where `operations` names it.
   */
  organizations?: readonly string[];
}

/** Who calls, and what they may do. */
export interface Authorized {
  /** A stable name of the user, such as the id in your database: lanes, `onceId`s and the audit go by it. */
  user: string;
  allow?: Allow;
}

/** What one call came to. It holds no secret, no body and no cookie. */
export interface AuditEntry {
  /** When it ended, as an ISO date. */
  at: string;
  /** Nobody, where the call was refused before `authorize` said who it is. */
  user?: string;
  /** What was asked for, such as `orders.create`. */
  operation: ProxyOperation;
  /** What it was done to: the id in the path, or that of what was created. */
  id?: string;
  /** The entry of a history that was asked for. */
  historyId?: string;
  /** The status of the answer. */
  status: number;
  /** Why it was refused, in one word. */
  code?: string;
  /** It is answered with what the first call of this `onceId` came to; nothing was sent. */
  again?: true;
  /** The id that the service gave the request. */
  requestId?: string;
  /** From the request's arrival to its answer, in milliseconds. */
  durationMs: number;
}

/** The options of a proxy. All spans are milliseconds. */
export interface ProxyOptions<Context = unknown> {
  /** The one client of the key: its token, limit, retries, timeouts, and its `store`. */
  client: CertsClient;
  /** The path that pages use as their `certsBaseUrl`, such as `/api/certs`. */
  prefix: string;
  /**
   * The hosts that the portal is opened under, as they stand in the address bar: `portal.example.com`, with the port
   * where there is one; `localhost:*` is any port. A page of another name is refused, whoever's address that name leads to.
   */
  hosts: readonly string[];
  /**
   * Says who calls: from your own session. Nothing: nobody, which is answered with 401. It must not read the body. What it
   * throws is answered with 500, whatever it is, and told to `onError`; and so is a result with an unknown field.
   *
   * @param context What `handle` was given beside the request; of `toNodeHandler` `{ request, response }` of node:http.
   */
  authorize(request: Request, context: Context): Awaitable<Authorized | null | undefined>;
  /** Told of each call, when it has ended. What it throws goes to `onError`. */
  onAudit?(entry: AuditEntry): unknown;
  /**
   * Told of what failed here or at the service, and once each of names that are not in `hosts` and of pages whose calls come
   * under another name: for your log. Default `console.error`. It holds no secret of the client's.
   */
  onError?(error: unknown): unknown;
  /** Believe X-Forwarded-Host: only behind a server of yours that sets it itself. Default false. */
  trustProxy?: boolean | undefined;
  /** The longest body that is read, in bytes; default 131,072. */
  maxBodyBytes?: number | undefined;
  /** How long a body, and `authorize`, may take; default 10,000. */
  bodyTimeout?: number | undefined;
  /** A call that would wait longer for the rate limit is answered with 429 at once; default 20,000. */
  maxWait?: number | undefined;
  /** A call may take this long beside `maxWait`, retries included; default 60,000. */
  timeout?: number | undefined;
  /** How long lists are kept for those who ask the same; default 3,000; 0 keeps none. A write through this proxy drops them. */
  cacheFor?: number | undefined;
  /** How long a write is remembered by its `onceId`; default 86,400,000, a day. */
  rememberFor?: number | undefined;
  /** Cloudflare: this runs in a Durable Object, where calls may wait for each other. Default false. */
  durableObject?: boolean | undefined;
}
