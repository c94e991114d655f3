import { signal } from '@preact/signals';
import type { RenewalItem, RenewalPlan } from 'markmonitor-certs';
import { useMemo, useRef, useState } from 'preact/hooks';
import { Button } from '../../components/button.js';
import { RenewButton } from '../../components/order-signs.js';
import { useRows } from '../../components/rows.js';
import { Name, Until } from '../../components/signs.js';
import { Empty, Loaded } from '../../components/states.js';
import { count, sentenceOf } from '../../format.js';
import { present } from '../../state/clock.js';
import { useLive } from '../../state/live.js';
import { organizationName } from '../../state/orders.js';
import { planAll } from '../../state/renewals.js';
import { href, route, setQuery } from '../../state/route.js';
import { mode } from '../../state/service.js';
import { typeWords } from '../../words.js';
import { Chart, weeksOf } from './chart.js';
import { groupsOf } from './groups.js';
import { RenewDialog } from './renew-dialog.js';

/** A plan looks at the whole account. */
const everyMs = { sandbox: 10_000, proxy: 600_000 };

/** The orders that are chosen to be renewed; they stay so while another view is shown. */
const chosen = signal<ReadonlySet<string>>(new Set());

/** When certificates end, what the plan of renewals says of each, and renewing those that are chosen. */
export function ExpiryView() {
  const plan = useLive('plan', planAll, () => everyMs[mode.value]);
  return (
    <div class="view">
      <Loaded outcome={plan} label="the plan of renewals" show={(plan) => <Plan plan={plan} />} />
    </div>
  );
}

function Plan({ plan }: { plan: RenewalPlan }) {
  const week = route.value.query.get('week') ?? '';
  const [isRenewing, setRenewing] = useState(false);
  const now = present.value;
  const { items: all } = plan;
  const weeks = useMemo(() => weeksOf(all, now), [all, now]);
  const ofWeek = weeks.find(({ key }) => key === week)?.items;
  const shown = ofWeek ?? all;
  const groups = useMemo(() => groupsOf(shown, now), [shown, now]);
  const open = groups.flatMap(({ items, isFolded }) => (isFolded ? [] : items));
  const due = shown.filter(({ action }) => action === 'renew');
  return (
    <>
      <header class="view-head">
        <h1>Expiry</h1>
        <span class="muted" role="status">
          {count(open.length, 'certificate')}
        </span>
        {ofWeek && <Button word="All weeks" look="small" onClick={() => setQuery({ week: '' })} />}
        <span class="actions">
          {due.length > 0 && <Button word={`Select the ${due.length} due`} onClick={() => choose(due, true)} />}
          {chosen.value.size > 0 && <Button word="Select none" onClick={() => choose(all, false)} />}
          <Button
            word={`Renew ${chosen.value.size || 'selected'}…`}
            look="primary"
            disabled={chosen.value.size === 0}
            onClick={() => setRenewing(true)}
          />
        </span>
      </header>
      <div class="stack">
        <Chart weeks={weeks} chosen={week} />
        {groups.map(
          ({ title, items, isFolded = false }) =>
            items.length > 0 && (
              <details key={title} class="card" open={!isFolded}>
                <summary>
                  {title} <span class="count">{items.length.toLocaleString('en')}</span>
                </summary>
                <Rows items={items} />
              </details>
            ),
        )}
        {shown.length === 0 && <Empty title="No certificate ends here" next="See all orders" to={href('orders')} />}
      </div>
      {isRenewing && (
        <RenewDialog ids={[...chosen.value]} close={() => setRenewing(false)} done={() => choose(all, false)} />
      )}
    </>
  );
}

function choose(items: readonly RenewalItem[], isWanted: boolean): void {
  const ids = new Set(items.map(({ orderId }) => orderId));
  chosen.value = isWanted ? chosen.peek().union(ids) : chosen.peek().difference(ids);
}

function Rows({ items }: { items: readonly RenewalItem[] }) {
  const scroller = useRef<HTMLDivElement>(null);
  const { places, rest } = useRows(items.length, scroller, -1);
  return (
    <div class="scroller" ref={scroller}>
      <ul class="lines expiring">
        {places.flatMap(({ index, gap }) => {
          const item = items[index];
          if (!item) return [];
          return [
            gap > 0 && <li key={`gap ${item.orderId}`} style={{ height: `${gap}px` }} />,
            <ItemLine key={item.orderId} item={item} />,
          ];
        })}
        {rest > 0 && <li key="rest" style={{ height: `${rest}px` }} />}
      </ul>
    </div>
  );
}

function ItemLine({ item }: { item: RenewalItem }) {
  const { orderId, commonName, certType, organizationId, notBefore, notAfter, action, reason, replacedBy } = item;
  const isChosen = chosen.value.has(orderId);
  const canRenew = action === 'renew' || action === 'later';
  const isDone = action === 'replaced' || action === 'continue';
  return (
    <li>
      {canRenew ? (
        <input
          type="checkbox"
          aria-label={`Select ${commonName}`}
          checked={isChosen}
          onChange={() => choose([item], !isChosen)}
        />
      ) : (
        <span />
      )}
      <span>
        <a href={href('order', orderId)} dir="auto" title={commonName}>
          <Name name={commonName} />
        </a>
        <small class="muted">
          {typeWords(certType)} · {organizationName(organizationId)}
        </small>
      </span>
      <span class="reason muted" title={sentenceOf(reason)}>
        {replacedBy ? <a href={href('order', replacedBy)}>The new order</a> : sentenceOf(reason)}
      </span>
      <Until from={notBefore} until={notAfter} />
      {isDone ? <span /> : <RenewButton id={orderId} name={commonName} look="small" />}
    </li>
  );
}
