import { dateOf, type Order, type Validation } from 'markmonitor-certs';
import { daysUntil, formatDate } from '../format.js';
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

/** A validation that ends within so many days is announced. */
const soonDays = 60;

/** What an organization is validated for, and until when; the end is announced. */
export function ValidationBadge({ validation }: { validation: Partial<Validation> }) {
  const { type = 'Validation', status = 'unknown', dateValidatedUntil } = validation;
  const left = daysUntil(dateOf(dateValidatedUntil), now());
  if (left === undefined) {
    return (
      <Badge tone="waiting">
        {type} {status.toLowerCase()}
      </Badge>
    );
  }
  const until = formatDate(dateOf(dateValidatedUntil));
  if (left < 0) return <Badge tone="bad">{`${type} ended ${until}`}</Badge>;
  if (left <= soonDays) return <Badge tone="attention">{`${type} ends ${until}`}</Badge>;
  return <Badge tone="good">{`${type} until ${until}`}</Badge>;
}
