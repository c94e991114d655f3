import { renewalOf } from 'markmonitor-certs';
import { useEffect } from 'preact/hooks';
import { Button } from '../../components/button.js';
import { ErrorNote, Loaded } from '../../components/states.js';
import { toast } from '../../components/toasts.js';
import { contactsOf, draft, emptyDraft, sentOrder } from '../../state/draft.js';
import { orderBook, remember } from '../../state/orders.js';
import { useTask } from '../../state/outcome.js';
import { href, navigate, route } from '../../state/route.js';
import { connect, touch } from '../../state/service.js';
import { OrderFields } from './order-fields.js';
import { Summary } from './summary.js';

/** A new order, or the renewal of one: `#/new?renew=ID`. */
export function NewOrderView() {
  const { organizations, error } = orderBook.value;
  const isReady = organizations.size > 0;
  const renewed = route.value.query.get('renew') ?? '';
  const { renews, order } = draft.value;
  const renewing = useTask(renew);
  const placing = useTask(place);
  // The renewal of an order replaces whatever was written before, once.
  useEffect(() => {
    if (isReady && renewed && renews !== renewed) renewing.start(renewed);
  }, [isReady, renewed]);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    placing.start();
  };
  const startOver = () => {
    draft.value = emptyDraft;
    navigate(href('new'));
  };
  return (
    <div class="view">
      <header class="view-head">
        <h1>{renews ? 'Renew a certificate' : 'New order'}</h1>
        <Button word="Start over" look="small" onClick={startOver} />
      </header>
      <ErrorNote error={renewing.error} retry={() => renewing.start(renewed)} />
      <Loaded
        outcome={{ value: isReady || undefined, error, retry: touch }}
        label="Loading organizations"
        show={() => (
          <form class="order-columns" onSubmit={submit}>
            <OrderFields order={order} />
            <Summary order={sentOrder(order)} error={placing.error} isBusy={placing.isBusy || renewing.isBusy} />
          </form>
        )}
      />
    </div>
  );
}

async function place(): Promise<void> {
  const { client } = await connect();
  const order = await client.orders.create(sentOrder(draft.peek().order));
  draft.value = emptyDraft;
  remember([order]);
  touch();
  toast('The order is placed.');
  navigate(href('order', order.id));
}

/** Begins the renewal of an order: all as it was. */
async function renew(id: string): Promise<void> {
  const { client } = await connect();
  const old = await client.orders.get(id);
  const renewal = await renewalOf(old, { csr: old.cert?.csr ?? '' });
  const named = new Set(renewal.contacts.map(({ id }) => id));
  const contacts = contactsOf(renewal.organizationId).map(({ orderContact }) => orderContact);
  draft.value = { renews: id, order: { ...renewal, contacts: contacts.filter(({ id }) => named.has(id)) } };
}
