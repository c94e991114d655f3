import { checkOrder, type NewOrder } from 'markmonitor-certs';
import { useEffect } from 'preact/hooks';
import { Button } from '../../components/button.js';
import { Card } from '../../components/card.js';
import { Findings } from '../../components/findings.js';
import { ErrorNote, Loaded } from '../../components/states.js';
import { toast } from '../../components/toasts.js';
import { count } from '../../format.js';
import { contactsOf, draft, emptyDraft, sentOrder } from '../../state/draft.js';
import { useLive } from '../../state/live.js';
import { orderBook, remember } from '../../state/orders.js';
import { useAsync, useTask } from '../../state/outcome.js';
import { href, navigate, route } from '../../state/route.js';
import { connect, touch } from '../../state/service.js';
import { levelOf, typeWords } from '../../words.js';
import { OrderFields } from './order-fields.js';

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

async function renew(id: string): Promise<void> {
  const { client } = await connect();
  const old = await client.orders.get(id);
  const renewal = await client.orders.renewal(old, { csr: old.cert?.csr ?? '' });
  const named = new Set(renewal.contacts.map(({ id }) => id));
  const contacts = contactsOf(renewal.organizationId).map(({ orderContact }) => orderContact);
  draft.value = { renews: id, order: { ...renewal, contacts: contacts.filter(({ id }) => named.has(id)) } };
}

/** What the order costs, what is wrong with it, and the button. */
function Summary({ order, error, isBusy }: { order: NewOrder; error: unknown; isBusy: boolean }) {
  // Looked at while it is written; nothing is sent.
  const { value: findings = [] } = useAsync(JSON.stringify(order), () => checkOrder(order));
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  const validation = validationOf(order);
  const hasCsr = order.cert.csr.trim() !== '';
  return (
    <div class="stack summary">
      <Card title="Summary" class="stack" beside={<span class="count">{typeWords(order.certType)}</span>}>
        <PriceOf order={order} />
        {validation && <p class="muted">{validation}</p>}
        <ErrorNote error={error} />
        <Button word={isBusy ? 'One moment…' : 'Place the order'} type="submit" look="primary" disabled={isBusy} />
        <p class="muted" role="status">
          {hasCsr && (errors > 0 ? `${count(errors, 'thing')} to fix first.` : 'Ready to order.')}
        </p>
      </Card>
      {hasCsr && <Findings findings={findings} />}
      {hasCsr && errors === 0 && <RequestPreview order={order} />}
    </div>
  );
}

function PriceOf({ order }: { order: NewOrder }) {
  const prices = useLive('prices', ({ client }, signal) => client.orders.prices({ signal }));
  const price = prices.value?.find(({ certType }) => certType === order.certType);
  const term = `for ${count(price?.term ?? 1, 'year')}, in the account's currency`;
  const show = () => (
    <p class="muted">
      <span class="price">{price?.totalPrice?.toLocaleString('en')}</span>{' '}
      {price ? term : 'The service names no price for this type.'}
    </p>
  );
  return <Loaded outcome={prices} label="Loading the price" lines={1} show={show} />;
}

/** OV and EV orders wait for the validation of their organization. */
function validationOf({ certType, organizationId }: NewOrder): string {
  const level = levelOf(certType);
  const organization = orderBook.value.organizations.get(organizationId);
  if (level === 'DV' || !organization) return '';
  const validation = organization.validations?.find(({ type }) => type === level);
  if (validation?.dateValidatedUntil) return `The organization is validated for ${level}.`;
  return `The organization is not validated for ${level} yet: the order waits for that.`;
}

/** The very request that the button sends, with its secrets masked. */
function RequestPreview({ order }: { order: NewOrder }) {
  const { value: request } = useAsync(JSON.stringify(order), async () => {
    const { client } = await connect();
    return client.preview((client) => client.orders.create(order));
  });
  if (!request) return null;
  return (
    <details class="card">
      <summary>The request that will be sent</summary>
      <pre class="request">{`${request.method} ${request.url}\n\n${JSON.stringify(request.body, null, 2)}`}</pre>
    </details>
  );
}
