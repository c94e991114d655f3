import type { Order } from 'markmonitor-certs';
import { daysUntil } from '../../format.js';
import { organizationName } from '../../state/orders.js';
import { endOf, groups, nameOf, statusWords, typeWords } from '../../words.js';

/** What the list is narrowed to; the keys of the address. Empty: all. */
export interface Filter {
  group: string;
  text: string;
  organization: string;
  type: string;
  status: string;
  /** Days until the certificate ends, at most. */
  days: string;
}

/** The columns that can be sorted by. */
export type Column = 'name' | 'status' | 'type' | 'organization' | 'expires' | 'updated';

/** A column, and the direction. */
export interface Sort {
  column: Column;
  isDescending: boolean;
}

/** Reads the filter from the address. */
export function filterOf(query: URLSearchParams): Filter {
  const text = (key: string) => query.get(key) ?? '';
  return {
    group: text('group'),
    text: text('text'),
    organization: text('organization'),
    type: text('type'),
    status: text('status'),
    days: text('days'),
  };
}

const columns: readonly string[] = ['name', 'status', 'type', 'organization', 'expires', 'updated'];

/** Reads the order of the rows from the address; the latest change comes first otherwise. */
export function sortOf(query: URLSearchParams): Sort {
  const [column = '', direction] = (query.get('sort') ?? '').split(',');
  if (!columns.includes(column)) return { column: 'updated', isDescending: true };
  return { column: column as Column, isDescending: direction === 'desc' };
}

/** The orders that pass everything but the group, so that the groups can be counted. */
export function narrowed(orders: readonly Order[], filter: Filter, now: Date): Order[] {
  const text = filter.text.trim().toLowerCase();
  return orders.filter(
    (order) =>
      (!text || textOf(order).includes(text)) &&
      (!filter.organization || order.organizationId === filter.organization) &&
      (!filter.type || order.certType === filter.type) &&
      (!filter.status || order.status === filter.status) &&
      (!filter.days || endsWithin(order, Number(filter.days), now)),
  );
}

/** Whether an order is of a group. */
export function isInGroup(order: Order, group: string): boolean {
  const tones = Object.hasOwn(groups, group) ? groups[group]?.tones : undefined;
  return !tones || tones.includes(statusWords(order.status).tone);
}

function textOf(order: Order): string {
  const { cert, providerId, id } = order;
  return [nameOf(order), ...(cert?.dnsNames ?? []), cert?.serialNumber, providerId, id].join(' ').toLowerCase();
}

function endsWithin(order: Order, days: number, now: Date): boolean {
  const left = daysUntil(endOf(order), now);
  return left !== undefined && left <= days;
}

const keys: Record<Column, (order: Order) => string> = {
  name: nameOf,
  status: (order) => statusWords(order.status).label,
  type: (order) => typeWords(order.certType),
  organization: (order) => organizationName(order.organizationId),
  // What does not end comes last.
  expires: (order) => endOf(order) ?? '~',
  updated: (order) => order.dateUpdated ?? '',
};

/** The orders, sorted. */
export function sorted(orders: readonly Order[], { column, isDescending }: Sort): Order[] {
  const sign = isDescending ? -1 : 1;
  const keyed = orders.map((order) => ({ order, key: keys[column](order) }));
  keyed.sort((a, b) => sign * (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
  return keyed.map(({ order }) => order);
}
