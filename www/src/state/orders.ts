import { type Signal, signal } from '@preact/signals';
import type { Order, Organization } from 'markmonitor-certs';
import { type Known, OrderList } from '../portal/order-list.js';
import { follow } from './live.js';
import type { Outcome } from './outcome.js';
import { mode, type Service, touch, touched } from './service.js';

/** All orders, as far as they are known, and why the last look failed. */
export interface OrderBook extends Known {
  error: unknown;
}

const list = new OrderList(({ orders, byId, total, isWhole }, changed) => {
  const isNews = orderBook.peek().isWhole && changed.length > 0;
  orderBook.value = { ...orderBook.peek(), orders, byId, total, isWhole };
  if (isNews) mark(changed);
});

const perPage = 3_000;
const slowestMs = 60_000;
const pause = () => {
  const usual = mode.peek() === 'sandbox' ? perPage : 15_000;
  return list.pagesOfALook === 1 ? usual : Math.max(slowestMs, list.pagesOfALook * perPage);
};

/** What the last look that was finished knew of. */
let touchedThen = 0;

async function look({ client }: Service, signal: AbortSignal): Promise<true> {
  const touchedNow = touched.peek();
  await list.look({ client, signal, isAwaited: touchedNow !== touchedThen });
  touchedThen = touchedNow;
  return true;
}

/** A signal that is kept up to date, by what `start` starts and gives back to stop it, as long as somebody looks at it. */
function watched<T>(initial: T, start: () => () => void): Signal<T> {
  let stop = () => {};
  return signal(initial, {
    watched: () => {
      stop = start();
    },
    unwatched: () => stop(),
  });
}

/** One book for every view: they filter and sort it without asking the service again. */
export const orderBook = watched<OrderBook>(
  { orders: [], byId: new Map(), total: undefined, isWhole: false, error: undefined },
  () =>
    follow('orders', look, pause, ({ error }) => {
      orderBook.value = { ...orderBook.peek(), error };
    }),
);

/** The organizations by their ids, once they are loaded: beside the orders, and whatever becomes of those. */
export const organizationBook = watched<Outcome<ReadonlyMap<string, Organization>>>({}, () =>
  follow(
    'organizations',
    async ({ client }, signal) =>
      new Map((await client.organizations.list({ size: 200 }, { signal }).toArray()).map((one) => [one.id, one])),
    () => undefined,
    ({ value, error }) => {
      organizationBook.value = { value: value ?? organizationBook.peek().value, error, retry: touch };
    },
  ),
);

/** The organizations, to choose from. */
export const organizationOptions = (): [id: string, name: string][] =>
  [...(organizationBook.value.value ?? [])].map(([id, { name = id }]) => [id, name]);

export const organizationOf = (id: string | undefined): Organization | undefined =>
  organizationBook.value.value?.get(id ?? '');

/** The ids of the orders that changed within the last moments. */
export const changedIds = signal<ReadonlySet<string>>(new Set());

/** The contacts of an order by their names and addresses, as far as they are known. */
export function contactWords(organizationId: string | undefined, ids: readonly string[]): string {
  const people = organizationOf(organizationId)?.contacts ?? [];
  const wordsOf = (id: string) => {
    const person = people.find((person) => person.id === id);
    return person ? `${person.firstName ?? ''} ${person.lastName ?? ''} <${person.email ?? ''}>` : id;
  };
  return ids.map(wordsOf).join('\n');
}

/** The name of an organization, as far as it is known. */
export const organizationName = (id: string | undefined): string => organizationOf(id)?.name ?? '–';

const markedForMs = 20_000;

function mark(changed: readonly Order[]): void {
  const ids = new Set(changed.map(({ id }) => id));
  changedIds.value = changedIds.peek().union(ids);
  setTimeout(() => {
    changedIds.value = changedIds.peek().difference(ids);
  }, markedForMs);
}

/** Puts orders into the book as they are now, and marks them as changed. */
export const remember = (changed: readonly Order[]): void => list.remember(changed);
