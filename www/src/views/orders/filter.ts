import type { Order } from 'markmonitor-certs';
import { daysUntil } from '../../format.js';
import { organizationName } from '../../state/orders.js';
import { endOf, groups, nameOf, statusWords, typeWords } from '../../words.js';

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

/** The columns of the list: their words, and what they are sorted by. */
export const columns = {
  name: { words: 'Common name', key: nameOf },
  status: { words: 'Status', key: (order: Order) => statusWords(order.status).label },
  type: { words: 'Type', key: (order: Order) => typeWords(order.certType) },
  organization: { words: 'Organization', key: (order: Order) => organizationName(order.organizationId) },
  // What does not end comes last.
  expires: { words: 'Expires', key: (order: Order) => endOf(order) ?? '~' },
  updated: { words: 'Updated', key: (order: Order) => order.dateUpdated ?? '' },
};
export type Column = keyof typeof columns;

export type Sort = { column: Column; isDescending: boolean };

/** Reads the order of the rows from the address; the latest change comes first otherwise. */
export function sortOf(query: URLSearchParams): Sort {
  const [column = '', direction] = (query.get('sort') ?? '').split(',');
  if (!Object.hasOwn(columns, column)) return { column: 'updated', isDescending: true };
  return { column: column as Column, isDescending: direction === 'desc' };
}

export function sorted(orders: readonly Order[], { column, isDescending }: Sort): Order[] {
  const sign = isDescending ? -1 : 1;
  const keyed = orders.map((order) => ({ order, key: columns[column].key(order) }));
  keyed.sort((a, b) => sign * (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
  return keyed.map(({ order }) => order);
}
