import { onAbort, reasonOf } from '../host/signal.js';

/**
 * A piece of work that several callers wait for, each with a promise of its own: one that is aborted leaves nothing
 * behind on what it waited for, and no listener on its signal.
 */
export class Flight<T> {
  readonly #waiting = new Set<Waiter<T>>();

  constructor(work: Promise<T>) {
    work.then(
      (value) => this.#land(({ resolve }) => resolve(value)),
      (reason) => this.#land(({ reject }) => reject(reason)),
    );
  }

  /** What comes of the work, or the signal's reason if that comes first. */
  wait(signal?: AbortSignal): Promise<T> {
    return new Promise((resolve, reject) => {
      const abort = () => {
        this.#waiting.delete(waiter);
        reject(reasonOf(signal));
      };
      const waiter = { resolve, reject, leave: () => {} };
      this.#waiting.add(waiter);
      if (signal) waiter.leave = onAbort(signal, abort);
    });
  }

  #land(tell: (waiter: Waiter<T>) => void): void {
    for (const waiter of this.#waiting) {
      waiter.leave();
      tell(waiter);
    }
    this.#waiting.clear();
  }
}

interface Waiter<T> {
  resolve(value: T): void;
  reject(reason: unknown): void;
  leave(): void;
}
