// What the wasm modules export, as this package uses it. The build's own declarations are held against it (tests/types).

import type * as core from '../generated/core.js';
import type { NewOrder, Order, OrderAction } from '../generated/service.js';
import type { PreparedRequest, RateLimitState, RequestOptions } from '../types/client.js';
import type { CreatedCsr, CsrRequest } from '../types/pki.js';
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

/** A value, and how it was answered. */
export interface Reply<T> {
  value: T;
  info: core.ResponseInfo;
}

/** Something that yields one thing after the other, and undefined in the end. */
export interface Cursor<T> {
  next(done: Done<T | undefined>): void;
  free(): void;
}

/** One order that was waited for. */
export interface SettledOrder {
  id: string;
  order?: Order;
  error?: unknown;
}

/** A client of the core: it makes the calls, and all decisions about them. What cannot be called is thrown. */
export interface CoreClient {
  withOptions(options: object, fetch: Host['fetch'] | undefined): CoreClient;
  call(call: CoreCall, options: object, done: Done<Reply<unknown>>): void;
  prepare(call: CoreCall): PreparedRequest;
  pages(call: CoreCall, options: object): Cursor<Reply<unknown>>;
  createOnce(order: object, options: object, done: Done<{ order: Order; placed: boolean }>): void;
  renewal(order: object, changes: object, options: object, done: Done<NewOrder>): void;
  expiring(options: object, done: Done<Order[]>): void;
  waitForOrder(order: string | object, goal: unknown, options: object, done: Done<Order>): void;
  waitForOrders(ids: unknown, goal: unknown, options: object): Cursor<SettledOrder>;
  watchOrder(id: string, options: object): Cursor<Order>;
  waitForOrganization(id: string, options: object, done: Done<unknown>): void;
  authenticate(options: object, done: Done<core.TokenInfo>): void;
  refresh(options: object, done: Done<core.TokenInfo>): void;
  token(options: object, done: Done<string>): void;
  tokenInfo(): core.TokenInfo | undefined;
  clearToken(): void;
  rateLimit(): RateLimitState;
  pause(ms: number | undefined): void;
  resume(): void;
  close(): void;
}

/** What the core is given of the world. */
export interface Host {
  /** Sends a request with the caller's `fetch`, or the global one. Never throws. */
  fetch(url: string, init: object): unknown;
  /** The status and the headers of a reply, names in lower case. Throws for what is not a reply. */
  head(response: unknown): ResponseHead;
  /**
   * Reads the body of a reply, once.
   *
   * `json`: `{ json }`, or `{ text }` when it is not JSON. `bytes`: a Uint8Array. `nothing`, or an empty body of JSON:
   * undefined. Rejects with `{ tooLarge: true }` as soon as more than `limit` bytes have come.
   */
  body(response: unknown, form: BodyForm, limit: number): Promise<unknown>;
  /** Whether anybody listens to this event. */
  hears(event: string): boolean;
  emit(event: string, payload: unknown): void;
  /** What a client keeps when its core breaks; `close` empties it. */
  readonly memory: { token?: unknown; log?: unknown };
  /** The logs of the limiters that all clients in this process share. */
  readonly limits: Map<string, unknown>;
  /** Sets several services at one address apart: sandboxes. */
  readonly service?: string;
}

/** What is known of a reply before its body is read. */
export interface ResponseHead {
  status: number;
  headers: [string, string][];
}

/** What a body is read as. */
export type BodyForm = 'json' | 'bytes' | 'nothing';

/** A request, a certificate or a bundle, in a form that the wasm knows. */
export type Input = string | Uint8Array;

/** What `pki.wasm` exports: it reads, judges and makes. */
export interface Reader extends Glue {
  parseCsr(input: Input): core.Csr;
  parseCertificate(input: Input): core.Certificate;
  sameKey(a: Input, b: Input): boolean;
  inspectCsr(input: Input, context: object | undefined, done: Done<core.CsrInspection>): void;
  parseBundle(input: Input, context: object | undefined, done: Done<core.Bundle>): void;
  createCsr(request: CsrRequest, done: Done<CreatedCsr>): void;
  checkOrder(order: object, context: object | undefined): core.Finding[];
  checkReissue(changes: object, order: object | undefined): core.Finding[];
}

/** What `core.wasm` exports: the client. */
export interface Core extends Glue {
  Client: new (options: object, host: Host) => CoreClient;
  allowedActions(order: object): OrderAction[];
  renewalOf(order: object, changes: object): NewOrder;
  dcvInstructions(domain: unknown, method: unknown, token: unknown): core.DcvInstructions;
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
