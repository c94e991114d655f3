import type { Order, OrderStatus } from 'markmonitor-certs';
import { Card, Code } from '../../components/card.js';
import { Icon } from '../../components/icon.js';
import { RenewButton, StatusBadge } from '../../components/signs.js';
import { Loaded } from '../../components/states.js';
import { useLive } from '../../state/live.js';
import { href, route } from '../../state/route.js';
import { mode } from '../../state/service.js';
import { nameOf, statusWords, typeWords } from '../../words.js';
import { Actions } from './actions.js';
import { CertificateCard, DcvCard, Details, HistoryCard } from './cards.js';

/** One order, from its creation to the end of its certificate. */
export function OrderView() {
  const { id } = route.value;
  const order = useLive(
    id,
    ({ client }, signal) => client.orders.get(id, { signal }),
    (order) => (isMoving(order) ? 1 : 5) * (mode.value === 'sandbox' ? 2_000 : 10_000),
  );
  return (
    <div class="view">
      <nav class="crumbs" aria-label="Breadcrumb">
        <a href={href('orders')}>
          <Icon name="back" /> Orders
        </a>
      </nav>
      <Loaded outcome={order} label="Loading the order" show={(order) => <WholeOrder order={order} />} />
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
  const { id, status, certType, cert } = order;
  const { meaning, next } = statusWords(status);
  const canRenew = status === 'DIGI_ISSUED' || status === 'DIGI_EXPIRED';
  return (
    <>
      <header class="view-head order-head">
        <h1 dir="auto">{nameOf(order)}</h1>
        <StatusBadge order={order} />
        <span class="muted">{typeWords(certType)}</span>
        {canRenew && <RenewButton order={order} />}
      </header>
      <p class="muted">
        <Code text={id} label="the id" />
      </p>
      <div class="order-columns">
        <div class="stack">
          <Card title="Status" class="stack">
            <Stages order={order} />
            <p>
              <strong>{meaning}</strong> {cert?.revokeStatus === 'PENDING' ? 'Its revocation is under way.' : next}
            </p>
            <Actions order={order} />
          </Card>
          <DcvCard order={order} />
          <CertificateCard order={order} />
          <Details order={order} />
        </div>
        <HistoryCard order={order} />
      </div>
    </>
  );
}

const first: OrderStatus[] = ['CREATED', 'DIGI_PENDING', 'DIGI_PROCESSING', 'DIGI_ISSUED'];
const reissue: OrderStatus[] = ['REISSUE_REQUEST_PENDING', 'DIGI_REISSUE_PENDING', 'DIGI_ISSUED'];

/** The way that an order takes, through its present status. */
function pathOf({ status, cert }: Order): OrderStatus[] {
  if (first.includes(status)) return first;
  if (reissue.includes(status)) return reissue;
  if (status === 'REISSUE_PENDING') return [status, 'DIGI_REISSUE_PENDING', 'DIGI_ISSUED'];
  if (statusWords(status).tone === 'attention') return ['CREATED', status, 'DIGI_PROCESSING', 'DIGI_ISSUED'];
  return cert?.serialNumber ? [...first, status] : ['CREATED', 'DIGI_PENDING', status];
}

function Stages({ order }: { order: Order }) {
  const path = pathOf(order);
  const present = path.indexOf(order.status);
  return (
    <ol class="stages" aria-label="Statuses">
      {path.map((status, index) => {
        const { label, tone } = statusWords(status);
        const place = index < present ? 'past' : index > present ? 'future' : `present tone-${tone}`;
        return (
          <li key={status} class={place} aria-current={index === present ? 'step' : undefined}>
            {label}
          </li>
        );
      })}
    </ol>
  );
}
