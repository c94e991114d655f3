import {
  allowedActions,
  dateOf,
  type Finding,
  type NewOrder,
  type Order,
  type Price,
  type Validation,
} from 'markmonitor-certs';
import { Button, LinkButton } from '../../components/button.js';
import { Fields } from '../../components/card.js';
import { FormDialog } from '../../components/dialog.js';
import { Findings } from '../../components/findings.js';
import { ValidationBadge } from '../../components/order-signs.js';
import { ErrorNote, Loaded, Note } from '../../components/states.js';
import { count, formatDate } from '../../format.js';
import { allNamesOf, dcvMethods, statusWords } from '../../order-words.js';
import type { Placed } from '../../portal/placing.js';
import { now } from '../../state/clock.js';
import { useLive } from '../../state/live.js';
import { nameOf } from '../../state/ordered.js';
import { contactWords, organizationName, organizationOf } from '../../state/orders.js';
import type { Outcome } from '../../state/outcome.js';
import { formSlot, placing } from '../../state/placing.js';
import { href } from '../../state/route.js';
import { mode } from '../../state/service.js';
import { levelOf, typeWords } from '../../words.js';
import { keyChange, type Renewed } from './renewal.js';

/** What a type costs; null where the service names no price. */
export function usePrice(certType: string): Outcome<Price | null> {
  const { value, ...rest } = useLive('prices', ({ client }, signal) => client.orders.prices({ signal }));
  return { value: value && (value.find((price) => price.certType === certType) ?? null), ...rest };
}

const amountOf = (price: Price | null | undefined): string | undefined =>
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

/** OV and EV orders wait for the validation of their organization. */
export function ValidationNote({ order: { certType, organizationId } }: { order: NewOrder }) {
  const level = levelOf(certType);
  const organization = organizationOf(organizationId);
  if (level === 'DV' || !organization) return null;
  const missing: Partial<Validation> = { type: level, status: 'missing' };
  const validation = organization.validations?.find(({ type }) => type === level) ?? missing;
  return (
    <p>
      <a href={href('organization', organizationId)}>{organization.name}</a> <ValidationBadge validation={validation} />
      {!validation.dateValidatedUntil && <small class="muted"> The order waits for it.</small>}
    </p>
  );
}

const setOf = (names: readonly string[]) => [...new Set(names.map((name) => name.toLowerCase()))].sort().join(' ');

/**
 * The orders of the same names that stand: something can still be done with them. A renewal is none of those that were there
 * before what it renews.
 */
export function useStanding({ cert }: NewOrder, renewed: Order | undefined): Order[] {
  const { commonName, dnsNames } = cert;
  const wanted = setOf([commonName, ...(dnsNames ?? [])].filter(Boolean));
  const { value = [] } = useLive(`standing ${commonName}`, async ({ client }, signal) => {
    if (!commonName) return [];
    const orders = await client.orders.list({ commonNames: [commonName] }, { signal }).toArray({ limit: 100 });
    const allowed = await Promise.all(orders.map((order) => allowedActions(order)));
    return orders.filter((_, index) => (allowed[index]?.length ?? 0) > 0);
  });
  const since = dateOf(renewed?.dateCreated) ?? new Date(0);
  const isOfTime = ({ id, dateCreated }: Order) => id !== renewed?.id && (dateOf(dateCreated) ?? since) >= since;
  // A fresh order does not show its names yet: it was found by its common name.
  return value.filter((order) => isOfTime(order) && (!order.cert || setOf(allNamesOf(order)) === wanted));
}

export function SameNames({ standing }: { standing: readonly Order[] }) {
  if (standing.length === 0) return null;
  return (
    <Note tone="attention" role="status">
      <strong>There is an order of the same names.</strong>
      <ul>
        {standing.slice(0, 3).map((order) => (
          <li key={order.id}>
            <a href={href('order', order.id)}>{nameOf(order)}</a>: {statusWords(order.status).label},{' '}
            {formatDate(dateOf(order.dateCreated))}
          </li>
        ))}
      </ul>
      <p>With the same request, type and organization it is shown again, and nothing is bought.</p>
    </Note>
  );
}

interface ReviewProps {
  order: NewOrder;
  renews: string;
  renewed: Renewed | undefined;
  price: Price | null | undefined;
  findings: readonly Finding[];
  standing: readonly Order[];
  close: () => void;
}

