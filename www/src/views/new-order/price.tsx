import type { Price } from 'markmonitor-certs';
import { Loaded } from '../../components/states.js';
import { count } from '../../format.js';
import { useLive } from '../../state/live.js';
import type { Outcome } from '../../state/outcome.js';

/** What a type costs; null where the service names no price. */
export function usePrice(certType: string): Outcome<Price | null> {
  const { value, ...rest } = useLive('prices', ({ client }, signal) => client.orders.prices({ signal }));
  return { value: value && (value.find((price) => price.certType === certType) ?? null), ...rest };
}

export const amountOf = (price: Price | null | undefined): string | undefined =>
  typeof price?.totalPrice === 'number' ? price.totalPrice.toLocaleString('en') : undefined;

export function priceWords(price: Price | null | undefined): string {
  const amount = amountOf(price);
  return amount ? ` · ${amount}` : '';
}

export function PriceOf({ price }: { price: Outcome<Price | null> }) {
  const show = (price: Price | null) => (
    <p class="muted">
      <span class="price">{amountOf(price) ?? '–'}</span>{' '}
      {amountOf(price)
        ? `for ${count(price?.term ?? 1, 'year')}, in the account's currency`
        : (price?.errorMessage ?? 'The service names no price for this type.')}
    </p>
  );
  return <Loaded outcome={price} label="the price" lines={1} show={show} />;
}
