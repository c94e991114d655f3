import type { Order } from 'markmonitor-certs';
import { useRef } from 'preact/hooks';
import { Button } from '../components/button.js';
import { Card } from '../components/card.js';
import { DaysLeft, RenewButton, StatusBadge } from '../components/order-signs.js';
import { useRows } from '../components/rows.js';
import { Empty, Loaded } from '../components/states.js';
import { count, dayMs, dayOf, formatDate } from '../format.js';
import { endOf, nameOf } from '../order-words.js';
import { present } from '../state/clock.js';
import { orderBook, organizationName, wholeBook } from '../state/orders.js';
import { href, route, setQuery } from '../state/route.js';
import { typeWords } from '../words.js';

/** Certificates by the week in which they end, and the way to renewing them. */
export function ExpiryView() {
  const chosen = route.value.query.get('week') ?? '';
  const now = present.value;
  const all = endingsOf(orderBook.value.orders);
  const weeks = weeksOf(all, now);
  const ofWeek = weeks.find(({ key }) => key === chosen)?.items;
  const content = () => (
    <div class="stack">
      <Chart weeks={weeks} chosen={chosen} />
      {!ofWeek && <List title="Ended, whatever the service calls them" items={all.filter(({ end }) => end < now)} />}
      <List
        title={ofWeek ? 'They end in this week' : 'Next to end'}
        items={ofWeek ?? all.filter(({ end }) => end >= now)}
      />
      {(ofWeek ?? all).length === 0 && (
        <Empty title="No certificate ends here" next="See all orders" to={href('orders')} />
      )}
    </div>
  );
  return (
    <div class="view">
      <header class="view-head">
        <h1>Expiry</h1>
        {chosen && <Button word="All weeks" look="small" onClick={() => setQuery({ week: '' })} />}
      </header>
      <Loaded outcome={wholeBook()} label="the certificates" show={content} />
    </div>
  );
}

const endingsOf = (orders: readonly Order[]): Ending[] =>
  orders
    .flatMap((order) => {
      const end = endOf(order);
      return end ? [{ order, end }] : [];
    })
    .sort((a, b) => a.end.getTime() - b.end.getTime());

function List({ title, items }: { title: string; items: readonly Ending[] }) {
  const scroller = useRef<HTMLDivElement>(null);
  const { places, rest } = useRows(items.length, scroller, -1);
  if (items.length === 0) return null;
  return (
    <Card title={title} beside={<span class="count">{items.length}</span>}>
      <div class="scroller" ref={scroller}>
        <ul class="lines expiring">
          {places.flatMap(({ index, gap }) => {
            const order = items[index]?.order;
            if (!order) return [];
            return [
              gap > 0 && <li key={`gap ${order.id}`} style={{ height: `${gap}px` }} />,
              <li key={order.id}>
                <a href={href('order', order.id)} dir="auto">
                  {nameOf(order)}
                </a>
                <span class="muted">
                  {typeWords(order.certType)} · {organizationName(order.organizationId)}
                </span>
                <StatusBadge order={order} />
                <DaysLeft order={order} />
                <RenewButton order={order} look="small" />
              </li>,
            ];
          })}
          {rest > 0 && <li key="rest" style={{ height: `${rest}px` }} />}
        </ul>
      </div>
    </Card>
  );
}

interface Ending {
  order: Order;
  end: Date;
}

/** The certificates of a week; `key` is its first day, as `2026-11-23`. The last one has all that end later. */
interface Week {
  key: string;
  start: Date;
  items: Ending[];
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

/** One entry for each week from now on, those without an end included; far ends are one bar. */
function weeksOf(items: readonly Ending[], now: Date): Week[] {
  const first = mondayOf(now);
  const weeks = Array.from({ length: shownWeeks + 1 }, (_, index): Week => {
    const start = new Date(first);
    start.setDate(first.getDate() + 7 * index);
    return { key: index < shownWeeks ? (dayOf(start) ?? '') : 'later', start, items: [], isRest: index === shownWeeks };
  });
  for (const item of items) {
    if (item.end < now) continue;
    // Weeks have an hour more or less where the clocks change.
    const index = Math.round((mondayOf(item.end).getTime() - first.getTime()) / (7 * dayMs));
    weeks[Math.min(index, shownWeeks)]?.items.push(item);
  }
  return weeks;
}

function Chart({ weeks, chosen }: { weeks: readonly Week[]; chosen: string }) {
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
            <span aria-hidden="true">{items.length || ''}</span>
            <i style={{ height: `${(100 * items.length) / most}px` }} />
            <span class="month" aria-hidden="true">
              {isRest ? 'Later' : start.getDate() <= 7 && monthOf(start)}
            </span>
          </button>
        ))}
      </div>
    </figure>
  );
}
