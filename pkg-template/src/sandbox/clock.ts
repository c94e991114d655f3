/** A hundred thousand years: what ECMA-262 has dates for is not much more. */
const furthest = 100_000 * 365 * 86_400_000;

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
    if (typeof ms !== 'number' || !(ms >= 0 && ms <= furthest)) {
      throw new RangeError(`Time passes forward only: ${ms} ms is not a span to advance by.`);
    }
    this.#origin += ms;
  }
}
