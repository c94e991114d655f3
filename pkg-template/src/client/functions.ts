import type { DcvInstructions } from '../types/client.js';
import type { DcvMethod, NewOrder, Order, OrderAction } from '../types/service.js';
import { coreLoader } from '../wasm/core.js';

/**
 * What the status of an order allows (guide 7.4.8). Nothing is sent. A status that nobody knows yet forbids nothing.
 *
 * @example
 * if ((await allowedActions(order)).includes('reissue')) await client.orders.reissue(order);
 */
export function allowedActions(order: Order): Promise<OrderAction[]> {
  return coreLoader().use((core) => core.allowedActions(order));
}

/**
 * The new order that renews an old one (guide 8.5): all as it was, but for the CSR and what you change. Nothing is sent, so
 * nobody is asked which roles the contacts have: all are organization contacts, and none is an approver.
 *
 * @deprecated `client.orders.renewal` asks for the roles.
 * @throws ValidationError The old order lacks what a new one needs.
 *
 * @example
 * const renewed = await client.orders.createOnce(await renewalOf(order, { csr }));
 */
export function renewalOf(order: Order, changes: { csr: string } & Partial<NewOrder>): Promise<NewOrder> {
  return coreLoader().use((core) => core.renewalOf(order, changes));
}

/**
 * What to put where so that control of a domain can be checked (guide 6.1.2).
 *
 * @param token The value that the service or the certificate authority gave you for this domain.
 * @returns `record` or `file`, as the method wants it, and `text` for a person, also of a method that nobody knows yet.
 * @throws ValidationError The domain is not a DNS name.
 *
 * @example
 * const { record, text } = await dcvInstructions('example.com', 'DNS_TXT_TOKEN', token);
 */
export function dcvInstructions(domain: string, method: DcvMethod, token?: string): Promise<DcvInstructions> {
  return coreLoader().use((core) => core.dcvInstructions(domain, method, token));
}
