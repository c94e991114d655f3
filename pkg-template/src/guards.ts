import { withCore } from './core.js';
import type { DcvInstructions, DcvMethod, Finding, NewOrder, Order, OrderAction } from './types/index.js';

/** What the status of an order allows (guide 7.4.8). Nothing is sent. */
export function allowedActions(order: Order): Promise<OrderAction[]> {
  return withCore((core) => core.allowedActions(order));
}

/** What is wrong with a new order, or worth knowing before it is sent. Nothing is sent. */
export function checkOrder(order: NewOrder): Promise<Finding[]> {
  return withCore((core) => core.checkOrder(order));
}

/**
 * The new order that renews an old one (guide 8.5): all as it was, but for the CSR and what you change.
 *
 * @throws ValidationError The old order lacks what a new one needs.
 */
export function renewalOf(order: Order, changes: { csr: string } & Partial<NewOrder>): Promise<NewOrder> {
  return withCore((core) => core.renewalOf(order, changes));
}

/**
 * What to put where so that control of a domain can be checked (guide 6.1.2).
 *
 * @param token The value that the service or the certificate authority gave you for this domain.
 */
export function dcvInstructions(domain: string, method: DcvMethod, token?: string): Promise<DcvInstructions> {
  return withCore((core) => core.dcvInstructions(domain, method, token));
}
