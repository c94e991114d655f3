import { useEffect, useState } from 'preact/hooks';
import { ErrorNote, Skeleton } from '../../components/states.js';
import { draft, emptyDraft, orderOf, renew } from '../../state/draft.js';
import { organizations, remember, useOrderBook } from '../../state/orders.js';
import { href, navigate, route } from '../../state/route.js';
import { connect, touch } from '../../state/service.js';
import { toast } from '../../state/toasts.js';
import { OrderFields } from './order-fields.js';
import { Summary } from './summary.js';

/** A new order, or the renewal of one: `#/new?renew=ID`. */
export function NewOrderView() {
  const book = useOrderBook();
  const [error, setError] = useState<unknown>();
  const [isBusy, setBusy] = useState(false);
  const isReady = organizations.value.size > 0;
  const renews = route.value.query.get('renew') ?? '';

  // The renewal of an order replaces whatever was written before, once.
  useEffect(() => {
    if (!isReady || !renews || draft.peek().renews === renews) return;
    connect()
      .then(({ client }) => client.orders.get(renews))
      .then(renew)
      .catch(setError);
  }, [isReady, renews]);

  const place = async (event: SubmitEvent) => {
    event.preventDefault();
    setBusy(true);
    setError(undefined);
    try {
      const { client } = await connect();
      const order = await client.orders.create(orderOf(draft.peek()));
      draft.value = emptyDraft;
      remember([order]);
      touch();
      toast('The order is placed.');
      navigate(href('order', order.id));
    } catch (reason) {
      setError(reason);
    }
    setBusy(false);
  };

  return (
    <div class="view">
      <header class="view-head">
        <h1>{draft.value.renews ? 'Renew a certificate' : 'New order'}</h1>
        <button
          type="button"
          class="button small"
          onClick={() => {
            draft.value = emptyDraft;
            navigate(href('new'));
          }}
        >
          Start over
        </button>
      </header>
      {Boolean(book.error) && <ErrorNote error={book.error} retry={touch} />}
      {!isReady && !book.error && <Skeleton lines={10} label="Loading organizations" />}
      {isReady && (
        <form class="order-columns" onSubmit={place}>
          <OrderFields draft={draft.value} />
          <Summary draft={draft.value} error={error} isBusy={isBusy} />
        </form>
      )}
    </div>
  );
}
