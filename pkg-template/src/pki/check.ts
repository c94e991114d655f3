import { ValidationError } from '../errors/classes.js';
import type { CheckedOrder } from '../generated/core.js';
import type { Finding, OrderContext } from '../types/pki.js';
import type { NewOrder, Order, Reissue } from '../types/service.js';
import { judge } from './judging.js';

/**
 * What is wrong with a new order, or worth knowing before it is sent: of its CSR, every error that `inspectCsr` finds. Nothing
 * is sent.
 *
 * @param context What the order is held against: more can be said then.
 * @throws ValidationError The order is not an object. What is wrong in it is a finding, and throws nothing.
 *
 * @example
 * const errors = (await checkOrder(newOrder)).filter(({ severity }) => severity === 'error');
 */
export async function checkOrder(order: NewOrder, context?: OrderContext): Promise<Finding[]> {
  const { findings } = await judge<CheckedOrder>((reader, done) => reader.checkOrder(order, context, done));
  return findings;
}

/** The order as it is to be sent, with its CSR as PEM that every program reads. Refuses one that would fail. */
export async function soundOrder(order: NewOrder, signal: AbortSignal | undefined): Promise<NewOrder> {
  const checked = await judge<CheckedOrder>((reader, done) => reader.checkOrder(order, undefined, done), signal);
  return withCsr(order, checked);
}

/** The same for the changes of a reissue. */
export async function soundReissue(
  changes: Reissue,
  order: Order | undefined,
  signal: AbortSignal | undefined,
): Promise<Reissue> {
  const checked = await judge<CheckedOrder>((reader, done) => reader.checkReissue(changes, order, done), signal);
  return withCsr(changes, checked);
}

function withCsr<T extends { cert?: object | null | undefined }>(form: T, { findings, csr }: CheckedOrder): T {
  const errors = findings.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) {
    const message = `Nothing was sent, for the call would fail. ${errors.map(({ message }) => message).join(' ')}`;
    throw new ValidationError({ code: 'invalid', message, findings });
  }
  return csr === undefined ? form : { ...form, cert: { ...form.cert, csr } };
}