/** The last look before money is spent: what is ordered, for whom, and for how much. */
export function Review({ order, renews, renewed, price, findings, standing, close }: ReviewProps) {
  const { organizationId, certType, cert, contacts } = order;
  const submit = async () => {
    close();
    await placing.place(formSlot, order, { replaces: renews });
  };
  return (
    <FormDialog
      title={renews ? 'Review the renewal' : 'Review the order'}
      confirm={`Place the order${priceWords(price)}`}
      failure="The order was not placed."
      submit={submit}
      close={close}
    >
      <Note tone={mode.value === 'sandbox' ? 'active' : 'attention'}>
        {mode.value === 'sandbox' ? 'In the sandbox nothing is bought.' : 'This order costs money.'}
      </Note>
      <Fields
        rows={[
          [
            'Renews',
            renewed && `${nameOf(renewed.old)}, until ${formatDate(dateOf(renewed.old.cert?.dateValidUntil))}`,
          ],
          ['Key', renewed && keyChange(renewed)],
          ['Type', typeWords(certType)],
          ['Common name', cert.commonName],
          ['Names', cert.dnsNames?.join('\n')],
          ['Organization', organizationName(organizationId)],
          [
            'Contacts',
            contactWords(
              organizationId,
              contacts.map(({ id }) => id),
            ),
          ],
          ['Domain control', dcvMethods[cert.dcvMethod ?? ''] ?? cert.dcvMethod],
          ['Price', price?.totalPrice?.toLocaleString('en') ?? 'The service names none.'],
        ]}
      />
      <SameNames standing={standing} />
      <Findings findings={findings.filter(({ severity }) => severity === 'warning')} />
    </FormDialog>
  );
}

/** Where the order of the form stands, and what can be done: it is never sent again by itself. */
export function PlacementNote({ placement }: { placement: Placed | undefined }) {
  if (!placement) return null;
  const { order, progress } = placement;
  const name = order.cert.commonName;
  const forget = () => placing.forget(formSlot);
  const send = () => void placing.send(formSlot);
  const look = () => void placing.look(formSlot);
  const another = () => {
    const { order, replaces } = placement;
    void placing.place(formSlot, order, { replaces, notBefore: now().toISOString() });
  };
  const buyAnother = <Button word="Order another one beside it" look="small danger" onClick={another} />;
  const toList = <a href={href('orders', '', { text: name })}>orders of this name</a>;
  switch (progress.kind) {
    case 'sending':
      return (
        <Note tone="active" role="status">
          <strong>Placing the order of {name}…</strong> You may leave this view; what comes of it is told.
        </Note>
      );
    case 'looking':
      return (
        <Note tone="active" role="status">
          <strong>Looking whether it was placed.</strong> The order of {name} was on its way when this page ended.
          Nothing is sent meanwhile.
        </Note>
      );
    case 'unknown':
      return (
        <ErrorNote what={`Nobody can tell yet whether the order of ${name} was placed.`} error={progress.error}>
          <p>Look at the {toList} before you send it again: each order costs money.</p>
          <div class="actions">
            <Button word="Look again" look="small" onClick={look} />
            <Button word="It is not there: send it" look="small danger" onClick={send} />
          </div>
        </ErrorNote>
      );
    case 'notPlaced':
      return (
        <Note tone="attention" role="status">
          <strong>The order of {name} was not placed.</strong> Nothing was bought.
          <div class="actions">
            <Button word="Send it now" look="small" onClick={send} />
            <Button word="Change it" look="small" onClick={forget} />
          </div>
        </Note>
      );
    case 'placed':
      return (
        <Note tone="good" role="status" action={<Button word="Write another one" look="small" onClick={forget} />}>
          <strong>
            {progress.isNew ? `The order of ${name} is placed.` : `The order of ${name} was there already.`}
          </strong>{' '}
          {!progress.isNew && 'Nothing was bought. '}
          <a href={href('order', progress.order.id)}>Show the order</a>
          {!progress.isNew && <div class="actions">{buyAnother}</div>}
        </Note>
      );
    case 'differs':
      return (
        <ErrorNote what="There is another order for this key." error={progress.error}>
          <div class="actions">
            <LinkButton word="Show it" look="small" href={href('order', progress.order.id)} />
            {buyAnother}
          </div>
        </ErrorNote>
      );
    case 'refused':
      return <ErrorNote what={`The order of ${name} was not placed.`} error={progress.error} />;
  }
}
