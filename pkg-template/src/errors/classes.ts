import type { Difference, ErrorCode, Finding, Problem, TimeoutPhase, WaitReason } from '../generated/core.js';
import type { Order } from '../generated/service.js';
import { headersOf } from './headers.js';

/** What an error is made of. */
export interface ErrorFields {
  readonly code: ErrorCode;
  readonly message: string;
  readonly cause?: unknown;
  readonly mayHaveBeenApplied?: boolean;
}

type HeaderList = Iterable<readonly [string, string]>;

interface ApiErrorFields extends ErrorFields {
  readonly status: number;
  readonly method: string;
  readonly url: string;
  readonly requestId?: string;
  readonly retryAfterMs?: number;
  readonly headers: HeaderList;
  readonly body?: unknown;
  readonly problems: Problem[];
  readonly attempts: number;
}

/** As long as a message may be, and a problem in a log; and how many problems a log shows. */
const longest = 2000;
const mostProblems = 20;

/**
 * A message on one line, whatever the service has said: its control characters would forge lines of a log, or move a terminal.
 * What is too long loses its middle, for it ends with what to do. No secret is in it any more that a cut could halve.
 */
function line(message: string): string {
  const cut = message.length > longest ? `${message.slice(0, longest - 300)}… ${message.slice(-300)}` : message;
  return cut.replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, ' ');
}

/** Every error of this package. `code` is stable, for programs; the message is for people. */
export class CertsError extends Error {
  /** A stable name of what went wrong, such as `not_found`. */
  readonly code: ErrorCode;
  /** The service may have done it all the same: look before you repeat. */
  readonly mayHaveBeenApplied: boolean;

  constructor({ code, message, cause, mayHaveBeenApplied = false }: ErrorFields) {
    super(line(message), cause === undefined ? undefined : { cause });
    this.code = code;
    this.mayHaveBeenApplied = mayHaveBeenApplied;
  }

  /** What may be logged: no secret, no header, no body. */
  toJSON(): object {
    const { name, code, message, mayHaveBeenApplied } = this;
    return { name, code, message, ...(mayHaveBeenApplied && { mayHaveBeenApplied }) };
  }

  /** Node shows an error as its stack and its JSON form, so that nothing else leaks into a log. */
  [Symbol.for('nodejs.util.inspect.custom')](
    _depth: number,
    options: object,
    inspect: (value: unknown, options: object) => string,
  ): string {
    const { name: _name, message: _message, ...rest } = this.toJSON() as Record<string, unknown>;
    const details = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined));
    return `${this.stack} ${inspect(details, options)}`;
  }
}

/** The service answered with an error status. */
export class ApiError extends CertsError {
  /** The HTTP status. */
  readonly status: number;
  /** The method of the request. */
  readonly method: string;
  /** The address of the request. */
  readonly url: string;
  /** The id that the service gave the request, if it gave one: quote it to the vendor's support. */
  declare readonly requestId?: string;
  /** How long the service asked to wait, in milliseconds, if it did. */
  declare readonly retryAfterMs?: number;
  /** The headers of the reply. */
  readonly headers: Headers;
  /** The body of the reply: parsed if it is JSON, else its first 2 KB as text. */
  readonly body: unknown;
  /** What the service found wrong, one entry each. */
  readonly problems: Problem[];
  /** How many times the request was sent. */
  readonly attempts: number;

  constructor(fields: ErrorFields) {
    super(fields);
    const { status, method, url, requestId, retryAfterMs, headers, body, problems, attempts } =
      fields as ApiErrorFields;
    this.status = status;
    this.method = method;
    this.url = url;
    if (requestId !== undefined) this.requestId = requestId;
    if (retryAfterMs !== undefined) this.retryAfterMs = retryAfterMs;
    this.headers = headersOf(headers);
    this.body = body;
    this.problems = problems;
    this.attempts = attempts;
  }

  override toJSON(): object {
    const { status, method, url, requestId, retryAfterMs, attempts, mayHaveBeenApplied } = this;
    const problems = this.problems.slice(0, mostProblems).filter((one) => JSON.stringify(one).length < longest);
    return { ...super.toJSON(), status, method, url, requestId, retryAfterMs, problems, attempts, mayHaveBeenApplied };
  }
}

/** 400: the service refused the request's content; `problems` says which fields. */
export class BadRequestError extends ApiError {}

/** 401: the API key, the user or the token was not accepted. */
export class AuthenticationError extends ApiError {}

/** 401 with `auth: 'proxy'`: the session with the page's own server has ended. Let the user log in, and call again. */
export class SessionEndedError extends AuthenticationError {}

/** 403: the user may not do this. */
export class PermissionDeniedError extends ApiError {}

/** 404: there is no such thing, or the user may not see it. */
export class NotFoundError extends ApiError {}

/** 409: the request does not fit the present state. */
export class ConflictError extends ApiError {}

/** 429: too many requests, and waiting was not possible or not allowed. */
export class RateLimitError extends ApiError {}

/** 5xx: the service failed. */
export class ServerError extends ApiError {}

/** No reply: the network, a proxy or a name failed. */
export class ConnectionError extends CertsError {
  override toJSON(): object {
    return { ...super.toJSON(), mayHaveBeenApplied: this.mayHaveBeenApplied };
  }
}

/** `timeout` or `totalTimeout` passed. */
export class TimeoutError extends ConnectionError {
  /** What the call was doing when its time was up. */
  readonly phase: TimeoutPhase;

