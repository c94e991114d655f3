import type { Order } from 'markmonitor-certs';
import { Button } from '../components/button.js';
import { Card } from '../components/card.js';
import { DaysLeft, RenewButton } from '../components/signs.js';
import { Empty, Loaded } from '../components/states.js';
import { count, dayMs, daysUntil, formatDate } from '../format.js';
import { orderBook, organizationName, wholeBook } from '../state/orders.js';
import { href, route, setQuery } from '../state/route.js';
import { now } from '../state/service.js';
import { endOf, nameOf, typeWords } from '../words.js';

/** Certificates by the week in which they end, and the way to renewing them. */
export function ExpiryView() {
  const chosen = route.value.query.get('week') ?? '';
  const weeks = weeksOf(orderBook.value.orders, now());
  const week = weeks.find(({ monday }) => monday === chosen);
  const ended = week ? [] : orderBook.value.orders.filter((order) => hasEndedLately(order, now()));
  const shown = week ? week.orders : weeks.flatMap((week) => week.orders);
  const isEmpty = ended.length + shown.length === 0;
  const content = () => (
    <div class="stack">
      <Chart weeks={weeks} chosen={chosen} />
      <List title="Ended within the last 30 days" orders={ended} />
      <List title={week ? `Week of ${formatDate(week.start)}` : 'The next to end'} orders={shown} />
      {isEmpty && <Empty title="No certificate ends here" next="See all orders" to={href('orders')} />}
    </div>
  );
  return (
    <div class="view">
      <header class="view-head">
        <h1>Expiry</h1>
        {chosen && <Button word="All weeks" look="small" onClick={() => setQuery({ week: '' })} />}
      </header>
      <Loaded outcome={wholeBook()} label="Loading certificates" show={content} />
    </div>
  );
}

function Chart({ weeks, chosen }: { weeks: readonly Week[]; chosen: string }) {
  const most = Math.max(1, ...weeks.map(({ orders }) => orders.length));
  const monthOf = (start: Date) => start.toLocaleString('en', { month: 'short', timeZone: 'UTC' });
  return (
    <figure class="card">
      <figcaption class="visually-hidden">Certificates by the week in which they end</figcaption>
      <div class="weeks">
        {weeks.map(({ monday, start, orders }, index) => (
          <button
            key={monday}
            type="button"
            class={index < 2 ? 'tone-bad' : index < 6 ? 'tone-attention' : 'tone-good'}
            aria-pressed={monday === chosen}
            onClick={() => setQuery({ week: monday === chosen ? '' : monday })}
          >
            <span class="visually-hidden">
              Week of {formatDate(start)}: {count(orders.length, 'certificate')}
            </span>
            <span aria-hidden="true">{orders.length || ''}</span>
            <i style={{ height: `${(100 * orders.length) / most}px` }} />
            <span class="month" aria-hidden="true">
              {start.getUTCDate() <= 7 && monthOf(start)}
            </span>
          </button>
        ))}
      </div>
    </figure>
  );
}

function List({ title, orders }: { title: string; orders: readonly Order[] }) {
  if (orders.length === 0) return null;
  return (
    <Card title={title} beside={<span class="count">{orders.length}</span>}>
      <ul class="lines expiring">
        {orders.map((order) => (
          <li key={order.id}>
            <a href={href('order', order.id)} dir="auto">
              {nameOf(order)}
            </a>
            <span class="muted">
              {typeWords(order.certType)} · {organizationName(order.organizationId)}
            </span>
            {order.status === 'DIGI_EXPIRED' ? 'ended' : <DaysLeft order={order} />}
            <RenewButton order={order} look="small" />
          </li>
        ))}
      </ul>
    </Card>
  );
}

/** `monday` is its first day, as `2026-11-23`, in UTC as the certificates have it. */
type Week = { monday: string; start: Date; orders: Order[] };

const weekMs = 7 * dayMs;
const leastWeeks = 26;

/** Monday, 00:00 UTC, of a time's week: the first day of 1970 was a Thursday. */
const mondayOf = (time: number): number => Math.floor((time + 3 * dayMs) / weekMs) * weekMs - 3 * dayMs;

/** One entry for each week from now to the last end, those without an end included. */
function weeksOf(orders: readonly Order[], now: Date): Week[] {
  const ends = orders
    .map((order) => ({ order, time: Date.parse(endOf(order) ?? '') }))
    .filter(({ time }) => time >= now.getTime())
    .sort((a, b) => a.time - b.time);
  const byWeek = Map.groupBy(ends, ({ time }) => mondayOf(time));
  const first = mondayOf(now.getTime());
  const last = Math.max(first + (leastWeeks - 1) * weekMs, ...byWeek.keys());
  return Array.from({ length: (last - first) / weekMs + 1 }, (_, index) => {
    const start = new Date(first + index * weekMs);
    const own = byWeek.get(start.getTime()) ?? [];
    return { monday: start.toISOString().slice(0, 10), start, orders: own.map(({ order }) => order) };
  });
}

/** Whether a certificate has ended lately, and nobody has renewed it in its order. */
function hasEndedLately({ status, cert }: Order, now: Date): boolean {
  const left = daysUntil(cert?.dateValidUntil, now) ?? 0;
  return status === 'DIGI_EXPIRED' && left < 0 && left >= -30;
}
