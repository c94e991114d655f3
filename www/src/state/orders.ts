import { signal } from '@preact/signals';
import type { CertsClient, Order, Organization } from 'markmonitor-certs';
import { follow } from './live.js';
import type { Outcome } from './outcome.js';
import { mode, type Service, touch } from './service.js';

/**
 * All orders and organizations, as far as they are known: `total` once the service has said how many there are,
 * `isWhole` once all are loaded and only changes are asked for, and `error` when the last look failed.
 */
export interface OrderBook {
  orders: readonly Order[];
  organizations: ReadonlyMap<string, Organization>;
  total: number | undefined;
  isWhole: boolean;
  error: unknown;
}

let stop = () => {};

/**
 * One book for every view: they filter and sort it without asking the service again. It is loaded, and kept up to
 * date, as long as a component shows something of it.
 */
export const orderBook = signal<OrderBook>(
  { orders: [], organizations: new Map(), total: undefined, isWhole: false, error: undefined },
  {
    watched: () => {
      const look = ({ client }: Service, signal: AbortSignal) =>
        orderBook.peek().isWhole ? loadChanges(client, signal) : loadAll(client, signal);
      const pause = () => (mode.peek() === 'sandbox' ? 3_000 : 15_000);
      stop = follow(look, pause, ({ error }) => change({ error }));
    },
    unwatched: () => stop(),
  },
);

const change = (changes: Partial<OrderBook>) => {
  orderBook.value = { ...orderBook.peek(), ...changes };
};

/** The book once it is whole. */
export function wholeBook(): Outcome<OrderBook> {
  const book = orderBook.value;
  return { value: book.isWhole ? book : undefined, error: book.error, retry: touch };
}

/** The ids of the orders that changed within the last moments. */
export const changedIds = signal<ReadonlySet<string>>(new Set());

/** The name of an organization, as far as it is known. */
export const organizationName = (id: string | undefined): string =>
  orderBook.value.organizations.get(id ?? '')?.name ?? '–';

const pageSize = 200;
const markedForMs = 20_000;

async function loadAll(client: CertsClient, signal: AbortSignal): Promise<void> {
  const all = await client.organizations.list({ size: pageSize }, { signal }).toArray();
  change({ organizations: new Map(all.map((organization) => [organization.id, organization])) });
  const orders = new Map<string, Order>();
  for await (const page of client.orders.list({ size: pageSize }, { signal }).pages()) {
    for (const order of page.content) orders.set(order.id, order);
    change({ orders: [...orders.values()], total: page.page.totalElements, error: undefined });
  }
  change({ total: orders.size, isWhole: true });
}

/** Asks for the orders that changed last, until one comes that is known as it is: usually one request. */
async function loadChanges(client: CertsClient, signal: AbortSignal): Promise<void> {
  const known = new Map(orderBook.peek().orders.map((order) => [order.id, order]));
  const changed: Order[] = [];
  const latest = client.orders.list({ size: 50, sort: 'dateUpdated,desc' }, { signal, priority: 'low' });
  for await (const order of latest) {
    if (known.get(order.id)?.dateUpdated === order.dateUpdated) break;
    changed.push(order);
  }
  if (changed.length > 0) remember(changed);
}

/** Puts orders into the book as they are now, and marks them as changed. */
export function remember(changed: readonly Order[]): void {
  const orders = new Map(orderBook.peek().orders.map((order) => [order.id, order]));
  for (const order of changed) orders.set(order.id, order);
  change({ orders: [...orders.values()], total: orders.size });
  const ids = new Set(changed.map(({ id }) => id));
  changedIds.value = changedIds.peek().union(ids);
  setTimeout(() => {
    changedIds.value = changedIds.peek().difference(ids);
  }, markedForMs);
}