  constructor(fields: ErrorFields) {
    super(fields);
    this.phase = (fields as ErrorFields & { phase: TimeoutPhase }).phase;
  }

  override toJSON(): object {
    return { ...super.toJSON(), phase: this.phase };
  }
}

/** The service answered with success, and the body is not what it has to be. */
export class DecodeError extends CertsError {
  /** The HTTP status. */
  readonly status: number;
  /** The first 2 KB of the body. */
  readonly bodyText: string;
  /** Where in the body, such as `$.content[3].id`; of a list, in the page that `list` makes of whatever form it came in. */
  declare readonly path?: string;

  constructor(fields: ErrorFields) {
    super(fields);
    const { status, bodyText, path } = fields as ErrorFields & { status: number; bodyText: string; path?: string };
    this.status = status;
    this.bodyText = bodyText;
    if (path !== undefined) this.path = path;
  }

  override toJSON(): object {
    return { ...super.toJSON(), status: this.status, path: this.path };
  }
}

/**
 * What was sent before may have been done, and nobody can tell: with the same `onceId`, or as the same order. `code` says
 * which. Look for it yourself; `assumeNotPlaced` sends it all the same.
 */
export class OutcomeUnknownError extends CertsError {}

/** The order to create is there already, and is not what is wanted now: nothing was sent. */
export class OrderDiffersError extends CertsError {
  /** The order as it is. */
  readonly order: Order;
  /** In what it differs from the one that was to be created. */
  readonly differences: Difference[];

  constructor(fields: ErrorFields) {
    super(fields);
    const { order, differences } = fields as ErrorFields & { order: Order; differences: Difference[] };
    this.order = order;
    this.differences = differences;
  }

  override toJSON(): object {
    return { ...super.toJSON(), orderId: this.order?.id, differences: this.differences };
  }
}

/** More calls are waiting for the rate limit than `maxQueue` allows. */
export class QueueFullError extends CertsError {}

/** Refused before it was sent; nothing left this process. */
export class ValidationError extends CertsError {
  /** Everything that is wrong, at once. */
  readonly findings: Finding[];

  constructor(fields: ErrorFields & { findings: Finding[] }) {
    super(fields);
    this.findings = fields.findings;
  }

  override toJSON(): object {
    return { ...super.toJSON(), findings: this.findings };
  }
}

/** What was waited for did not come. */
export class WaitError extends CertsError {
  /**
   * `failed`: it cannot come any more. `timeout`: `maxWait` passed. `needsAction`: a person has to do something first.
   * `lookFailed`: it cannot be looked at, which does not get better by itself; `cause` says why.
   */
  readonly reason: WaitReason;
  /** The order as it was last seen. Logs show its id and its status only. */
  declare readonly last?: Order;
  /** Why the last look failed, if it did. */
  declare readonly cause?: unknown;

  constructor(fields: ErrorFields) {
    super(fields);
    const { reason, last } = fields as ErrorFields & { reason: WaitReason; last?: Order };
    this.reason = reason;
    // Loggers copy what can be enumerated, and an order with its certificates is some 11 KB.
    if (last !== undefined) Object.defineProperty(this, 'last', { value: last, configurable: true });
  }

  override toJSON(): object {
    const { reason, last, cause } = this;
    return { ...super.toJSON(), reason, last: last && { id: last.id, status: last.status }, cause };
  }
}

/** The input is not a CSR, certificate or bundle. */
export class ParseError extends CertsError {
  /** Where in the DER, in bytes. */
  declare readonly offset?: number;

  constructor(fields: ErrorFields) {
    super(fields);
    const { offset } = fields as ErrorFields & { offset?: number };
    if (offset !== undefined) this.offset = offset;
  }

  override toJSON(): object {
    return { ...super.toJSON(), offset: this.offset };
  }
}

/** A bug in this package: please report it. The next call runs on a fresh core. */
export class InternalError extends CertsError {}

// By name, as minifiers change that of a class.
const classes = {
  CertsError,
  ApiError,
  BadRequestError,
  AuthenticationError,
  SessionEndedError,
  PermissionDeniedError,
  NotFoundError,
  ConflictError,
  RateLimitError,
  ServerError,
  ConnectionError,
  TimeoutError,
  DecodeError,
  OutcomeUnknownError,
  OrderDiffersError,
  QueueFullError,
  ValidationError,
  WaitError,
  ParseError,
  InternalError,
};

for (const [name, errorClass] of Object.entries(classes)) brand(errorClass, name);

/**
 * Marks a class so that `instanceof` also knows the instances that another copy of this package made: the ESM and
 * the CJS copy in one process, or two bundles on one page.
 */
function brand(errorClass: { prototype: Error }, name: string): void {
  const mark = Symbol.for(`markmonitor-certs/${name}`);
  Object.defineProperty(errorClass.prototype, 'name', { value: name, configurable: true, writable: true });
  Object.defineProperty(errorClass.prototype, mark, { value: true });
  Object.defineProperty(errorClass, Symbol.hasInstance, {
    value(this: { prototype: object }, candidate: unknown): boolean {
      // A class that somebody derives from ours has no mark of its own.
      if (!Object.hasOwn(this.prototype, mark)) return Function.prototype[Symbol.hasInstance].call(this, candidate);
      return typeof candidate === 'object' && candidate !== null && mark in candidate;
    },
  });
}
