import type { Order } from 'markmonitor-certs';
import { StatusBadge } from '../../components/badge.js';
import { CopyButton } from '../../components/copy-button.js';
import { Icon } from '../../components/icon.js';
import { ErrorNote, Skeleton } from '../../components/states.js';
import { useLive } from '../../state/live.js';
import { href, route } from '../../state/route.js';
import { mode } from '../../state/service.js';
import { nameOf, statusWords, typeWords } from '../../words.js';
import { Actions } from './actions.js';
import { CertificateCard } from './certificate-card.js';
import { DcvCard } from './dcv-card.js';
import { Details } from './details.js';
import { HistoryCard } from './history-card.js';
import { Stages } from './stages.js';

/** One order, from its creation to the end of its certificate. */
export function OrderView() {
  const { id } = route.value;
  const { value, error, retry } = useLive<Order>(`order ${id}`, {
    look: ({ client }, signal) => client.orders.get(id, { signal }),
    every: (order) => (isMoving(order) ? 1 : 5) * (mode.value === 'sandbox' ? 2_000 : 10_000),
  });
  return (
    <div class="view">
      <nav class="crumbs" aria-label="Breadcrumb">
        <a href={href('orders')}>
          <Icon name="back" /> Orders
        </a>
      </nav>
      {Boolean(error) && <ErrorNote error={error} retry={retry} />}
      {value ? <WholeOrder order={value} /> : !error && <Skeleton lines={10} label="Loading the order" />}
    </div>
  );
}

/** Whether it may change at any moment, by itself. */
function isMoving(order: Order | undefined): boolean {
  const { tone } = statusWords(order?.status);
  const isComing = order?.status === 'DIGI_ISSUED' && !order.cert?.endEntityCert;
  return tone === 'waiting' || tone === 'active' || isComing || order?.cert?.revokeStatus === 'PENDING';
}

function WholeOrder({ order }: { order: Order }) {
  const { meaning, next } = statusWords(order.status);
  const canRenew = order.status === 'DIGI_ISSUED' || order.status === 'DIGI_EXPIRED';
  return (
    <>
      <header class="view-head order-head">
        <h1>
          <bdi>{nameOf(order)}</bdi>
        </h1>
        <StatusBadge status={order.status} />
        <span class="muted">{typeWords(order.certType)}</span>
        {canRenew && (
          <a class="button" href={href('new', '', { renew: order.id ?? '' })}>
            Renew
          </a>
        )}
      </header>
      <p class="muted order-id">
        <code>{order.id}</code>
        <CopyButton text={order.id ?? ''} label="the id" />
      </p>
      <div class="order-columns">
        <div class="stack">
          <section class="card" aria-label="Status">
            <Stages order={order} />
            <p>
              <strong>{meaning}</strong>{' '}
              {order.cert?.revokeStatus === 'PENDING' ? 'Its revocation is under way.' : next}
            </p>
            <Actions order={order} />
          </section>
          <DcvCard order={order} />
          <CertificateCard order={order} />
          <Details order={order} />
        </div>
        <HistoryCard order={order} />
      </div>
    </>
  );
}
