import { checkSignal } from '../errors/refuse.js';
import { onAbort, reasonOf, throwIfAborted } from '../host/signal.js';

/** What an iteration is made of. */
export interface Source<T> {
  /** The next values; nothing at the end. The signal is aborted when nobody waits for them any more. */
  pull(signal: AbortSignal): Promise<readonly T[] | undefined>;
  /** Called once, when nothing more will be pulled. What it leaves to be done is short, and waited for. */
  close(): void | Promise<void>;
}

const over = { value: undefined, done: true } as const;

/**
 * One value after the other, as an async generator yields them. But `return()` of a generator waits until the `next()`
 * before it has settled, which may take days: here it ends that one at once, whatever it waits for.
 */
export class Iteration<T> implements AsyncGenerator<T, undefined, undefined> {
  readonly #source: Source<T>;
  readonly #callers: AbortSignal | undefined;
  readonly #own = new AbortController();
  #ready: readonly T[] = [];
  #at = 0;
  #last: Promise<unknown> = Promise.resolve();
  #hasEnded = false;

  constructor(signal: AbortSignal | undefined, source: Source<T>) {
    this.#callers = signal;
    this.#source = source;
  }

  next(): Promise<IteratorResult<T, undefined>> {
    const next = this.#last.then(() => this.#next());
    this.#last = next.catch(() => {});
    return next;
  }

  async return(): Promise<IteratorResult<T, undefined>> {
    await this.#end();
    return over;
  }

  async throw(reason: unknown): Promise<IteratorResult<T, undefined>> {
    await this.#end();
    throw reason;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#end();
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async #next(): Promise<IteratorResult<T, undefined>> {
    try {
      while (this.#at >= this.#ready.length) {
        if (this.#hasEnded) return over;
        this.#ready = (await this.#pull()) ?? (await this.#end());
        this.#at = 0;
      }
    } catch (reason) {
      // Whoever ended it does not hear of what was given up.
      if (this.#hasEnded) return over;
      await this.#end();
      throw reason;
    }
    if (this.#hasEnded) return over;
    const value = this.#ready[this.#at] as T;
    this.#at += 1;
    return { value, done: false };
  }

  /** Listens to the caller's signal only as long as somebody waits. */
  async #pull(): Promise<readonly T[] | undefined> {
    const signal = this.#callers;
    checkSignal(signal);
    throwIfAborted(signal);
    const leave = signal ? onAbort(signal, () => this.#own.abort(reasonOf(signal))) : undefined;
    try {
      return await this.#source.pull(this.#own.signal);
    } finally {
      leave?.();
    }
  }

  async #end(): Promise<readonly never[]> {
    if (this.#hasEnded) return [];
    this.#hasEnded = true;
    this.#own.abort();
    try {
      await this.#source.close();
    } catch {
      // Whoever has ended it wants nothing more of it.
    }
    return [];
  }
}
