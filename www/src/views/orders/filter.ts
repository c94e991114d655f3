import { dateOf, type Order } from 'markmonitor-certs';
import { dayOf, daysUntil } from '../../format.js';
import { endOf, groups, stateOf } from '../../order-words.js';
import { nameOf } from '../../state/ordered.js';

export const dates: Record<string, { words: string; of: (order: Order) => Date | undefined }> = {
  created: { words: 'Created between', of: ({ dateCreated }) => dateOf(dateCreated) },
  updated: { words: 'Updated between', of: ({ dateUpdated }) => dateOf(dateUpdated) },
  expires: { words: 'Expires between', of: endOf },
};

/** The orders that pass everything in the address but the group, so that the groups can be counted. */
export function narrowed(orders: readonly Order[], query: URLSearchParams, now: Date): Order[] {
  const wanted = (key: string) => query.get(key) ?? '';
  const text = wanted('text').trim().toLowerCase();
  const [organization, type, status] = ['organization', 'type', 'status'].map(wanted);
  const [date = '', from = '', to = ''] = ['date', 'from', 'to'].map(wanted);
  return orders.filter(
    (order) =>
      (!organization || order.organizationId === organization) &&
      (!type || order.certType === type) &&
      (!status || order.status === status) &&
      (!text || textOf(order).includes(text)) &&
      (!date || isInTime(order, date, from, to, now)),
  );
}

const texts = new WeakMap<Order, string>();

/** What is searched in; made once for each order, for there are thousands, and each key looks through them. */
function textOf(order: Order): string {
  const known = texts.get(order);
  if (known !== undefined) return known;
  const { cert, providerId, id } = order;
  const text = [nameOf(order), ...(cert?.dnsNames ?? []), cert?.serialNumber, providerId, id].join(' ').toLowerCase();
  texts.set(order, text);
  return text;
}

/** `date` is one of `dates`, whose days are those that are shown, or the days within which a certificate ends. */
function isInTime(order: Order, date: string, from: string, to: string, now: Date): boolean {
  if (!Object.hasOwn(dates, date)) {
    const left = daysUntil(endOf(order), now) ?? -1;
    return left >= 0 && left <= Number(date);
  }
  const day = dayOf(dates[date]?.of(order));
  return day !== undefined && day >= from && (!to || day <= to);
}

export function isInGroup(order: Order, group: string, now: Date): boolean {
  const tones = Object.hasOwn(groups, group) ? groups[group]?.tones : undefined;
  return !tones || tones.includes(stateOf(order, now).tone);
}
