import { checkOrder, type NewOrder } from 'markmonitor-certs';
import { Button } from '../../components/button.js';
import { Findings } from '../../components/findings.js';
import { ErrorNote, Loaded } from '../../components/states.js';
import { count } from '../../format.js';
import { useLive } from '../../state/live.js';
import { orderBook } from '../../state/orders.js';
import { useAsync } from '../../state/outcome.js';
import { connect } from '../../state/service.js';
import { levelOf, typeWords } from '../../words.js';

/** What the order costs, what is wrong with it, and the button. */
export function Summary({ order, error, isBusy }: { order: NewOrder; error: unknown; isBusy: boolean }) {
  // Looked at while it is written; nothing is sent.
  const { value: findings = [] } = useAsync(JSON.stringify(order), () => checkOrder(order));
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  const hasCsr = order.cert.csr.trim() !== '';
  return (
    <div class="stack summary">
      <section class="card stack" aria-label="Summary">
        <h2>{typeWords(order.certType)}</h2>
        <PriceOf order={order} />
        <ValidationNote order={order} />
        <ErrorNote error={error} />
        <Button word={isBusy ? 'One moment…' : 'Place the order'} type="submit" look="primary" disabled={isBusy} />
        <p class="muted" role="status">
          {hasCsr && (errors > 0 ? `${count(errors, 'thing')} to mend first.` : 'Nothing stands against it.')}
        </p>
      </section>
      {hasCsr && <Findings findings={findings} />}
      {hasCsr && errors === 0 && <RequestPreview order={order} />}
    </div>
  );
}

function PriceOf({ order }: { order: NewOrder }) {
  const prices = useLive('prices', ({ client }, signal) => client.orders.prices({ signal }));
  return (
    <Loaded
      outcome={prices}
      label="Asking for the price"
      lines={1}
      show={(prices) => {
        const price = prices.find(({ certType }) => certType === order.certType);
        if (price?.totalPrice === undefined) return <p class="muted">The service names no price for this type.</p>;
        return (
          <p>
            <span class="price">{price.totalPrice.toLocaleString('en')}</span>{' '}
            <span class="muted">for {count(price.term ?? 1, 'year')}, in the account's currency</span>
          </p>
        );
      }}
    />
  );
}

/** OV and EV orders wait for the validation of their organization. */
function ValidationNote({ order }: { order: NewOrder }) {
  const level = levelOf(order.certType);
  const organization = orderBook.value.organizations.get(order.organizationId);
  if (level === 'DV' || !organization) return null;
  const validation = organization.validations?.find(({ type }) => type === level);
  return (
    <p class="muted">
      {validation?.dateValidatedUntil
        ? `The organization is validated for ${level}.`
        : `The organization is not validated for ${level} yet: the order waits for that.`}
    </p>
  );
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
