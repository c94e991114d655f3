import { dateOf, type Order } from 'markmonitor-certs';
import type { FunctionComponent } from 'preact';
import { useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import { DaysLeft, StatusBadge } from '../../components/order-signs.js';
import { useRows } from '../../components/rows.js';
import { Name } from '../../components/signs.js';
import { daysUntil, formatAgo, formatDate } from '../../format.js';
import { endOf, statusWords } from '../../order-words.js';
import { now } from '../../state/clock.js';
import { nameOf } from '../../state/ordered.js';
import { changedIds, organizationName } from '../../state/orders.js';
import { href, listAddress, route, scrolled, setQuery } from '../../state/route.js';
import { typeWords } from '../../words.js';

interface Column {
  words: string;
  /** What the rows are sorted by, and what the column shows unless there is a `cell`; undefined comes last. */
  key: (order: Order) => string | number | undefined;
  cell?: FunctionComponent<{ order: Order }>;
}

const columns: Record<string, Column> = {
  name: { words: 'Common name', key: ({ cert }) => cert?.commonName },
  status: { words: 'Status', key: ({ status }) => statusWords(status).label, cell: StatusBadge },
  type: { words: 'Type', key: ({ certType }) => certType && typeWords(certType) },
  organization: { words: 'Organization', key: ({ organizationId }) => organizationName(organizationId) },
  expires: { words: 'Expires', key: (order) => endOf(order)?.getTime(), cell: DaysLeft },
  updated: {
    words: 'Updated',
    key: ({ dateUpdated }) => dateOf(dateUpdated)?.getTime(),
    cell: ({ order }) => formatAgo(dateOf(order.dateUpdated), now()),
  },
};

/** Sorts as the address says, `column,asc` or `column,desc`. What has no value comes last, either way. */
function sorted(orders: readonly Order[], sort: string): Order[] {
  const [column = '', direction] = sort.split(',');
  const { key } = columns[column] ?? { key: nameOf };
  const keyed = orders.map((order) => ({ order, key: key(order) }));
  const sign = direction === 'desc' ? -1 : 1;
  keyed.sort(({ key: a }, { key: b }) => {
    if (a === undefined || b === undefined) return Number(a === undefined) - Number(b === undefined);
    return a < b ? -sign : a > b ? sign : 0;
  });
  return keyed.map(({ order }) => order);
}

/** The orders, one row each. Only the rows in sight are in the page, so that thousands scroll smoothly. */
export function OrderTable({ orders }: { orders: readonly Order[] }) {
  const sort = route.value.query.get('sort') ?? 'updated,desc';
  // Scrolling draws the table again, and sorts nothing.
  const rows = useMemo(() => sorted(orders, sort), [orders, sort]);
  const { scroller, place } = useScrolled();
  const { onFocusIn, focusedId } = useKeptFocus(scroller);
  const focused = rows.findIndex(({ id }) => id === focusedId);
  const { places, rest } = useRows(rows.length, scroller, focused, place);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by the keyboard.
    <section class="scroller" ref={scroller} tabIndex={0} aria-label="List of orders" onFocusIn={onFocusIn}>
      <table class="orders-table" aria-rowcount={rows.length + 1}>
        <thead>
          <tr aria-rowindex={1}>
            {Object.entries(columns).map(([column, { words }]) => (
              <ColumnHead key={column} column={column} words={words} sort={sort} />
            ))}
          </tr>
        </thead>
        <tbody onKeyDown={moveByArrow}>
          {places.flatMap(({ index, gap }) => {
            const order = rows[index];
            return order
              ? [<Gap key={`gap ${order.id}`} height={gap} />, <Row key={order.id} order={order} index={index} />]
              : [];
          })}
          <Gap key="rest" height={rest} />
        </tbody>
      </table>
    </section>
  );
}

/** The arrow keys go from row to row; scrolling brings further rows into the page. */
function moveByArrow(event: KeyboardEvent & { currentTarget: HTMLElement }): void {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  const links = [...event.currentTarget.querySelectorAll('a')];
  links[links.indexOf(document.activeElement as HTMLAnchorElement) + step]?.focus();
}

const Gap = ({ height }: { height: number }) =>
  height > 0 ? <tr class="gap" style={{ height: `${height}px` }} /> : null;

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
  const end = endOf(order);
  const left = daysUntil(end, now());
  return (
    <tr class={isChanged ? 'changed' : ''} aria-rowindex={index + 2}>
      <td class="name">
        <a href={href('order', id)} dir="auto" data-id={id} title={nameOf(order)}>
          <Name name={nameOf(order)} />
        </a>
        {isChanged && <span class="visually-hidden">changed just now</span>}
        {/* In place of the columns that a phone has no room for. */}
        <small class="muted">
          {[typeWords(certType), left !== undefined && (left < 0 ? 'ended' : `until ${formatDate(end)}`)]
            .filter(Boolean)
            .join(' · ')}
        </small>
      </td>
      {Object.entries(columns)
        .slice(1)
        .map(([column, { key, cell: Cell }]) => (
          <td key={column} class={column} dir="auto" title={Cell ? undefined : `${key(order) ?? ''}`}>
            {Cell ? <Cell order={order} /> : (key(order) ?? '–')}
          </td>
        ))}
    </tr>
  );
}

/** The scroller of the list; its place is kept for each address, and found again on the way back. */
function useScrolled() {
  const scroller = useRef<HTMLDivElement>(null);
  const [place] = useState(() => scrolled.get(listAddress.peek()) ?? 0);
  useLayoutEffect(() => {
    const { current } = scroller;
    if (!current) return;
    current.scrollTop = place;
    // Of the address as it is by then: sorting and filters change it.
    const keep = () => scrolled.set(listAddress.peek(), current.scrollTop);
    current.addEventListener('scroll', keep, { passive: true });
    return () => current.removeEventListener('scroll', keep);
  }, []);
  return { scroller, place };
}

/** The row with the focus keeps it, wherever a change moves it: browsers take it from what is moved. */
function useKeptFocus(scroller: { current: HTMLElement | null }) {
  const [focusedId, setFocused] = useState('');
  const onFocusIn = (event: FocusEvent) => {
    const row = event.target instanceof HTMLElement ? event.target.closest('tr') : null;
    setFocused(row?.querySelector('a')?.dataset.id ?? '');
  };
  useLayoutEffect(() => {
    if (!focusedId || document.activeElement !== document.body) return;
    scroller.current
      ?.querySelector<HTMLElement>(`a[data-id="${CSS.escape(focusedId)}"]`)
      ?.focus({ preventScroll: true });
  });
  return { onFocusIn, focusedId };
}
