import { daysUntil, formatDate } from '../format.js';
import { now } from '../state/service.js';

/** How long a certificate holds: days, and a bar of its lifetime. */
export function DaysLeft({ from, until }: { from: string | undefined; until: string | undefined }) {
  const left = daysUntil(until, now());
  if (left === undefined || until === undefined) return <span class="muted">–</span>;
  const lifetime = from ? (Date.parse(until) - Date.parse(from)) / 86_400_000 : 199;
  const part = Math.max(0, Math.min(100, (100 * left) / lifetime));
  const tone = left < 14 ? 'bad' : left < 45 ? 'attention' : 'good';
  return (
    <span class={`days-left tone-${tone}`} title={`Valid until ${formatDate(until)}`}>
      <svg viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
        <rect class="track" width="100" height="6" />
        <rect class="level" width={part} height="6" />
      </svg>
      {left < 0 ? 'ended' : `${left} d`}
    </span>
  );
}
