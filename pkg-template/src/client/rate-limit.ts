import type { Connection } from '../connection/connection.js';
import { checkListener, checkObject, refuse } from '../errors/refuse.js';
import type { ProxiedPage } from '../host/proxied.js';
import type { CallOptions, RateLimitState } from '../types/client.js';
import type { Emitter } from './emitter.js';

/** The longest pause with an end, in milliseconds: the core counts nanoseconds, in 64 bits. */
const longest = 1e13;

/** The rate limit that a client keeps (guide 4). Calls wait for it by themselves. */
export class RateLimit {
  readonly #connection: Connection;
  readonly #events: Emitter<{ change: undefined }>;
  readonly #page: ProxiedPage | undefined;

  /** @internal */
  constructor(connection: Connection, events: Emitter<{ change: undefined }>, page?: ProxiedPage) {
    this.#connection = connection;
    this.#events = events;
    this.#page = page;
  }

  /**
   * The limit at this moment. Absent as long as the core is not loaded, which the first call or `init` does, and once the client
   * is closed.
   */
  get state(): RateLimitState | undefined {
    const state = this.#connection.peek((client) => client.rateLimit());
    const server = this.#page?.queue;
    return state && server ? { ...state, server } : state;
  }

  /**
   * How long until the last of `n` calls made now would be sent, in milliseconds; infinite when a pause has no end. Absent
   * when `state` is.
   *
   * It counts the calls that wait, by their lanes and priorities, a pause, the wait after a 429 and the limit as it is now.
   * What nobody knows comes on top: how long replies take, calls made later, and other programs that use the key.
   *
   * @param options The lane and the priority that the calls would have.
   * @throws ValidationError `n` is not a whole number from 0 to 4294967295.
   *
   * @example
   * const ms = client.rateLimit.estimate(500);
   */
  estimate(n: number, options: Pick<CallOptions, 'lane' | 'priority'> = {}): number | undefined {
    // The core counts in 32 bits.
    if (!(Number.isInteger(n) && n >= 0 && n < 2 ** 32)) {
      throw refuse('invalid_argument', 'n', '`n` must be a whole number of calls, from 0 to 4294967295.');
    }
    checkObject(options ?? {});
    return this.#connection.peek((client) => client.estimate(n, options));
  }

  /**
   * Holds back every call of the key in this process for `ms` milliseconds; without a number, or with `Infinity`, until
   * `resume`. A `signal` and `totalTimeout` end a call that waits.
   *
   * @throws ValidationError `ms` is given, and is not a number of milliseconds.
   *
   * @example
   * client.rateLimit.pause(60_000);
   */
  pause(ms?: number): void {
    // A wrong one would be a pause without an end, of every call of the key.
    if (ms !== undefined && !(typeof ms === 'number' && ms >= 0)) {
      throw refuse('invalid_argument', 'ms', '`ms` must be a number of milliseconds that is not negative.');
    }
    this.#connection.tell((client) => client.pause(ms !== undefined && ms > longest ? undefined : ms));
  }

  /**
   * Ends a pause.
   *
   * @example
   * client.rateLimit.resume();
   */
  resume(): void {
    this.#connection.tell((client) => client.resume());
  }

  /**
   * Calls the listener whenever `state` changed otherwise than by time alone; the returned function removes it. What
   * listeners change themselves is told once more when all were called, and what they change then is not told. One that
   * throws disturbs nothing: its error is reported as uncaught.
   *
   * @throws ValidationError There is no such event, or the listener is no function.
   *
   * @example
   * const stop = client.rateLimit.on('change', () => draw(client.rateLimit.state));
   */
  on(event: 'change', listener: () => void): () => void {
    checkListener(['change'], event, listener);
    return this.#events.on(event, listener);
  }
}
