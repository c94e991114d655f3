import type { Order, RenewalItem } from 'markmonitor-certs';
import { allNamesOf, endOf, nameOf } from '../../order-words.js';

/** What is shown of a certificate: what the plan has of each. */
export type Ending = Pick<RenewalItem, 'orderId' | 'commonName' | 'notAfter' | 'action' | 'reason'> & {
  [Name in 'certType' | 'organizationId' | 'notBefore' | 'replacedBy']?: string | undefined;
};

type Group = { title: string; isFolded?: boolean; has: (item: Ending, isOver: boolean) => boolean };

const isOneOf =
  (...actions: Ending['action'][]) =>
  ({ action }: Ending) =>
    actions.includes(action);

/** In the order in which they are shown. What is replaced, revoked or being renewed is there and nowhere else. */
const groups: Group[] = [
  { title: 'Ended, and not replaced', has: (item, isOver) => isOver && !isSettled(item) },
  { title: 'Cannot be renewed as it is', has: isOneOf('blocked', 'unknown', 'retry') },
  { title: 'To renew now', has: isOneOf('renew') },
  { title: 'Being renewed', has: isOneOf('continue') },
  { title: 'Next to end', has: isOneOf('later') },
  { title: 'Replaced', isFolded: true, has: isOneOf('replaced') },
  { title: 'Revoked', isFolded: true, has: isOneOf('revoked') },
];
const isSettled = isOneOf('replaced', 'revoked', 'continue');

/** The items by what is said of them; each is in the first group that has it. */
export function groupsOf(items: readonly Ending[], now: Date) {
  const byGroup = Map.groupBy(items, (item) => groups.find(({ has }) => has(item, new Date(item.notAfter) < now)));
  return groups.map((group) => ({ ...group, items: byGroup.get(group) ?? [] }));
}

/** The orders whose certificates have ended long ago, or that the service calls expired: the plan leaves them out. */
export function endedBeside(items: readonly Ending[], orders: readonly Order[], now: Date): Ending[] {
  const planned = new Set(items.map(({ orderId }) => orderId));
  const byName = Map.groupBy(orders, ({ cert }) => cert?.commonName);
  return orders.flatMap((order) => {
    const { id, certType, organizationId, cert } = order;
    const end = endOf(order);
    if (!end || end >= now || planned.has(id)) return [];
    const replacedBy = byName.get(cert?.commonName)?.find((other) => isSuccessor(other, order, end))?.id;
    const [action, reason] = replacedBy ? (['replaced', ''] as const) : (['ended', 'it has ended'] as const);
    const notAfter = end.toISOString();
    return [{ orderId: id, commonName: nameOf(order), certType, organizationId, notAfter, action, reason, replacedBy }];
  });
}

/** Whether an order of the same common name ends later than another one, and covers its names. */
function isSuccessor(order: Order, other: Order, end: Date): boolean {
  const names = new Set(allNamesOf(order));
  return Number(endOf(order) ?? 0) > end.getTime() && allNamesOf(other).every((name) => names.has(name));
}
