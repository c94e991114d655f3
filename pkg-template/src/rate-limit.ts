import type { Connection } from './connection.js';
import type { Emitter } from './emitter.js';
import type { RateLimitOptions, RateLimitState } from './types/index.js';

/** The rate limit that a client keeps (guide 4). Calls wait for it by themselves. */
export class RateLimit {
  readonly #connection: Connection;
  readonly #changes: Emitter<{ change: undefined }>;
  readonly #options: RateLimitOptions | false | undefined;

  /** @internal */
  constructor(
    connection: Connection,
    changes: Emitter<{ change: undefined }>,
    options: RateLimitOptions | false | undefined,
  ) {
    this.#connection = connection;
    this.#changes = changes;
    this.#options = options;
  }

  /** The limit at this moment. */
  get state(): RateLimitState {
    return this.#connection.client?.rateLimit() ?? this.#untouched();
  }

  /**
   * Holds every call back, for so many milliseconds or until `resume`.
   *
   * @example
   * client.rateLimit.pause(60_000);
   */
  pause(ms?: number): void {
    this.#connection.tell((client) => client.pause(ms));
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
   * Calls the listener whenever `state` changed otherwise than by time alone; the function given back removes it.
   *
   * @example
   * const stop = client.rateLimit.on('change', () => draw(client.rateLimit.state));
   */
  on(event: 'change', listener: () => void): () => void {
    return this.#changes.on(event, listener);
  }

  // Before the first call there is no core to ask, and nothing that it could know.
  #untouched(): RateLimitState {
    const { limit: all = 100, share = 1 } = this.#options || {};
    const limit = this.#options === false ? Number.POSITIVE_INFINITY : Math.max(1, Math.floor(all * share));
    return {
      limit,
      used: 0,
      remaining: limit,
      inFlight: 0,
      queued: 0,
      nextSlotInMs: 0,
      pausedForMs: 0,
      throttled: 0,
    };
  }
}
