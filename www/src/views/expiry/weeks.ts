import type { Order } from 'markmonitor-certs';
import { endOf } from '../../words.js';

const weekMs = 7 * 86_400_000;

/** The certificates that end within one week. */
export interface Week {
  /** Its Monday, as `2026-11-23`, in UTC as the certificates have it. */
  monday: string;
  start: Date;
  orders: Order[];
}

/** Monday, 00:00 UTC, of a time's week. */
function mondayOf(time: number): number {
  const day = (new Date(time).getUTCDay() + 6) % 7;
  const midnight = Math.floor(time / 86_400_000) * 86_400_000;
  return midnight - day * 86_400_000;
}

/** One entry for each week from now to the last end, those without an end included. */
export function weeksOf(orders: readonly Order[], now: Date): Week[] {
  const ends = orders.flatMap((order) => {
    const time = Date.parse(endOf(order) ?? '');
    return Number.isNaN(time) || time < now.getTime() ? [] : [{ order, time }];
  });
  const first = mondayOf(now.getTime());
  const last = Math.max(first + 25 * weekMs, ...ends.map(({ time }) => mondayOf(time)));
  const weeks: Week[] = [];
  for (let start = first; start <= last; start += weekMs) {
    const own = ends.filter(({ time }) => mondayOf(time) === start).sort((a, b) => a.time - b.time);
    weeks.push({
      monday: new Date(start).toISOString().slice(0, 10),
      start: new Date(start),
      orders: own.map(({ order }) => order),
    });
  }
  return weeks;
}

/** Whether a certificate has ended lately, and nobody has renewed it in its order. */
export function hasEndedLately({ status, cert }: Order, now: Date): boolean {
  const end = Date.parse(cert?.dateValidUntil ?? '');
  return status === 'DIGI_EXPIRED' && end < now.getTime() && end > now.getTime() - 30 * 86_400_000;
}
