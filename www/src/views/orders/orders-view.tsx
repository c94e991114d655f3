import { Empty, ErrorNote, Skeleton } from '../../components/states.js';
import { count } from '../../format.js';
import { orderBook, useOrderBook } from '../../state/orders.js';
import { href, route, setQuery } from '../../state/route.js';
import { now, touch } from '../../state/service.js';
import { groups } from '../../words.js';
import { filterOf, isInGroup, narrowed, sorted, sortOf } from './filter.js';
import { Filters } from './filters.js';
import { OrderTable } from './order-table.js';

/** All orders: filtered, sorted, and moving as their status changes. */
export function OrdersView() {
  const { orders, total, isWhole, error } = useOrderBook();
  const { query } = route.value;
  const filter = filterOf(query);
  const sort = sortOf(query);
  const passing = narrowed(orders, filter, now());
  const shown = sorted(
    passing.filter((order) => isInGroup(order, filter.group)),
    sort,
  );
  const isLoading = !isWhole && !error;
  return (
    <div class="view orders">
      <header class="view-head">
        <h1>Orders</h1>
        <span class="muted" role="status">
          {isLoading && total !== undefined
            ? `${orders.length} of ${count(total, 'order')} loaded`
            : count(shown.length, 'order')}
        </span>
        <a class="button primary" href={href('new')}>
          New order
        </a>
      </header>
      {Boolean(error) && <ErrorNote error={error} retry={touch} />}
      <nav class="tabs" aria-label="Groups of orders">
        {[['', 'All'] as const, ...Object.entries(groups).map(([key, { label }]) => [key, label] as const)].map(
          ([key, label]) => (
            <button
              key={key}
              type="button"
              aria-pressed={filter.group === key}
              onClick={() => setQuery({ group: key })}
            >
              {label} <span class="count">{passing.filter((order) => isInGroup(order, key)).length}</span>
            </button>
          ),
        )}
      </nav>
      <Filters filter={filter} />
      {isLoading && orders.length === 0 ? (
        <Skeleton lines={12} label="Loading orders" />
      ) : shown.length > 0 ? (
        <OrderTable orders={shown} sort={sort} />
      ) : (
        !error && <NoOrders hasAny={orderBook.value.orders.length > 0} />
      )}
    </div>
  );
}

function NoOrders({ hasAny }: { hasAny: boolean }) {
  if (!hasAny) {
    return (
      <Empty title="There are no orders yet">
        <a class="button primary" href={href('new')}>
          Place the first one
        </a>
      </Empty>
    );
  }
  return (
    <Empty title="No order passes these filters">
      <a class="button" href={href('orders')}>
        Clear the filters
      </a>
    </Empty>
  );
}
