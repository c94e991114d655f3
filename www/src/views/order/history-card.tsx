import type { History, Order } from 'markmonitor-certs';
import { ErrorNote, Skeleton } from '../../components/states.js';
import { formatAgo, formatDateTime } from '../../format.js';
import { useLive } from '../../state/live.js';
import { now } from '../../state/service.js';

/** What happened to an order, the latest first. It is asked for again only when the order has changed. */
export function HistoryCard({ order }: { order: Order }) {
  const { id = '', dateUpdated } = order;
  const { value, error, retry } = useLive<History[]>(`history ${id} ${dateUpdated}`, {
    look: ({ client }, signal) => client.orders.history.list(id, { size: 100 }, { signal }).toArray({ limit: 500 }),
    every: () => undefined,
  });
  const lines = (value ?? order.history)?.toSorted((a, b) => keyOf(b).localeCompare(keyOf(a)));
  return (
    <section class="card history" aria-label="History">
      <h2>
        History <span class="count">{lines?.length}</span>
      </h2>
      {Boolean(error) && <ErrorNote error={error} retry={retry} />}
      {!lines && !error && <Skeleton lines={6} label="Loading the history" />}
      <ol>
        {lines?.map(({ id, dateCreated, userName, text }) => (
          <li key={id}>
            <bdi>{text}</bdi>
            <p class="muted" title={formatDateTime(dateCreated)}>
              {formatAgo(dateCreated, now())} · <bdi>{userName ?? 'system'}</bdi>
            </p>
          </li>
        ))}
      </ol>
    </section>
  );
}

const keyOf = ({ dateCreated }: History) => dateCreated ?? '';
