import type { RenewalItem } from 'markmonitor-certs';

type Group = { title: string; isFolded?: boolean; has: (item: RenewalItem, isOver: boolean) => boolean };

const isOneOf =
  (...actions: RenewalItem['action'][]) =>
  ({ action }: RenewalItem) =>
    actions.includes(action);

/** In the order in which they are shown. What is replaced, revoked or being renewed is there and nowhere else. */
const groups: Group[] = [
  { title: 'Ended, and not replaced', has: (item, isOver) => isOver && !isSettled(item) },
  { title: 'Cannot be renewed as it is', has: isOneOf('blocked', 'unknown', 'retry') },
  { title: 'To renew now', has: isOneOf('renew') },
  { title: 'Being renewed', has: isOneOf('continue') },
  { title: 'Not due yet', has: isOneOf('later') },
  { title: 'Replaced', isFolded: true, has: isOneOf('replaced') },
  { title: 'Revoked', isFolded: true, has: isOneOf('revoked') },
];
const isSettled = isOneOf('replaced', 'revoked', 'continue');

/** The items by what is said of them; each is in the first group that has it. One that ends is moved before the next plan. */
export function groupsOf(items: readonly RenewalItem[], now: Date) {
  const byGroup = Map.groupBy(items, (item) => groups.find(({ has }) => has(item, new Date(item.notAfter) < now)));
  return groups.map((group) => ({ ...group, items: byGroup.get(group) ?? [] }));
}
