import type { Order } from 'markmonitor-certs';
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
  const { scroller, first, last, rowHeight } = useWindow(orders.length);
  return (
    <div class="scroller" ref={scroller}>
      <table class="orders-table" aria-rowcount={orders.length + 1}>
        <thead>
          <tr aria-rowindex={1}>
            {Object.entries(columns).map(([column, { words }]) => (
              <ColumnHead key={column} column={column} words={words} sort={sort} />
            ))}
          </tr>
        </thead>
        <tbody onKeyDown={moveFocus}>
          <Spacer height={first * rowHeight} />
          {orders.slice(first, last).map((order, index) => (
            <Row key={order.id} order={order} index={first + index} />
          ))}
          <Spacer height={(orders.length - last) * rowHeight} />
        </tbody>
      </table>
    </div>
  );
}

/** In place of the rows that are out of sight. */
function Spacer({ height }: { height: number }) {
  return height > 0 ? <tr style={{ height: `${height}px` }} /> : null;
}

function ColumnHead({ column, words, sort }: { column: string; words: string; sort: Sort }) {
  const isSorted = sort.column === column;
  const direction = isSorted ? (sort.isDescending ? 'descending' : 'ascending') : 'none';
  const next = isSorted && !sort.isDescending ? 'desc' : 'asc';
  return (
    <th class={column} scope="col" aria-sort={direction}>
      <button type="button" onClick={() => setQuery({ sort: `${column},${next}` })}>
        {words}
        <i aria-hidden="true">{isSorted && (sort.isDescending ? '↓' : '↑')}</i>
      </button>
    </th>
  );
}

function Row({ order, index }: { order: Order; index: number }) {
  const { id = '', certType, organizationId, dateUpdated, cert, status } = order;
  const isChanged = changedIds.value.has(id);
  const left = daysUntil(endOf(order), now());
  return (
    <tr class={isChanged ? 'changed' : undefined} aria-rowindex={index + 2}>
      <td class="name">
        <a href={href('order', id)} dir="auto">
          {nameOf(order)}
        </a>
        {isChanged && <span class="visually-hidden">changed just now</span>}
        {/* In place of the columns that a phone has no room for. */}
        <small class="muted">
          {typeWords(certType)}
          {left !== undefined && ` · ${left} d`}
        </small>
      </td>
      <td class="status">
        <StatusBadge status={status} />
      </td>
      <td class="type">{typeWords(certType)}</td>
      <td class="organization" dir="auto">
        {organizationName(organizationId)}
      </td>
      <td class="expires">
        <DaysLeft from={cert?.dateValidFrom} until={endOf(order)} />
      </td>
      <td class="updated muted">{formatAgo(dateUpdated, now())}</td>
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
  const [view, setView] = useState({ top: 0, height: 800, rowHeight: 36 });
  useEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const look = () => {
      const rowHeight = Number.parseFloat(getComputedStyle(element).getPropertyValue('--row')) || 36;
      setView({ top: element.scrollTop, height: element.clientHeight, rowHeight });
    };
    look();
    element.addEventListener('scroll', look, { passive: true });
    const observer = new ResizeObserver(look);
    observer.observe(element);
    return () => {
      element.removeEventListener('scroll', look);
      observer.disconnect();
    };
  }, []);
  const first = Math.max(0, Math.floor(view.top / view.rowHeight) - margin);
  const last = Math.min(total, Math.ceil((view.top + view.height) / view.rowHeight) + margin);
  return { scroller, first, last, rowHeight: view.rowHeight };
}
