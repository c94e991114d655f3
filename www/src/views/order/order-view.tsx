import type { Order } from 'markmonitor-certs';
import { Card } from '../../components/card.js';
import { HistoryOf } from '../../components/history.js';
import { Icon } from '../../components/icon.js';
import { RenewButton, StatusBadge } from '../../components/order-signs.js';
import { Name } from '../../components/signs.js';
import { Loaded } from '../../components/states.js';
import { stateOf } from '../../order-words.js';
import { now } from '../../state/clock.js';
import { useLive } from '../../state/live.js';
import { nameOf, orderedName } from '../../state/ordered.js';
import { orderBook } from '../../state/orders.js';
import { useSubject } from '../../state/outcome.js';
import { listAddress, route } from '../../state/route.js';
import { mode } from '../../state/service.js';
import { typeWords } from '../../words.js';
import { Actions } from './actions.js';
import { CertificateCard } from './certificate-card.js';
import { DcvCard } from './dcv-card.js';
import { Details } from './details.js';

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
        <h1 dir="auto">
          <Name name={nameOf(order)} />
        </h1>
        <StatusBadge order={order} />
        <span class="muted">{typeWords(certType)}</span>
        {cert?.serialNumber && <RenewButton id={id} name={nameOf(order)} />}
      </header>
      <div class="order-columns">
        <div class="stack">
          <Card title="Status" class="stack">
            <p>
              <strong>{meaning}</strong> {cert?.revokeStatus === 'PENDING' ? 'Its revocation is under way.' : next}
            </p>
            {orderedName(order) && (
              <p class="muted">
                The service does not show its names yet: {orderedName(order)} is what you ordered here.
              </p>
            )}
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
