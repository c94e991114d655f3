import type { Order } from 'markmonitor-certs';
import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { DaysLeft, StatusBadge } from '../../components/signs.js';
import { daysUntil, formatAgo } from '../../format.js';
import { changedIds, organizationName } from '../../state/orders.js';
import { href, setQuery } from '../../state/route.js';
import { now } from '../../state/service.js';
import { endOf, nameOf, typeWords } from '../../words.js';
import { columns, type Sort } from './filter.js';

/** The orders, one row each. Only the rows in sight are in the page, so that thousands scroll smoothly. */
export function OrderTable({ orders, sort }: { orders: readonly Order[]; sort: Sort }) {
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
          {orders.slice(first, last).map((order, index) => (
            <Row key={order.id} order={order} index={first + index} />
          ))}
          {spacer((orders.length - last) * rowHeight)}
        </tbody>
      </table>
    </div>
  );
}

function ColumnHead({ column, words, sort }: { column: string; words: string; sort: Sort }) {
  const isSorted = sort.column === column;
  const direction = isSorted ? (sort.isDescending ? 'descending' : 'ascending') : 'none';
  const next = isSorted && !sort.isDescending ? 'desc' : 'asc';
  return (
    <th class={column} scope="col" aria-sort={direction}>
      <button type="button" onClick={() => setQuery({ sort: `${column},${next}` })}>
        {words} <i aria-hidden="true">{isSorted && (sort.isDescending ? '↓' : '↑')}</i>
      </button>
    </th>
  );
}

/** What stands in the columns beside the name. */
const cells: Record<string, (order: Order) => ComponentChildren> = {
  status: (order) => <StatusBadge order={order} />,
  type: ({ certType }) => typeWords(certType),
  organization: ({ organizationId }) => organizationName(organizationId),
  expires: (order) => <DaysLeft order={order} />,
  updated: ({ dateUpdated }) => formatAgo(dateUpdated, now()),
};

function Row({ order, index }: { order: Order; index: number }) {
  const { id = '', certType } = order;
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
      {Object.entries(cells).map(([column, cell]) => (
        <td key={column} class={column} dir="auto">
          {cell(order)}
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

/** Which rows of a long table are in sight of its scroller. Their height stands in the style sheet, as `--row`. */
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
