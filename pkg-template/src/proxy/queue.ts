import type { RateLimit } from '../client/rate-limit.js';
import type { CallOptions } from '../types/client.js';
import { tooMany } from './failure.js';

/** Whose call it is, and for how long somebody waits for it. */
export interface Caller {
  readonly user: string;
  readonly priority: 'normal' | 'low';
  readonly signal: AbortSignal;
}

const placeOf = ({ user, priority }: Caller): Pick<CallOptions, 'lane' | 'priority'> => ({ lane: user, priority });

/** The queue of the client's rate limit, as far as a page has to know of it. */
export class QueueView {
  readonly #rateLimit: RateLimit;
  readonly #maxWait: number;
  /** The calls under way, by their users: what was just asked is in the queue a moment later. */
  readonly #underWay = new Map<string, number>();
  /** When those come back who were sent away: two who are told the same moment would meet then. */
  #away: number[] = [];

  constructor(rateLimit: RateLimit, maxWait: number) {
    this.#rateLimit = rateLimit;
    this.#maxWait = maxWait;
  }

  /** How many calls are under way. */
  get underWay(): number {
    return [...this.#underWay.values()].reduce((sum, count) => sum + count, 0);
  }

  /** Refuses a call that would wait for too long. */
  enter(caller: Caller): void {
    if (this.#wait(caller, 1) <= this.#maxWait) return;
    throw tooMany(this.retryAfter(caller));
  }

  /** Counts a call of a user as long as it is under way. */
  async during<T>({ user }: Caller, work: () => Promise<T>): Promise<T> {
    const count = (change: number) => {
      const left = (this.#underWay.get(user) ?? 0) + change;
      if (left > 0) this.#underWay.set(user, left);
      else this.#underWay.delete(user);
    };
    count(1);
    try {
      return await work();
    } finally {
      count(-1);
    }
  }

  /** When a call that is sent away now should come back, in milliseconds. */
  retryAfter(caller: Caller): number {
    const now = performance.now();
    this.#away = this.#away.filter((at) => at > now);
    const wait = this.#wait(caller, this.#away.length + 1);
    if (Number.isFinite(wait)) this.#away.push(now + wait);
    return wait;
  }

  /** Whether a call would be sent at once. */
  isFree(caller: Caller): boolean {
    const { remaining = Number.POSITIVE_INFINITY } = this.#rateLimit.state ?? {};
    return remaining > this.#coming() && this.#wait(caller, 1) === 0;
  }

  /** The queue, as the page of this caller shows it. */
  shown(caller: Caller): string | undefined {
    const { state } = this.#rateLimit;
    if (!state) return undefined;
    const { limit, remaining, queued } = state;
    return JSON.stringify({ limit, remaining, queued, waitMs: Math.ceil(this.#wait(caller, 1)) });
  }

  #wait(caller: Caller, calls: number): number {
    const before = Math.min(this.#underWay.get(caller.user) ?? 0, this.#coming());
    return this.#rateLimit.estimate(calls + before, placeOf(caller)) ?? 0;
  }

  /** How many of the calls under way the rate limit does not know yet. */
  #coming(): number {
    const { inFlight = 0, queued = 0 } = this.#rateLimit.state ?? {};
    return Math.max(0, this.underWay - inFlight - queued);
  }
}

/** The options of a client's call for this caller. */
export function optionsOf(caller: Caller, totalTimeout: number, signal?: AbortSignal): CallOptions {
  return { ...placeOf(caller), totalTimeout, ...(signal && { signal }) };
}
