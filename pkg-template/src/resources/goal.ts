import type { ValidationError } from '../errors/classes.js';
import { refuse } from '../errors/refuse.js';
import type * as service from '../types/service.js';

/** What to wait for. */
export type OrderGoal = 'issued' | 'reissued' | 'revoked' | 'canceled' | ((order: service.Order) => boolean);

/** A goal that ends the waiting when it throws, and keeps what it threw: the core knows yes and no only. */
export class GuardedGoal {
  readonly goal: OrderGoal;
  #thrown: { reason: unknown } | undefined;

  constructor(goal: OrderGoal) {
    this.goal = typeof goal === 'function' ? (order) => this.#ask(goal, order) : goal;
  }

  rethrow(): void {
    if (this.#thrown) throw this.#thrown.reason;
  }

  #ask(goal: (order: service.Order) => boolean, order: service.Order): boolean {
    try {
      const isReached: unknown = goal(order);
      if (isPromise(isReached)) throw undecided();
      return Boolean(isReached);
    } catch (reason) {
      this.#thrown ??= { reason };
      return true;
    }
  }
}

function isPromise(value: unknown): boolean {
  return typeof (value as { then?: unknown } | null | undefined)?.then === 'function';
}

/** A promise is true whatever comes of it: the wait would be over at once. */
function undecided(): ValidationError {
  const message = 'The goal must return true or false at once, found a promise: it cannot be asynchronous.';
  return refuse('invalid_argument', 'goal', message);
}
