import { useMemo } from 'preact/hooks';
import { LinkButton } from '../../components/button.js';
import { Choice, Line, type Option } from '../../components/form.js';
import { Empty, ErrorNote, Loaded } from '../../components/states.js';
import { count } from '../../format.js';
import { groups, knownStatuses, statusWords } from '../../order-words.js';
import { present } from '../../state/clock.js';
import { orderBook, organizationBook, organizationOptions } from '../../state/orders.js';
import { href, route, setQuery } from '../../state/route.js';
import { touch } from '../../state/service.js';
import { typeOptions } from '../../words.js';
import { dates, isInGroup, narrowed } from './filter.js';
import { OrderTable } from './order-table.js';

/** All orders: filtered, sorted, and moving as their status changes. */
export function OrdersView() {
  const { orders, total, isWhole, error } = orderBook.value;
  const { query } = route.value;
  const group = query.get('group') ?? '';
  const time = present.value;
  const passing = useMemo(() => narrowed(orders, query, time), [orders, query, time]);
  const inGroup = (group: string) => passing.filter((order) => isInGroup(order, group, time));
  const shown = useMemo(() => inGroup(group), [passing, group]);
  const isPart = !isWhole && orders.length > 0;
  const tabs = [['', 'All'] as const, ...Object.entries(groups).map(([key, { label }]) => [key, label] as const)];
  return (
    <div class="view orders">
      <header class="view-head">
        <h1>Orders</h1>
        <span class="muted" role="status">
          {isPart && `${orders.length.toLocaleString('en')} of ${count(total ?? 0, 'order')} loaded`}
          {isWhole && count(shown.length, 'order')}
        </span>
        <LinkButton word="New order" look="primary" href={href('new')} />
      </header>
      <nav class="tabs" aria-label="Groups of orders">
        {tabs.map(([key, label]) => (
          <button key={key} type="button" aria-pressed={group === key} onClick={() => setQuery({ group: key })}>
            {label} <span class="count">{isWhole ? inGroup(key).length : '–'}</span>
          </button>
        ))}
      </nav>
      <Filters />
      <ErrorNote
        what="Could not load the organizations: their names are missing."
        error={organizationBook.value.error}
      />
      {/* What is there is shown before all of it is. */}
      <Loaded
        outcome={{ value: isWhole || orders.length > 0 || undefined, error, retry: touch }}
        label={isPart ? 'the rest of the orders' : 'the orders'}
        lines={12}
        show={() => {
          if (shown.length > 0) return <OrderTable orders={shown} />;
          if (isPart) return <Empty title="None of the orders loaded so far matches" />;
          if (orders.length > 0)
            return <Empty title="No order matches these filters" next="Clear the filters" to={href('orders')} />;
          return <Empty title="There are no orders yet" next="Place the first one" to={href('new')} />;
        }}
      />
    </div>
  );
}

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
  const { orders } = orderBook.value;
  // Those that this page does not know yet are found as well.
  const statuses = useMemo(() => [...new Set([...knownStatuses, ...orders.map(({ status }) => status)])], [orders]);
  return (
    <search class="filters">
      <Line type="search" aria-label="Search" placeholder="Name, serial number or ID" {...field('text')} />
      {choice('organization', 'Organization', organizationOptions())}
      {choice('type', 'Type', typeOptions)}
      {choice(
        'status',
        'Status',
        statuses.map((status): Option => [status, statusWords(status).label]),
      )}
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

const spans: Option[] = [
  ...['7', '30', '90'].map((days): Option => [days, `Expires within ${days} days`]),
  ...Object.entries(dates).map(([key, { words }]): Option => [key, `${words}…`]),
];
