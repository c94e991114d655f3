import type { Order } from 'markmonitor-certs';
import type { RenderableProps } from 'preact';
import { dayMs, daysUntil, formatDate } from '../format.js';
import { href } from '../state/route.js';
import { now } from '../state/service.js';
import { endOf, nameOf, statusWords, type Tone } from '../words.js';
import { LinkButton } from './button.js';

export function Badge({ tone, children }: RenderableProps<{ tone: Tone }>) {
  return <span class={`badge tone-${tone}`}>{children}</span>;
}

export function StatusBadge({ order: { status } }: { order: Order }) {
  const { label, tone } = statusWords(status);
  return <Badge tone={tone}>{label}</Badge>;
}

/** A level between nothing and all, beside words that say the same. */
export const Bar = ({ percent, tone }: { percent: number; tone: Tone }) => (
  <svg class={`bar tone-${tone}`} viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
    <rect width={Math.max(0, Math.min(100, percent))} height="6" />
  </svg>
);

export function DaysLeft({ order }: { order: Order }) {
  const from = order.cert?.dateValidFrom ?? '';
  const until = endOf(order) ?? '';
  const left = daysUntil(until, now());
  if (left === undefined) return <span class="muted">–</span>;
  const lifetime = (Date.parse(until) - Date.parse(from)) / dayMs || 199;
  return (
    <span class="days-left" title={`Valid until ${formatDate(until)}`}>
      <Bar percent={(100 * left) / lifetime} tone={left < 14 ? 'bad' : left < 45 ? 'attention' : 'good'} />
      {left < 0 ? 'ended' : `${left} d`}
    </span>
  );
}

export function RenewButton({ order, look = '' }: { order: Order; look?: string }) {
  const to = href('new', '', { renew: order.id });
  return <LinkButton word="Renew" look={look} href={to} aria-label={`Renew ${nameOf(order)}`} />;
}
