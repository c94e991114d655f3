import type { Order, OrderStatus } from 'markmonitor-certs';
import { Card, Code } from '../../components/card.js';
import { Icon } from '../../components/icon.js';
import { RenewButton, StatusBadge } from '../../components/order-signs.js';
import { Loaded } from '../../components/states.js';
import { nameOf, stateOf, statusWords } from '../../order-words.js';
import { now } from '../../state/clock.js';
import { useLive } from '../../state/live.js';
import { orderBook } from '../../state/orders.js';
import { useSubject } from '../../state/outcome.js';
import { listAddress, route } from '../../state/route.js';
import { mode } from '../../state/service.js';
import { typeWords } from '../../words.js';
import { Actions } from './actions.js';
import { CertificateCard, DcvCard, Details, HistoryOf } from './cards.js';

/** One order, from its creation to the end of its certificate. What the list knows of it is shown at once. */
export function OrderView() {
  const { id } = route.value;
  const order = useLive(
    `order ${id}`,
    ({ client }, signal) => client.orders.get(id, { signal }),
    () => (mode.value === 'sandbox' ? 3_000 : 15_000),
    orderBook.peek().byId.get(id),
  );
  return (
    <div class="view">
      <nav class="crumbs" aria-label="Breadcrumb">
        <a href={listAddress.value}>
          <Icon name="back" /> Orders
        </a>
      </nav>
      <Loaded outcome={order} label="the order" show={(order) => <WholeOrder order={order} />} />
    </div>
  );
}

function WholeOrder({ order }: { order: Order }) {
  const { id, certType, cert } = order;
  const { meaning, next } = stateOf(order, now());
  useSubject(nameOf(order));
  return (
    <>
      <header class="view-head order-head">
        <h1 dir="auto">{nameOf(order)}</h1>
        <StatusBadge order={order} />
        <span class="muted">{typeWords(certType)}</span>
        {cert?.serialNumber && <RenewButton id={id} name={nameOf(order)} />}
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
        <HistoryOf of="orders" id={id} version={`${order.dateUpdated}`} known={order.history} />
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
