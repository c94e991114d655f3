/** The sandbox's time: it runs like the real one, and can be moved forward. */
export class Clock {
  #origin: number;

  constructor(start: number) {
    this.#origin = start - performance.now();
  }

  /** Milliseconds since 1970. */
  now(): number {
    return Math.floor(this.#origin + performance.now());
  }

  /** Lets time pass. */
  advance(ms: number): void {
    if (!(ms >= 0)) throw new RangeError(`Time passes forward only: ${ms} ms is not a span to advance by.`);
    this.#origin += ms;
  }
}
