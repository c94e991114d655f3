import type { Order } from 'markmonitor-certs';
import type { FunctionComponent } from 'preact';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { DaysLeft, StatusBadge } from '../../components/signs.js';
import { daysUntil, formatAgo } from '../../format.js';
import { changedIds, organizationName } from '../../state/orders.js';
import { href, route, setQuery } from '../../state/route.js';
import { now } from '../../state/service.js';
import { endOf, nameOf, statusWords, typeWords } from '../../words.js';

interface Column {
  words: string;
  /** What the rows are sorted by, and what the column shows unless there is a `cell`. */
  key: (order: Order) => string;
  cell?: FunctionComponent<{ order: Order }>;
}

const columns: Record<string, Column> = {
  name: { words: 'Common name', key: nameOf },
  status: { words: 'Status', key: ({ status }) => statusWords(status).label, cell: StatusBadge },
  type: { words: 'Type', key: ({ certType }) => typeWords(certType) },
  organization: { words: 'Organization', key: ({ organizationId }) => organizationName(organizationId) },
  // What does not end comes last.
  expires: { words: 'Expires', key: (order) => endOf(order) ?? '~', cell: DaysLeft },
  updated: {
    words: 'Updated',
    key: ({ dateUpdated = '' }) => dateUpdated,
    cell: ({ order }) => formatAgo(order.dateUpdated, now()),
  },
};

/** Sorts as the address says, `column,asc` or `column,desc`; the latest change comes first otherwise. */
function sorted(orders: readonly Order[], sort: string): Order[] {
  const [column = '', direction] = sort.split(',');
  const { key } = columns[column] ?? { key: nameOf };
  const keyed = orders.map((order) => ({ order, key: key(order) }));
  keyed.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
  if (direction === 'desc') keyed.reverse();
  return keyed.map(({ order }) => order);
}

/** The orders, one row each. Only the rows in sight are in the page, so that thousands scroll smoothly. */
export function OrderTable({ orders }: { orders: readonly Order[] }) {
  const sort = route.value.query.get('sort') ?? 'updated,desc';
  // Scrolling draws the table again, and sorts nothing.
  const rows = useMemo(() => sorted(orders, sort), [orders, sort]);
  const spacer = (height: number) => height > 0 && <tr style={{ height: `${height}px` }} />;
  const { scroller, look, first, last, rowHeight } = useWindow(orders.length);
  return (
    <div class="scroller" ref={scroller} onScroll={look}>
      <table class="orders-table" aria-rowcount={orders.length + 1}>
        <thead>
          <tr aria-rowindex={1}>
            {Object.entries(columns).map(([column, { words }]) => (
              <ColumnHead key={column} column={column} words={words} sort={sort} />
            ))}
          </tr>
        </thead>
        <tbody onKeyDown={moveFocus}>
          {spacer(first * rowHeight)}
          {rows.slice(first, last).map((order, index) => (
            <Row key={order.id} order={order} index={first + index} />
          ))}
          {spacer((orders.length - last) * rowHeight)}
        </tbody>
      </table>
    </div>
  );
}

function ColumnHead({ column, words, sort }: { column: string; words: string; sort: string }) {
  const isUp = sort === `${column},asc`;
  const isDown = sort === `${column},desc`;
  return (
    <th class={column} scope="col" aria-sort={isUp ? 'ascending' : isDown ? 'descending' : 'none'}>
      <button type="button" onClick={() => setQuery({ sort: `${column},${isUp ? 'desc' : 'asc'}` })}>
        {words} <i aria-hidden="true">{isUp ? '↑' : isDown ? '↓' : ''}</i>
      </button>
    </th>
  );
}

function Row({ order, index }: { order: Order; index: number }) {
  const { id, certType } = order;
  const isChanged = changedIds.value.has(id);
  const left = daysUntil(endOf(order), now());
  return (
    <tr class={isChanged ? 'changed' : ''} aria-rowindex={index + 2}>
      <td class="name">
        <a href={href('order', id)} dir="auto">
          {nameOf(order)}
        </a>
        {isChanged && <span class="visually-hidden">changed just now</span>}
        {/* In place of the columns that a phone has no room for. */}
        <small class="muted">
          {[typeWords(certType), left !== undefined && `${left} d`].filter(Boolean).join(' · ')}
        </small>
      </td>
      {Object.entries(columns)
        .slice(1)
        .map(([column, { key, cell: Cell }]) => (
          <td key={column} class={column} dir="auto">
            {Cell ? <Cell order={order} /> : key(order)}
          </td>
        ))}
    </tr>
  );
}

/** The arrow keys go from row to row; scrolling brings further rows into the page. */
function moveFocus(event: KeyboardEvent): void {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step || !(event.currentTarget instanceof HTMLElement)) return;
  const links = [...event.currentTarget.querySelectorAll('a')];
  const target = links[links.indexOf(document.activeElement as HTMLAnchorElement) + step];
  if (!target) return;
  event.preventDefault();
  target.focus();
}

/** Rows beyond the edge, so that scrolling and the arrow keys find them there. */
const margin = 8;

/** Which rows of a long table are in sight of its scroller. Their height is in the style sheet, as `--row`. */
function useWindow(total: number) {
  const scroller = useRef<HTMLDivElement>(null);
  const [{ top, height, rowHeight }, setView] = useState({ top: 0, height: 800, rowHeight: 36 });
  const look = () => {
    const { current } = scroller;
    if (!current) return;
    const rowHeight = Number.parseFloat(getComputedStyle(current).getPropertyValue('--row'));
    setView({ top: current.scrollTop, height: current.clientHeight, rowHeight });
  };
  useEffect(() => {
    const observer = new ResizeObserver(look);
    if (scroller.current) observer.observe(scroller.current);
    return () => observer.disconnect();
  }, []);
  const first = Math.max(0, Math.floor(top / rowHeight) - margin);
  const last = Math.min(total, Math.ceil((top + height) / rowHeight) + margin);
  return { scroller, look, first, last, rowHeight };
}
