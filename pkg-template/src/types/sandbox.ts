import type { SandboxReadings } from '../generated/sandbox.js';

export type { SandboxReadings } from '../generated/sandbox.js';

/** How a sandbox begins. */
export interface SandboxOptions {
  /** The same seed yields the same ids, in the same order. */
  seed?: number | undefined;
  /**
   * The sandbox's time at its start; default seven days ago, so that what is issued in the sandbox's first seven days is
   * valid by your own clock.
   */
  now?: Date | undefined;
  /** How facts are taken that nobody knows of the service: `{ dates: 'epoch-ms' }`. `readings` lists them all. */
  readings?: SandboxReadings | undefined;
  /** Default: 100 requests in 60,000 ms, counted as the reading `limitWindow` says. `false`: no limit. */
  rateLimit?: SandboxRateLimit | boolean | undefined;
  /**
   * Time jumps to the next change whenever somebody has looked at orders or organizations, so that a caller who waits for
   * one sees every status in turn without waiting for hours. Default false.
   */
  autoAdvance?: boolean | undefined;
  /** How long each reply takes, in real milliseconds; default 0. */
  latencyMs?: number | undefined;
  /** Who may log in; default one user, see `credentials`. */
  users?: { username: string; password: string; apiKey: string }[] | undefined;
  /** Begin with some organizations and orders, for demonstrations. Default false. */
  demo?: boolean | undefined;
}

/** The limit that the sandbox keeps, and answers 429 past. */
export interface SandboxRateLimit {
  /** Requests per window. */
  limit: number;
  /** The window, in milliseconds. */
  windowMs: number;
  /** How requests are counted; that of the real service is unknown. Left out, as the reading `limitWindow` says. */
  window?: 'fixed' | 'sliding' | 'counter' | 'bucket' | undefined;
  /** Answer 429 with a Retry-After header of seconds; by default the reading `retryAfter` says what it has. */
  retryAfter?: boolean | undefined;
}

/** Which requests go wrong, and how. */
export interface FaultRule {
  /** The method; left out, every one. */
  method?: string | undefined;
  /** A part of the path; left out, every one. */
  path?: string | undefined;
  /** How many requests; left out, all from now on. */
  times?: number | undefined;
  /** The probability for each request, drawn from the seed; left out, certain. */
  probability?: number | undefined;
  /** Answered in the service's place: the request has no effect then. */
  status?: number | undefined;
  /** Headers of the answer. */
  headers?: Record<string, string> | undefined;
  /** The body of the answer, as it is. */
  body?: string | undefined;
  /** How long the answer is held back, in real milliseconds. */
  delayMs?: number | undefined;
  /** The connection is cut `before` the request has its effect, or `after`. */
  drop?: 'before' | 'after' | undefined;
}

/** What the sandbox accepts. */
export interface SandboxCredentials {
  /** In the header `x-api-key`. */
  apiKey: string;
  /** Of the user who logs in. */
  username: string;
  /** Of the same user. */
  password: string;
}
