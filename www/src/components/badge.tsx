import type { OrderStatus } from 'markmonitor-certs';
import { statusWords, type Tone } from '../words.js';

/** A word with a colour. */
export function Badge({ tone, children }: { tone: Tone; children: preact.ComponentChildren }) {
  return (
    <span class={`badge tone-${tone}`}>
      <i class="dot" aria-hidden="true" />
      {children}
    </span>
  );
}

/** An order's status. */
export function StatusBadge({ status }: { status: OrderStatus | undefined }) {
  const { label, tone } = statusWords(status);
  return <Badge tone={tone}>{label}</Badge>;
}
