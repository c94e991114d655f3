import { ValidationError } from '../errors/classes.js';
import { nearest } from '../errors/nearest.js';
import type { CheckedOrder } from '../generated/core.js';
import type { Finding, OrderContext } from '../types/pki.js';
import type { NewCert, NewOrder, Order, Reissue } from '../types/service.js';
import { copied } from './copied.js';
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
  const against = copied(context);
  const { findings } = await judge<CheckedOrder>((reader) => reader.checkOrder(order, against));
  return [...misspelt(order), ...findings];
}

/** The order as it is to be sent, with its CSR as PEM that every program reads. Refuses one that would fail. */
export async function soundOrder(order: NewOrder, signal: AbortSignal | undefined): Promise<NewOrder> {
  const checked = await judge<CheckedOrder>((reader) => reader.checkOrder(order, undefined), signal);
  return withCsr(order, checked);
}

/** The same for the changes of a reissue. */
export async function soundReissue(
  changes: Reissue,
  order: Order | undefined,
  signal: AbortSignal | undefined,
): Promise<Reissue> {
  const checked = await judge<CheckedOrder>((reader) => reader.checkReissue(changes, order), signal);
  return withCsr(changes, checked);
}

function withCsr<T extends Form>(form: T, checked: CheckedOrder): T {
  const { csr } = checked;
  const findings = [...misspelt(form), ...checked.findings];
  const errors = findings.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) {
    const message = `Nothing was sent, for the call would fail. ${errors.map(({ message }) => message).join(' ')}`;
    throw new ValidationError({ code: 'invalid', message, findings });
  }
  return csr === undefined ? form : { ...form, cert: { ...form.cert, csr } };
}

type Form = { cert?: object | null | undefined };

/** Every field that there is: the compiler keeps it complete. */
const inOrder: Record<keyof NewOrder | keyof Reissue, true> = {
  additionalEmails: true,
  cert: true,
  certType: true,
  comments: true,
  contacts: true,
  groupId: true,
  ignoreOrgCheck: true,
  locale: true,
  organizationId: true,
  provider: true,
  renewalNotificationsDisabled: true,
  skipPrice: true,
};
const inCert: Record<keyof NewCert, true> = {
  algorithmHash: true,
  commonName: true,
  csr: true,
  dcvEmails: true,
  dcvMethod: true,
  dnsNames: true,
  organizationUnits: true,
  provider: true,
  rootHash: true,
  serverPlatform: true,
};

/**
 * Fields that the service would pass over without a word, for they differ in a letter from one that there is, or stand beside
 * `cert` in place of within it. A field that is like none goes through: the service may know it.
 */
function misspelt(form: Form): Finding[] {
  return [...misspeltIn(form, '', inOrder), ...misspeltIn(form.cert, 'cert.', inCert)];
}

function misspeltIn(part: unknown, path: string, known: Record<string, true>): Finding[] {
  if (typeof part !== 'object' || part === null) return [];
  return Object.entries(part).flatMap(([name, value]) => {
    if (value === undefined || Object.hasOwn(known, name)) return [];
    const isWithin = path === '' && Object.hasOwn(inCert, name);
    const meant = isWithin ? `cert.${name}` : nearest(name, Object.keys(known), 1);
    if (meant === undefined) return [];
    const field = `${path}${name}`;
    const message = `There is no field \`${field}\`: did you mean \`${isWithin ? '' : path}${meant}\`?`;
    return [{ severity: 'error', code: 'unknown_option', message, field }];
  });
}
