import { LinkButton } from '../../components/button.js';
import { Choice, Line, type Option } from '../../components/form.js';
import { Empty, Loaded } from '../../components/states.js';
import { count } from '../../format.js';
import { orderBook } from '../../state/orders.js';
import { href, route, setQuery } from '../../state/route.js';
import { now, touch } from '../../state/service.js';
import { groups, knownStatuses, statusWords, typeOptions } from '../../words.js';
import { dates, isInGroup, narrowed } from './filter.js';
import { OrderTable } from './order-table.js';

/** All orders: filtered, sorted, and moving as their status changes. */
export function OrdersView() {
  const { orders, total, isWhole, error } = orderBook.value;
  const { query } = route.value;
  const group = query.get('group') ?? '';
  const passing = narrowed(orders, query, now());
  const ofGroup = (group: string) => passing.filter((order) => isInGroup(order, group));
  const shown = ofGroup(group);
  const isLoading = !isWhole && !error && total !== undefined;
  const tabs = [['', 'All'] as const, ...Object.entries(groups).map(([key, { label }]) => [key, label] as const)];
  return (
    <div class="view orders">
      <header class="view-head">
        <h1>Orders</h1>
        <span class="muted" role="status">
          {isLoading ? `${orders.length} of ${count(total, 'order')} loaded` : count(shown.length, 'order')}
        </span>
        <LinkButton word="New order" look="primary" href={href('new')} />
      </header>
      <nav class="tabs" aria-label="Groups of orders">
        {tabs.map(([key, label]) => (
          <button key={key} type="button" aria-pressed={group === key} onClick={() => setQuery({ group: key })}>
            {label} <span class="count">{ofGroup(key).length}</span>
          </button>
        ))}
      </nav>
      <Filters />
      {/* What is there is shown before all of it is. */}
      <Loaded
        outcome={{ value: isWhole || orders.length > 0 || undefined, error, retry: touch }}
        label="Loading orders"
        lines={12}
        show={() => {
          if (shown.length > 0) return <OrderTable orders={shown} />;
          if (orders.length > 0)
            return <Empty title="No order matches these filters" next="Clear the filters" to={href('orders')} />;
          return <Empty title="There are no orders yet" next="Place the first one" to={href('new')} />;
        }}
      />
    </div>
  );
}

/** The fields that narrow the list; their values are in the address. */
function Filters() {
  const field = (name: string) => ({
    value: route.value.query.get(name) ?? '',
    change: (text: string) => setQuery({ [name]: text }),
  });
  const choice = (name: string, label: string, options: Option[]) => (
    <Choice
      {...field(name)}
      class={field(name).value && 'chosen'}
      aria-label={label}
      options={[['', `${label}: all`], ...options]}
    />
  );
  const organizations = [...orderBook.value.organizations].map(([id, { name = id }]): Option => [id, name]);
  return (
    <search class="filters">
      <Line type="search" aria-label="Search" placeholder="Name, serial number or id" {...field('text')} />
      {choice('organization', 'Organization', organizations)}
      {choice('type', 'Type', typeOptions)}
      {choice('status', 'Status', statuses)}
      {choice('date', 'Date', spans)}
      {Object.hasOwn(dates, field('date').value) && (
        <span class="actions">
          <Line type="date" aria-label="From" {...field('from')} />
          <Line type="date" aria-label="To" {...field('to')} />
        </span>
      )}
    </search>
  );
}

const statuses = knownStatuses.map((status): Option => [status, statusWords(status).label]);

const spans: Option[] = [
  ...['7', '30', '90'].map((days): Option => [days, `Expires within ${days} days`]),
  ...Object.entries(dates).map(([key, { words }]): Option => [key, `${words}…`]),
];
