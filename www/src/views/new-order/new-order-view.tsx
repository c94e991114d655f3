import { checkOrder, type NewOrder } from 'markmonitor-certs';
import { useEffect, useState } from 'preact/hooks';
import { Button } from '../../components/button.js';
import { Card } from '../../components/card.js';
import { type ErrorOf, errorsOf, FormDialog } from '../../components/dialog.js';
import { Findings } from '../../components/findings.js';
import { Empty, ErrorNote, Loaded, Note, Skeleton } from '../../components/states.js';
import { count } from '../../format.js';
import { commentsOf } from '../../order-words.js';
import { isOpen } from '../../portal/placing.js';
import { beginRenewal, clearDraft, contactsOf, draft, isWritten, leaveRenewal, sentOrder } from '../../state/draft.js';
import { organizationBook } from '../../state/orders.js';
import { useAsync, useTask } from '../../state/outcome.js';
import { formSlot, placementOf } from '../../state/placing.js';
import { href, navigate, route } from '../../state/route.js';
import { connect } from '../../state/service.js';
import { typeWords } from '../../words.js';
import { OrderFields } from './order-fields.js';
import { PlacementNote } from './placement-note.js';
import { PriceOf, priceWords, usePrice } from './price.js';
import { RenewalNote, useRenewed } from './renewal.js';
import { Review } from './review.js';
import { SameNames, useStanding } from './standing.js';
import { ValidationNote } from './validation-note.js';

/** A new order, or the renewal of one: `#/new?renew=ID`. */
export function NewOrderView() {
  const { value: organizations, ...rest } = organizationBook.value;
  const renewed = route.value.query.get('renew') ?? '';
  const { renews, order } = draft.value;
  const renewing = useTask(renew);
  const isReady = organizations !== undefined;
  const placement = placementOf(formSlot);
  const isLocked = isOpen(placement?.progress) || placement?.progress.kind === 'notPlaced';
  // What was written before a renewal is there again after it; and a new order is not the renewal of another.
  useEffect(() => {
    if (!isReady || isLocked || renews === renewed) return;
    if (renewed) renewing.start(renewed);
    else leaveRenewal();
  }, [isReady, renewed]);
  const [forms, setForms] = useState(0);
  const [isAsking, setAsking] = useState(false);
  const startOver = async () => {
    setAsking(false);
    setForms(forms + 1);
    clearDraft();
    navigate(href('new'));
  };
  const show = (organizations: ReadonlyMap<string, unknown>) =>
    organizations.size === 0 ? (
      <Empty
        title="An order needs an organization"
        text="Certificates are issued to an organization, which has contacts. This account has none yet."
        next="Create the first one"
        to={href('organizations', '', { create: 'yes' })}
      />
    ) : (
      <OrderForm key={`${renews} ${forms}`} order={order} renews={renews} isLocked={isLocked} />
    );
  return (
    <div class="view">
      <header class="view-head">
        <h1>{renews || renewed ? 'Renew a certificate' : 'New order'}</h1>
        <Button word="Start over" look="small" disabled={isLocked || !isWritten()} onClick={() => setAsking(true)} />
      </header>
      {isAsking && (
        <FormDialog
          title="Start over?"
          confirm="Clear the form"
          look="danger"
          failure="The form was not cleared."
          submit={startOver}
          close={() => setAsking(false)}
        >
          <p>What is written in it is lost.</p>
        </FormDialog>
      )}
      <ErrorNote
        what="The order to renew could not be read."
        error={renewing.error}
        retry={() => renewing.start(renewed)}
      />
      <PlacementNote placement={placement} />
      {renewing.isBusy ? (
        <Skeleton lines={8} label="Loading the order to renew" />
      ) : (
        <Loaded outcome={{ value: organizations, ...rest }} label="the organizations" show={show} />
      )}
    </div>
  );
}

async function renew(id: string): Promise<void> {
  const { client } = await connect();
  const old = await client.orders.get(id);
  const renewal = await client.orders.renewal(old, { csr: old.cert?.csr ?? '' });
  const named = new Set(renewal.contacts.map(({ id }) => id));
  const contacts = contactsOf(renewal.organizationId).map(({ orderContact }) => orderContact);
  const order = {
    ...renewal,
    comments: commentsOf(renewal.comments),
    contacts: contacts.filter(({ id }) => named.has(id)),
  };
  beginRenewal(id, order);
}

type FormProps = { order: NewOrder; renews: string; isLocked: boolean };

/** What is written, what it comes to, and the way to placing it. */
function OrderForm({ order, renews, isLocked }: FormProps) {
  const sent = sentOrder(order);
  // Looked at while it is written; nothing is sent.
  const { value: findings } = useAsync(JSON.stringify(sent), () => checkOrder(sent));
  const errors = (findings ?? []).filter(({ severity }) => severity === 'error');
  const [isReviewing, setReviewing] = useState(false);
  const [wasRefused, setRefused] = useState(false);
  const progress = placementOf(formSlot)?.progress;
  const ofService = errorsOf(progress?.kind === 'refused' ? progress.error : undefined);
  const hasCsr = sent.cert.csr.trim() !== '';
  const errorOf: ErrorOf = (field) =>
    ofService(field) ?? (wasRefused ? errors.find((one) => one.field === field)?.message : undefined);
  const price = usePrice(sent.certType);
  const renewed = useRenewed(renews, sent);
  const standing = useStanding(sent, renewed?.old);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (findings === undefined || isLocked) return;
    setRefused(errors.length > 0);
    setReviewing(errors.length === 0);
  };
  const form = (
    <form class="order-columns" onSubmit={submit}>
      <fieldset disabled={isLocked}>
        <OrderFields order={order} errorOf={errorOf} />
      </fieldset>
      <div class="stack summary">
        <Card title="Summary" class="stack" beside={<span class="count">{typeWords(sent.certType)}</span>}>
          <PriceOf price={price} />
          <ValidationNote order={sent} />
          {renewed && <RenewalNote renewed={renewed} />}
          <SameNames standing={standing} />
          {wasRefused && errors.length > 0 && (
            <Note tone="bad" role="alert">
              <strong>This order would be refused.</strong> Nothing was sent: change what is named below.
            </Note>
          )}
          <Button
            word={`Review the ${renews ? 'renewal' : 'order'}${priceWords(price.value)}`}
            type="submit"
            look="primary"
            disabled={isLocked}
          />
          <p class="muted" role="status">
            {hasCsr &&
              findings &&
              (errors.length > 0 ? `${count(errors.length, 'thing')} to fix first.` : 'Ready to order.')}
          </p>
        </Card>
        {hasCsr && <Findings findings={findings ?? []} />}
      </div>
    </form>
  );
  const review = { order: sent, renews, renewed, price: price.value, findings: findings ?? [], standing };
  // Beside the form: what is sent in the one is not sent in the other.
  return (
    <>
      {form}
      {isReviewing && <Review {...review} close={() => setReviewing(false)} />}
    </>
  );
}
