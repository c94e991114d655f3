import type { Caller } from './queue.js';

/** Something that several wait for. */
interface Flight<T> {
  readonly promise: Promise<T>;
  readonly controller: AbortController;
  waiters: number;
}

interface Kept<T> {
  readonly value: T;
  readonly until: number;
}

const mostKept = 500;

/**
 * What is asked at the same time is asked once, and lists are kept for some seconds. What is shared is what the service
 * sent: each caller is shown of it what they may see.
 */
export class Flights<T> {
  readonly #flights = new Map<string, Flight<T>>();
  readonly #kept = new Map<string, Kept<T>>();
  readonly #keepFor: number;

  constructor(keepFor: number) {
    this.#keepFor = keepFor;
  }

  /** Something changed: what was asked before is not shown to those who ask from now on. */
  forget(): void {
    this.#flights.clear();
    this.#kept.clear();
  }

  /**
   * What `start` comes to, or came to. A call that waits is shared by those who have the same place in the queue: nobody
   * waits behind another's.
   */
  get(
    key: string,
    caller: Caller,
    keep: boolean,
    isFree: boolean,
    start: (signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const kept = this.#kept.get(key);
    if (kept && kept.until > performance.now()) return Promise.resolve(kept.value);
    const place = `${caller.priority} ${caller.user}`;
    const names = [key, `${key} ${place}`];
    const known = names
      .map((name) => this.#flights.get(name))
      .find((flight) => flight && !flight.controller.signal.aborted);
    return this.#join(known ?? this.#start(isFree ? key : `${key} ${place}`, key, keep, start), caller.signal);
  }

  #start(name: string, key: string, keep: boolean, start: (signal: AbortSignal) => Promise<T>): Flight<T> {
    const controller = new AbortController();
    const promise = start(controller.signal);
    const flight: Flight<T> = { promise, controller, waiters: 0 };
    this.#flights.set(name, flight);
    const end = (value?: T) => {
      // Not the one that was started after a change.
      if (this.#flights.get(name) !== flight) return;
      this.#flights.delete(name);
      if (keep && value !== undefined) this.#keep(key, value);
    };
    promise.then(end, () => end());
    return flight;
  }

  #keep(key: string, value: T): void {
    if (this.#keepFor <= 0) return;
    const now = performance.now();
    for (const [name, { until }] of this.#kept) {
      // In the order in which they end.
      if (until > now && this.#kept.size < mostKept) break;
      this.#kept.delete(name);
    }
    this.#kept.delete(key);
    this.#kept.set(key, { value, until: now + this.#keepFor });
  }

  /** Waits as long as this caller does; the last who leaves ends it. */
  #join(flight: Flight<T>, signal: AbortSignal): Promise<T> {
    flight.waiters += 1;
    return new Promise<T>((resolve, reject) => {
      const leave = () => {
        flight.waiters -= 1;
        if (flight.waiters === 0) flight.controller.abort();
        reject(signal.reason);
      };
      const settle = (end: () => void) => {
        signal.removeEventListener('abort', leave);
        end();
      };
      if (signal.aborted) leave();
      else signal.addEventListener('abort', leave);
      flight.promise.then(
        (value) => settle(() => resolve(value)),
        (reason) => settle(() => reject(reason)),
      );
    });
  }
}
