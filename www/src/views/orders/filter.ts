import type { Order } from 'markmonitor-certs';
import { daysUntil } from '../../format.js';
import { endOf, groups, nameOf, statusWords } from '../../words.js';

export const dates: Record<string, { words: string; of: (order: Order) => string | undefined }> = {
  created: { words: 'Created between', of: ({ dateCreated }) => dateCreated },
  updated: { words: 'Updated between', of: ({ dateUpdated }) => dateUpdated },
  expires: { words: 'Expires between', of: endOf },
};

/** The orders that pass everything in the address but the group, so that the groups can be counted. */
export function narrowed(orders: readonly Order[], query: URLSearchParams, now: Date): Order[] {
  const wanted = (key: string) => query.get(key) ?? '';
  const text = wanted('text').trim().toLowerCase();
  const isAsWanted = (key: string, value: string | undefined) => !query.get(key) || query.get(key) === value;
  return orders.filter(
    (order) =>
      textOf(order).includes(text) &&
      isAsWanted('organization', order.organizationId) &&
      isAsWanted('type', order.certType) &&
      isAsWanted('status', order.status) &&
      isInTime(order, wanted('date'), wanted('from'), wanted('to'), now),
  );
}

function textOf(order: Order): string {
  const { cert, providerId, id } = order;
  return [nameOf(order), ...(cert?.dnsNames ?? []), cert?.serialNumber, providerId, id].join(' ').toLowerCase();
}

/** `date` is one of `dates`, whose days are UTC as the service's, or the days within which a certificate ends. */
function isInTime(order: Order, date: string, from: string, to: string, now: Date): boolean {
  if (!date) return true;
  if (!Object.hasOwn(dates, date)) return (daysUntil(endOf(order), now) ?? Infinity) <= Number(date);
  const day = dates[date]?.of(order)?.slice(0, 10);
  return day !== undefined && day >= from && (!to || day <= to);
}

/** Whether an order is of a group; every one is of no group. */
export function isInGroup(order: Order, group: string): boolean {
  const tones = Object.hasOwn(groups, group) ? groups[group]?.tones : undefined;
  return !tones || tones.includes(statusWords(order.status).tone);
}
