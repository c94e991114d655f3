import type { Connection } from '../connection/connection.js';
import type { RateLimitState } from '../types/client.js';
import type { Emitter } from './emitter.js';

/** The rate limit that a client keeps (guide 4). Calls wait for it by themselves. */
export class RateLimit {
  readonly #connection: Connection;
  readonly #events: Emitter<{ change: undefined }>;

  /** @internal */
  constructor(connection: Connection, events: Emitter<{ change: undefined }>) {
    this.#connection = connection;
    this.#events = events;
  }

  /** The limit at this moment. Absent as long as the core is not loaded, which the first call or `init` does. */
  get state(): RateLimitState | undefined {
    return this.#connection.peek((client) => client.rateLimit());
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
   * Calls the listener whenever `state` changed otherwise than by time alone; the returned function removes it.
   *
   * @example
   * const stop = client.rateLimit.on('change', () => draw(client.rateLimit.state));
   */
  on(event: 'change', listener: () => void): () => void {
    return this.#events.on(event, listener);
  }
}
