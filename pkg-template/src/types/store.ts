import type { Awaitable } from './open.js';

/**
 * Where a client keeps what outlives it, and what several processes share: the log of the rate limit, the token, the
 * record of what was sent once only, and locks. Keys and values are text; a store need not understand them. What it throws,
 * and that it stays silent for 5 s, is said in the error or the event `store`.
 *
 * `createMemoryStore` is one for a single process.
 */
export interface Store {
  /** The value under a key. */
  get(key: string): Awaitable<string | undefined>;
  /**
   * Puts a value under a key; undefined removes it. When it has answered, the value survives the process.
   *
   * @param keepMs How long it is needed, in milliseconds: a store may forget it then. For ever where it is left out.
   */
  set(key: string, value: string | undefined, keepMs?: number): Awaitable<void>;
  /**
   * Replaces the value under a key by what `replace` returns for it, atomically: nobody else writes between the read and
   * the write. `replace` may be called again when somebody did; the result of its last call is the one that is written.
   *
   * `replace` takes the time of the store beside the value, in milliseconds since 1970, from a store that has a clock: the
   * clocks of processes that share it may differ.
   *
   * @param keepMs As that of `set`.
   */
  update(
    key: string,
    replace: (value: string | undefined, nowMs?: number) => string | undefined,
    keepMs?: number,
  ): Awaitable<void>;
  /**
   * Takes a lock; undefined while somebody else has it. It ends by itself after `leaseMs`, so that a process that crashed
   * does not hold it for good.
   */
  lock(key: string, leaseMs: number): Awaitable<Lease | undefined>;
}

/** A lock that is held. */
export interface Lease {
  /** Gives the lock back; does nothing when the lease has ended, and somebody else perhaps has it. */
  release(): Awaitable<void>;
}
