import type { Order } from 'markmonitor-certs';
import { mode } from './service.js';
import { stored } from './stored.js';

/** By the ids of the orders. In the sandbox it is cleared with the store: once that starts over, its ids are given again. */
const names = stored<Record<string, string>>(`${mode.peek()}:ordered`, {}, () => sessionStorage);

/** Keeps the common name of an order that this page has placed: the service shows it with the certificate's data, and not before. */
export function keepName(id: string, commonName: string): void {
  names.value = { ...names.peek(), [id]: commonName };
}

/** The common name that was ordered here, of an order that the service shows without one. */
export const orderedName = ({ id, cert }: Order): string | undefined =>
  cert?.commonName ? undefined : names.value[id];

export const nameOf = (order: Order): string => order.cert?.commonName ?? orderedName(order) ?? 'Name not known yet';
