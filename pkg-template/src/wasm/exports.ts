// What the wasm modules export, as this package uses it. The build's own declarations are held against it (tests/types).

import type * as core from '../generated/core.js';
import type { NewOrder, Order, OrderAction } from '../generated/service.js';
import type { PreparedRequest, RateLimitState, RequestOptions } from '../types/client.js';
import type { Bytes } from '../types/open.js';
import type { CreatedCsr, Encoded, FoundInFiles } from '../types/pki.js';
import type { Key } from '../types/platform.js';
import type { FaultRule, SandboxCredentials, SandboxOptions } from '../types/sandbox.js';
import type { Done, Glue } from './instance.js';

/** A call of the service. */
export interface CoreCall {
  operation: core.Operation | 'request';
  /** The parts of the path that vary, by their names there. */
  path?: Record<string, string>;
  /** The query, by the names that the caller knows. */
  query?: object;
  /** Sent as JSON. */
  body?: unknown;
  /** The order that the caller has in hand, for an action: its status is looked at before anything is sent. */
  known?: object;
  /** For the operation `request`. */
  request?: RequestOptions;
}

/** A value, and how it was answered: JSON of a `ResponseInfo`, which few ask for. */
export type Reply<T> = readonly [value: T, info: string];

/** Something that yields one thing after the other, and undefined in the end. */
export interface Cursor<T> {
  next(done: Done<T | undefined>): void;
  free(): void;
}

/** One order that was waited for, or that has changed. */
export interface SettledOrder {
  id: string;
  order?: Order;
  error?: unknown;
}

/** A client of the core: it makes the calls, and all decisions about them. What cannot be called is thrown. */
export interface CoreClient {
  withOptions(options: object, fetch: Host['fetch']): CoreClient;
  call(call: CoreCall, options: object | undefined, done: Done<Reply<unknown>>): void;
  prepare(call: CoreCall): PreparedRequest;
  pages(call: CoreCall, options: object): Cursor<Reply<unknown>>;
  createOnce(order: object, options: object, done: Done<{ order: Order; placed: boolean }>): void;
  renewal(order: object, changes: object, options: object, done: Done<NewOrder>): void;
  expiring(what: 'orders' | 'organizations', options: object, done: Done<object[]>): void;
  waitForOrder(order: string | object, goal: unknown, options: object, done: Done<Order>): void;
  waitForOrders(orders: unknown, goal: unknown, options: object): Cursor<SettledOrder>;
  watchOrder(id: string, options: object): Cursor<SettledOrder>;
  waitForOrganization(id: string, options: object, done: Done<unknown>): void;
  authenticate(options: object, done: Done<core.TokenInfo>): void;
  refresh(options: object, done: Done<core.TokenInfo>): void;
  token(options: object, done: Done<string>): void;
  tokenInfo(): core.TokenInfo | undefined;
  clearToken(): void;
  rateLimit(): RateLimitState;
  estimate(n: number, options: object): number;
  pause(ms: number | undefined): void;
  resume(): void;
  close(): void;
  free(): void;
}

/**
 * Reports to the core what came of something: 0 done, 1 failed, 2 too large. Under the number `heard` the detail is which
 * events somebody listens to.
 */
export type Wake = (id: number, outcome: number, detail: number, value: unknown) => void;

/** What the core is given of the world. Nothing of it throws. */
export interface Host {
  /** The caller's `fetch`; the global one is used where there is none. */
  readonly fetch: typeof globalThis.fetch | undefined;
  /** Makes what a call returns: cheaper than to make it there. */
  reply<T>(value: T, info: string): Reply<T>;
  /** Takes the function that reports to the core what came of what it starts below. */
  start(wake: Wake): void;
  /**
   * Sends a request, its headers line by line: a name, then its value. `done` is that of the call for which it is sent, if it is
   * for one. What is reported, of `head`: done, the detail is the status, the value the headers, a line for each name in lower
   * case and a line for its value. Then of `body`: done, the detail is the kind (`host/kind.ts`), the value what was read; or too
   * large, as soon as more than `limit` bytes have come. Of either: failed, the value is why.
   */
  send(
    fetch: Host['fetch'],
    head: number,
    body: number,
    method: string,
    url: string,
    headers: string,
    payload: string | undefined,
    isFile: boolean,
    limit: number,
    done: Done<unknown> | undefined,
  ): void;
  /** Done after so many milliseconds. */
  sleep(id: number, ms: number): void;
  /** Done when the signal is aborted. */
  listen(id: number, signal: AbortSignal): void;
  /** Cancels what was started under this number; nothing is reported of it. */
  cancel(id: number): void;
  /** The monotonic clock, in milliseconds. */
  now(): number;
  /** Milliseconds since 1970. */
  wallClock(): number;
  emit(event: string, payload: unknown, done?: Done<unknown>): void;
  /** What a client keeps when its core breaks; `close` empties it. */
  readonly memory: { token?: unknown; log?: unknown };
  /** The logs of the limiters that all clients in this process share. */
  readonly limits: Map<string, unknown>;
  /** What makes the names of those logs secret: the same in the whole process. */
  salt(): string;
  /** Sets several services at one address apart: sandboxes. */
  readonly service: string | undefined;
  /** Names the store in which the limit is kept: the same for all clients that are given it. */
  readonly store: string | undefined;
}

/** What is known of a reply before its body is read. */
export interface ResponseHead {
  status: number;
  headers: [string, string][];
}

