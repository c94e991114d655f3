import type { RenewalItem } from 'markmonitor-certs';
import { count, dayMs, dayOf, formatDate } from '../../format.js';
import { setQuery } from '../../state/route.js';

/** The certificates that end in a week; `key` is its first day, as `2026-11-23`. The last one has all that end later. */
interface Week {
  key: string;
  start: Date;
  items: RenewalItem[];
  isRest: boolean;
}

/** Half a year: no certificate that is ordered now lasts longer than 200 days. */
const shownWeeks = 28;

/** Monday of a time's week, at midnight where the reader is. */
function mondayOf(time: Date): Date {
  const day = new Date(time.getFullYear(), time.getMonth(), time.getDate());
  day.setDate(day.getDate() - ((day.getDay() + 6) % 7));
  return day;
}

/** One entry for each week from now on, those without an end included; far ends are one bar. What is replaced is in none. */
export function weeksOf(items: readonly RenewalItem[], now: Date): Week[] {
  const first = mondayOf(now);
  const weeks = Array.from({ length: shownWeeks + 1 }, (_, index): Week => {
    const start = new Date(first);
    start.setDate(first.getDate() + 7 * index);
    return { key: index < shownWeeks ? (dayOf(start) ?? '') : 'later', start, items: [], isRest: index === shownWeeks };
  });
  for (const item of items) {
    const end = new Date(item.notAfter);
    if (end < now || item.action === 'replaced') continue;
    // Weeks have an hour more or less where the clocks change.
    const index = Math.round((mondayOf(end).getTime() - first.getTime()) / (7 * dayMs));
    weeks[Math.min(index, shownWeeks)]?.items.push(item);
  }
  return weeks;
}

export function Chart({ weeks, chosen }: { weeks: readonly Week[]; chosen: string }) {
  const most = Math.max(1, ...weeks.map(({ items }) => items.length));
  const monthOf = (start: Date) => start.toLocaleString('en', { month: 'short' });
  return (
    <figure class="card">
      <figcaption class="visually-hidden">Certificates by the week in which they end</figcaption>
      <div class="weeks">
        {weeks.map(({ key, start, items, isRest }, index) => (
          <button
            key={key}
            type="button"
            class={index < 2 ? 'tone-bad' : index < 6 ? 'tone-attention' : 'tone-good'}
            aria-pressed={key === chosen}
            onClick={() => setQuery({ week: key === chosen ? '' : key })}
          >
            <span class="visually-hidden">
              {isRest ? 'Later' : `Week of ${formatDate(start)}`}: {count(items.length, 'certificate')}
            </span>
            <span class="number" aria-hidden="true">
              {items.length || ''}
            </span>
            <i style={{ height: `${(6.25 * items.length) / most}rem` }} />
            <span class="month" aria-hidden="true">
              {isRest ? 'Later' : start.getDate() <= 7 && monthOf(start)}
            </span>
          </button>
        ))}
      </div>
    </figure>
  );
}
