import type * as core from '../generated/core.js';
import type { DcvInstructions } from './client.js';
import type { Awaitable } from './open.js';
import type { Bundle } from './pki.js';
import type { DcvMethod, NewOrder, Order } from './service.js';
import type { Lease } from './store.js';

// What is plain data is declared in Rust (src/renewals), once.
export type {
  RenewalAction,
  RenewalBlock,
  RenewalCapacity,
  RenewalEvent,
  RenewalItem,
  RenewalOutcome,
  RenewalPlan,
  RenewalProblem,
  RenewalProblemCode,
  RenewalRule,
  RenewalState,
  RenewalStatus,
  RenewalSummary,
  RenewalUrgency,
} from '../generated/core.js';

/** What is renewed, and when. */
export interface RenewalPolicy {
  /**
   * When a certificate is due. `'third'`, the default: when a third of its life is left. A number: so many days before its
   * end. A function: it returns either such a number or the date, of an order as a list shows it. Neither makes one due before
   * half of its life is over, or half of what a new one lives by then, unless `only` names its order by its id.
   */
  at?: 'third' | number | ((order: Order) => number | Date | string) | undefined;
  /** Revoked certificates were revoked on purpose: `'list'`, the default, or `'replace'`. */
  revoked?: 'list' | 'replace' | undefined;
  /**
   * True where several servers have certificates of the same names side by side: then one replaces another only if its
   * comments say so, as those of this package do. Default false: any later one that covers the names does.
   */
  parallel?: boolean | undefined;
  /**
   * What has ended without a successor is listed as `ended` for so many days after its end, and makes a run's outcome
   * `endNear`. Default 90; 0 for none, which also saves the calls of looking at what has ended.
   */
  ended?: number | undefined;
}

/** The policy by which a plan was made. */
export interface RenewalPlanPolicy {
  /** When a certificate is due: with a third of its life left, when a function said so, or so many days before its end. */
  at: 'third' | 'function' | number;
  /** Whether revoked certificates are listed alone, or replaced. */
  revoked: 'list' | 'replace';
  /** Whether certificates of the same names stand side by side, each with a successor of its own. */
  parallel: boolean;
  /** For how many days after its end what has no successor is listed. */
  ended?: number;
}

/** How a plan is made. */
export interface RenewalPlanOptions {
  /** What is due, and when. */
  policy?: RenewalPolicy | undefined;
  /** Only these orders, by their ids or names: a run of the plan leaves all others alone. Default all. */
  only?: readonly string[] | undefined;
  /** That of `run`: with it the plan knows what is under way, and what nobody knows. It is read, and not locked. */
  journal?: string | RenewalJournal | undefined;
  /** Ends the planning. */
  signal?: AbortSignal | undefined;
}

/** How a plan is carried out. All spans are milliseconds. */
export interface RenewalRunOptions {
  /** Where each step is written before it is taken and after it: in Node the path of a file. */
  journal: string | RenewalJournal;
  /**
   * Where new keys are kept before anything is ordered: in Node the path of a folder, whose files only their owner can read and
   * which are never overwritten; a store of your own; or a function that makes the request with a key of its own (the old
   * key, an HSM, a KMS). Default in Node: the folder `keys` beside the file of the journal.
   */
  key?: string | RenewalKeys | RenewalSigner | undefined;
  /** Publishes what shows control of domains, for four orders at a time. Without it they are validated already, or by email. */
  dcv?: ((request: RenewalDcv) => Awaitable<void>) | RenewalCommand | undefined;
  /** Puts a certificate where it is used; called again for the same one when it failed. Without it, a checked certificate counts as delivered. */
  deliver?: ((certificate: RenewedCertificate) => Awaitable<void>) | RenewalDelivery | undefined;
  /** Called once for all that was delivered: one reload of the web server. Called again by the next run when it failed. */
  renewed?: ((renewals: core.RenewalStatus[]) => Awaitable<void>) | RenewalCommand | undefined;
  /** Called once for all that failed, or was not ordered. */
  failed?: ((renewals: core.RenewalStatus[]) => Awaitable<void>) | RenewalCommand | undefined;
  /**
   * Revoke the old certificate when the new one is delivered and `renewed`, where there is one, has succeeded, which cannot be
   * undone. Default false.
   */
  revokeOld?: boolean | undefined;
  /** What all orders of the run may cost; what a run that was killed had spent counts. */
  maxCost?: number | undefined;
  /** How many orders the run may place, likewise. */
  maxOrders?: number | undefined;
  /** What is `unknown`, by its `onceId`, and a person knows that it was not placed. */
  assumeNotPlaced?: readonly string[] | undefined;
  /** Begin at a random moment within this. Default 0. */
  window?: number | undefined;
  /** How long certificates are waited for; the next run continues what is left. Default 4 hours. */
  maxWait?: number | undefined;
  /** The first pause between two looks, default 15,000. */
  minDelay?: number | undefined;
  /** The longest, default 300,000. */
  maxDelay?: number | undefined;
  /** Ends the run in good order: the next one continues it. */
  signal?: AbortSignal | undefined;
}

