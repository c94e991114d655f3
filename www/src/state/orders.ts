import { signal } from '@preact/signals';
import type { CertsClient, Order, Organization } from 'markmonitor-certs';
import { useEffect } from 'preact/hooks';
import { follow } from './live.js';
import { mode } from './service.js';

/** All orders, as far as they are known. */
export interface OrderBook {
  orders: readonly Order[];
  /** How many there are, once the service has said so. */
  total: number | undefined;
  /** Whether all were loaded; from then on only changes are asked for. */
  isWhole: boolean;
  /** Why the last look failed. */
  error: unknown;
}

/** One book for every view: they filter and sort it without asking the service again. */
export const orderBook = signal<OrderBook>({ orders: [], total: undefined, isWhole: false, error: undefined });

/** The ids of the orders that changed within the last moments. */
export const changedIds = signal<ReadonlySet<string>>(new Set());

/** The organizations by their id. */
export const organizations = signal<ReadonlyMap<string, Organization>>(new Map());

/** The name of an organization, as far as it is known. */
export const organizationName = (id: string | undefined): string => organizations.value.get(id ?? '')?.name ?? '–';

const pageSize = 200;
const markedForMs = 20_000;

let readers = 0;
let stop: (() => void) | undefined;

/** The order book, kept up to date as long as a view shows it. */
export function useOrderBook(): OrderBook {
  useEffect(() => {
    readers += 1;
    stop ??= follow(
      {
        look: ({ client }, signal) =>
          orderBook.peek().isWhole ? loadChanges(client, signal) : loadAll(client, signal),
        every: () => (mode.peek() === 'sandbox' ? 3_000 : 15_000),
      },
      (change) => {
        orderBook.value = { ...orderBook.peek(), error: 'error' in change ? change.error : undefined };
      },
    );
    return () => {
      readers -= 1;
      if (readers > 0) return;
      stop?.();
      stop = undefined;
    };
  }, []);
  return orderBook.value;
}

async function loadAll(client: CertsClient, signal: AbortSignal): Promise<void> {
  const all = await client.organizations.list({ size: pageSize }, { signal }).toArray();
  organizations.value = new Map(all.map((organization) => [organization.id ?? '', organization]));
  const orders = new Map<string, Order>();
  for await (const page of client.orders.list({ size: pageSize }, { signal }).pages()) {
    for (const order of page.content) if (order.id) orders.set(order.id, order);
    const { totalElements: total } = page.page;
    orderBook.value = { orders: [...orders.values()], total, isWhole: false, error: undefined };
  }
  orderBook.value = { orders: [...orders.values()], total: orders.size, isWhole: true, error: undefined };
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
  const book = orderBook.peek();
  const orders = new Map(book.orders.map((order) => [order.id, order]));
  for (const order of changed) orders.set(order.id, order);
  orderBook.value = { ...book, orders: [...orders.values()], total: orders.size };
  const ids = changed.map(({ id = '' }) => id);
  changedIds.value = new Set([...changedIds.peek(), ...ids]);
  setTimeout(() => {
    const rest = new Set(changedIds.peek());
    for (const id of ids) rest.delete(id);
    changedIds.value = rest;
  }, markedForMs);
}
