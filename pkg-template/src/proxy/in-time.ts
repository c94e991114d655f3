import { longestTimerMs } from '../host/signal.js';
import type { Awaitable } from '../types/open.js';
import type { Refusal } from './refusal.js';

/** What work comes to, or what `late` says once it has taken so long; the work itself is not ended. */
export function inTime<T>(work: Awaitable<T>, ms: number, late: () => Error | Refusal): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const end = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(late()), Math.min(ms, longestTimerMs));
  });
  return Promise.race([work, end]).finally(() => clearTimeout(timer));
}