/**
 * A program, for Node. It runs without a shell, in a process group of its own, and learns from its environment what it is about:
 * `MMC_EVENT`, and
 *
 * - for `dcv`: `MMC_ORDER_ID`, `MMC_NEW_ORDER_ID`, `MMC_COMMON_NAME`, `MMC_DNS_NAMES`, `MMC_DCV_METHOD`, `MMC_DCV_TOKEN` and
 *   `MMC_DCV_RECORDS` (JSON);
 * - for `deliver`: `MMC_ORDER_ID`, `MMC_NEW_ORDER_ID`, `MMC_COMMON_NAME`, `MMC_DNS_NAMES`, `MMC_NOT_AFTER`, `MMC_KEY` (a path) and,
 *   where files were written, their paths `MMC_CERTIFICATE`, `MMC_CHAIN` and `MMC_FULLCHAIN`;
 * - for `renewed` and `failed`: `MMC_COMMON_NAMES` and `MMC_RENEWALS` (JSON).
 *
 * Lists of names are separated by spaces. All of it is on standard input as well, as one JSON object; what is longer than 32,768
 * characters is there alone. It gets no variable `MARKMONITOR_…`. What it leaves running, such as a daemon, keeps
 * running, and its output is no longer read.
 */
export interface RenewalCommand {
  /** The program, and its arguments. */
  command: readonly string[];
  /** It is ended after so many milliseconds, with all that it started. Default 120,000. */
  timeout?: number | undefined;
  /** Further variables. */
  env?: Readonly<Record<string, string>> | undefined;
}

/** Puts certificates into a folder, in Node: `cert.pem`, `chain.pem`, `fullchain.pem` and a link `privkey.pem`. */
export interface RenewalDelivery extends Partial<RenewalCommand> {
  /**
   * Each certificate has a folder of its common name in it, and in that one of its order; the link `live` leads to the one
   * that was delivered last, and changes at once.
   */
  directory?: string | undefined;
}

/** Keeps private keys. */
export interface RenewalKeys {
  /** Keeps a key, and returns how it is called: when it has answered, the key is safe. It never replaces one. */
  save(name: string, privateKeyPem: string): Awaitable<string>;
}

/** Makes the request for a new certificate with a key of its own; `key` is how that is called. */
export type RenewalSigner = (request: {
  orderId: string;
  commonName: string;
  dnsNames: string[];
  /** The order that is renewed, as its list shows it. */
  order: Order | undefined;
}) => Awaitable<{ csr: string; key?: string | undefined }>;

/** What shows control of the domains of a new order. */
export interface RenewalDcv {
  /** The order that is renewed. */
  orderId: string;
  /** The new one. */
  order: Order;
  /** How control is shown, as the order says. */
  method: DcvMethod;
  /** The token, where the order shows one. */
  token?: string | undefined;
  /** What to put where, for each name; with a record or a file where the token is known. */
  domains: DcvInstructions[];
}

/** A new certificate, checked. */
export interface RenewedCertificate {
  /** The order that is renewed. */
  orderId: string;
  /** The new one. */
  order: Order;
  /** The common name of the certificate. */
  commonName: string;
  /** All names that it covers. */
  dnsNames: string[];
  /** The certificate and its chain, as `parseBundle` reads them. */
  bundle: Bundle;
  /** PEM: the certificate alone. */
  certificate: string;
  /** PEM: those between it and the root. */
  chain: string;
  /** PEM: both. */
  fullchain: string;
  /** How its key is called, in Node its path; never the key. */
  key?: string | undefined;
}

/** The order that would be placed, without its CSR. */
export interface RenewalRequest extends Omit<NewOrder, 'cert'> {
  cert: Omit<NewOrder['cert'], 'csr'>;
}

/** Where each step of renewals is written. */
export interface RenewalJournal {
  /** All entries, the oldest first. */
  read(): Awaitable<readonly string[]>;
  /**
   * Adds an entry, a line of JSON, as number `at`, counted from 0. When it has answered, the entry survives the machine. False
   * where there is one of that number: somebody else writes, and the run stops.
   */
  append(at: number, entry: string): Awaitable<boolean>;
  /** Puts these entries in the place of all others, at once and durably; false where it cannot. Without it a journal only grows. */
  replace?(entries: readonly string[]): Awaitable<boolean>;
  /** Takes the lock; undefined while somebody else has it. It ends by itself after `leaseMs`. */
  lock(leaseMs: number): Awaitable<RenewalLease | undefined>;
}

/** The lock of a journal. */
export interface RenewalLease extends Lease {
  /** Keeps it for so much longer; false where somebody else has it by now. */
  renew(leaseMs: number): Awaitable<boolean>;
}
