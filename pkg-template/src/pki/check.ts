import { ValidationError } from '../errors/classes.js';
import type { Finding, OrderContext } from '../types/pki.js';
import type { NewOrder, Order, Reissue } from '../types/service.js';
import { pkiLoader } from '../wasm/pki.js';

/**
 * What is wrong with a new order, or worth knowing before it is sent. Nothing is sent.
 *
 * @param context What the order is held against: more can be said then.
 *
 * @example
 * const errors = (await checkOrder(newOrder)).filter(({ severity }) => severity === 'error');
 */
export async function checkOrder(order: NewOrder, context?: OrderContext): Promise<Finding[]> {
  return await pkiLoader().use((reader) => reader.checkOrder(order, context));
}

/** Refuses an order that would fail. */
export async function assertOrder(order: NewOrder, signal: AbortSignal | undefined): Promise<void> {
  refuseErrors(await pkiLoader().use((reader) => reader.checkOrder(order, undefined), signal));
}

/** Refuses a reissue that would fail. */
export async function assertReissue(
  changes: Reissue,
  order: Order | undefined,
  signal: AbortSignal | undefined,
): Promise<void> {
  refuseErrors(await pkiLoader().use((reader) => reader.checkReissue(changes, order), signal));
}

function refuseErrors(findings: Finding[]): void {
  const errors = findings.filter(({ severity }) => severity === 'error');
  if (errors.length === 0) return;
  const message = `Nothing was sent, for the call would fail. ${errors.map(({ message }) => message).join(' ')}`;
  throw new ValidationError({ code: 'invalid', message, findings });
}