/** What WebCrypto calls an algorithm; some have more members. */
interface Algorithm {
  name: string;
}

/** What WebCrypto is asked of a signature: the key's format, the key, what to take it in for, how to verify, and what. */
export type Question = readonly [
  format: 'raw' | 'spki',
  key: Bytes,
  algorithm: Algorithm,
  verify: Algorithm,
  signature: Bytes,
  message: Bytes,
];

/** Things that are judged, but for their signatures. */
export interface Judgement<T> {
  /** A `Question`; empty at the end. It takes the answer to the one before. */
  next(holds: boolean | undefined): readonly unknown[];
  /** What came of the things; asked for once, at the end. */
  values(): T[];
}

/** How WebCrypto comes by a pair of keys. */
export type KeyStep =
  /** The caller has it. */
  | { privateKey: Key; publicKey: Key }
  /** The caller has the private one. */
  | { privateKey: Key }
  /** It is taken in. Where it is not, `during` is for `keyFailure`. */
  | { pkcs8: Bytes; algorithm: Algorithm; during: string }
  /** It is decrypted before that. */
  | { encrypted: Bytes; encryption: Encryption; password: string }
  /** It is made. */
  | { made: Algorithm };

/** How octets are encrypted with a password: AES-CBC, with a key of PBKDF2. */
export interface Encryption {
  hash: string;
  salt: Bytes;
  iterations: number;
  bits: number;
  iv: Bytes;
}

/** A request in the making, or a PKCS #12 file and the request that shows that the halves of its key belong together. */
export interface Draft {
  key(given: unknown): KeyStep;
  decrypted(der: Bytes): KeyStep;
  /** How a private key signs the request. */
  signing(privateKey: Key): Algorithm;
  /** What is signed. */
  message(privateKey: Key, spki: Bytes): Bytes;
  signed(signature: Bytes): Judgement<Pick<CreatedCsr, 'csr' | 'der' | 'findings'>>;
  encryption(salt: Bytes, iv: Bytes): Encryption;
  /** What is encrypted beside the key. */
  certificates(spki: Bytes): Bytes;
  /** What is authenticated. */
  safe(key: Bytes, ofKey: Encryption, certificates: Bytes, ofCertificates: Encryption): Bytes;
  free(): void;
}

/** What `pki.wasm` exports: it reads, judges and makes. */
export interface Reader extends Glue {
  /** Takes the table of domain suffixes, once in each instance: what judges names needs it. */
  provideSuffixes(table: string): void;
  hasSuffixes(): boolean;
  parseCsr(input: Encoded): core.Csr;
  parseCertificate(input: Encoded): core.Certificate;
  asn1Tree(input: Encoded): core.Asn1Node[];
  sameKey(a: Encoded, b: Encoded): boolean;
  inspectCsr(input: Encoded, context: object | undefined): Judgement<core.CsrInspection>;
  parseBundle(input: Encoded, context: object | undefined): Judgement<core.Bundle>;
  inspectAll(inputs: readonly Encoded[]): Judgement<FoundInFiles<core.Bundle>>;
  draftCsr(request: object): Draft;
  draftPkcs12(contents: object): Draft;
  keyPem(pkcs8: Bytes, encryption: Encryption | undefined): string;
  /** Why there is no key, from what WebCrypto threw: to be thrown. */
  keyFailure(error: unknown, during: string): unknown;
  macKey(password: string, salt: Bytes): Bytes;
  pfx(safe: Bytes, mac: Bytes, salt: Bytes): Bytes;
  checkOrder(order: object, context: object | undefined): Judgement<core.CheckedOrder>;
  checkReissue(changes: object, order: object | undefined): Judgement<core.CheckedOrder>;
}

/** What `core.wasm` exports: the client. */
export interface Core extends Glue {
  Client: new (options: object, host: Host) => CoreClient;
  allowedActions(order: object): OrderAction[];
  renewalOf(order: object, changes: object): NewOrder;
  dcvInstructions(domain: unknown, method: unknown, token: unknown): core.DcvInstructions;
}

/** A plan in the making, or a run; what goes in and out is JSON. */
export interface RenewalMachine {
  page(now: number, page: Uint8Array, due: string): boolean;
  next(now: number, answer: string): string;
  free(): void;
}

/** What `renewals.wasm` exports: a state machine, with the time as a parameter. */
export interface RenewalsWasm extends Glue {
  renewalFields(): string;
  Renewals: {
    plan(settings: string, entries: string): RenewalMachine;
    run(settings: string): RenewalMachine;
  };
}

/** The service in memory: pure, with the time as a parameter. */
export interface SandboxService {
  handle(
    method: string,
    url: string,
    headers: [string, string][],
    body: Uint8Array | undefined,
    nowMs: number,
  ): SandboxReply;
  fault(rule: FaultRule): void;
  clearFaults(): void;
  credentials(): SandboxCredentials;
  /** When something next happens by itself, in milliseconds since 1970. */
  nextChange(nowMs: number): number | undefined;
}

/** What the service answers, and how late. */
export interface SandboxReply {
  status: number;
  headers: [string, string][];
  body: Uint8Array<ArrayBuffer>;
  delayMs: number;
  drop?: 'before' | 'after';
}

/** What `sandbox.wasm` exports. */
export interface SandboxWasm extends Glue {
  Sandbox: new (options: Omit<SandboxOptions, 'now' | 'autoAdvance'> & { now: number }) => SandboxService;
}
