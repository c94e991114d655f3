import { dateOf, type Order } from 'markmonitor-certs';
import { endOf, stateOf } from '../order-words.js';
import { now } from '../state/clock.js';
import { href } from '../state/route.js';
import { LinkButton } from './button.js';
import { Badge, Until } from './signs.js';

export function StatusBadge({ order }: { order: Order }) {
  const { label, tone } = stateOf(order, now());
  return <Badge tone={tone}>{label}</Badge>;
}

export const DaysLeft = ({ order }: { order: Order }) => (
  <Until from={dateOf(order.cert?.dateValidFrom)} until={endOf(order)} />
);

export function RenewButton({ id, name, look = '' }: { id: string; name: string; look?: string }) {
  const to = href('new', '', { renew: id });
  return <LinkButton word="Renew" look={look} href={to} aria-label={`Renew ${name}`} />;
}
