import type { Order } from 'markmonitor-certs';
import { DaysLeft } from '../../components/days-left.js';
import { Empty, ErrorNote, Skeleton } from '../../components/states.js';
import { count, formatDate } from '../../format.js';
import { organizationName, useOrderBook } from '../../state/orders.js';
import { href, route, setQuery } from '../../state/route.js';
import { now, touch } from '../../state/service.js';
import { nameOf, typeWords } from '../../words.js';
import { hasEndedLately, type Week, weeksOf } from './weeks.js';

/** Certificates by the week in which they end, and the way to renewing them. */
export function ExpiryView() {
  const { orders, isWhole, error } = useOrderBook();
  const chosen = route.value.query.get('week') ?? '';
  const weeks = weeksOf(orders, now());
  const ended = orders.filter((order) => hasEndedLately(order, now()));
  const week = weeks.find(({ monday }) => monday === chosen);
  const shown = week ? week.orders : weeks.flatMap((week) => week.orders);
  return (
    <div class="view">
      <header class="view-head">
        <h1>Expiry</h1>
        <span class="muted">{count(shown.length, 'certificate')}</span>
        {week && (
          <button type="button" class="button small" onClick={() => setQuery({ week: '' })}>
            All weeks
          </button>
        )}
      </header>
      {Boolean(error) && <ErrorNote error={error} retry={touch} />}
      {!isWhole && !error && <Skeleton lines={8} label="Loading certificates" />}
      {isWhole && (
        <>
          <Chart weeks={weeks} chosen={chosen} />
          {!week && ended.length > 0 && <List title="Ended within the last 30 days" orders={ended} />}
          {shown.length > 0 ? (
            <List title={week ? `Week of ${formatDate(week.start)}` : 'The next to end'} orders={shown} />
          ) : (
            <Empty title="No certificate ends here" />
          )}
        </>
      )}
    </div>
  );
}

function Chart({ weeks, chosen }: { weeks: readonly Week[]; chosen: string }) {
  const most = Math.max(1, ...weeks.map(({ orders }) => orders.length));
  return (
    <figure class="card chart">
      <figcaption class="visually-hidden">Certificates by the week in which they end</figcaption>
      <div class="weeks">
        {weeks.map(({ monday, start, orders }, index) => {
          const isUrgent = index < 2 && orders.length > 0;
          const isMonth = start.getUTCDate() <= 7;
          return (
            <button
              key={monday}
              type="button"
              class={isUrgent ? 'tone-bad' : index < 6 ? 'tone-attention' : 'tone-good'}
              aria-pressed={monday === chosen}
              onClick={() => setQuery({ week: monday === chosen ? '' : monday })}
            >
              <span class="visually-hidden">
                Week of {formatDate(start)}: {count(orders.length, 'certificate')}
              </span>
              <span class="bar-count" aria-hidden="true">
                {orders.length || ''}
              </span>
              <i style={{ height: `${(100 * orders.length) / most}px` }} />
              <span class="month" aria-hidden="true">
                {isMonth && start.toLocaleString('en', { month: 'short', timeZone: 'UTC' })}
              </span>
            </button>
          );
        })}
      </div>
    </figure>
  );
}

function List({ title, orders }: { title: string; orders: readonly Order[] }) {
  return (
    <section class="card expiry-list">
      <h2>{title}</h2>
      <ul>
        {orders.map((order) => (
          <li key={order.id}>
            <a href={href('order', order.id)}>
              <bdi>{nameOf(order)}</bdi>
            </a>
            <span class="muted">
              {typeWords(order.certType)} · <bdi>{organizationName(order.organizationId)}</bdi>
            </span>
            <DaysLeft from={order.cert?.dateValidFrom} until={order.cert?.dateValidUntil} />
            <a
              class="button small"
              href={href('new', '', { renew: order.id ?? '' })}
              aria-label={`Renew ${nameOf(order)}`}
            >
              Renew
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}
