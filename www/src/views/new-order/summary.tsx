import { checkOrder, type Finding, type NewOrder, type PreparedRequest, type Price } from 'markmonitor-certs';
import { useEffect, useState } from 'preact/hooks';
import { Findings } from '../../components/findings.js';
import { ErrorNote } from '../../components/states.js';
import { count } from '../../format.js';
import { type Draft, orderOf } from '../../state/draft.js';
import { useLive } from '../../state/live.js';
import { organizations } from '../../state/orders.js';
import { service } from '../../state/service.js';
import { levelOf, typeWords } from '../../words.js';

/** What the order costs, what is wrong with it, and the button. */
export function Summary({ draft, error, isBusy }: { draft: Draft; error: unknown; isBusy: boolean }) {
  const findings = useFindings(draft);
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  const hasCsr = draft.csr.trim() !== '';
  return (
    <div class="stack summary">
      <section class="card stack" aria-label="Summary">
        <h2>{typeWords(draft.certType)}</h2>
        <PriceOf draft={draft} />
        <ValidationNote draft={draft} />
        {Boolean(error) && <ErrorNote error={error} />}
        <button type="submit" class="button primary" disabled={isBusy}>
          {isBusy ? 'Placing…' : 'Place the order'}
        </button>
        <p class="muted" role="status">
          {hasCsr && (errors > 0 ? `${count(errors, 'thing')} to mend first.` : 'Nothing stands against it.')}
        </p>
      </section>
      {hasCsr && <Findings findings={findings} />}
      {hasCsr && errors === 0 && <RequestPreview order={orderOf(draft)} />}
    </div>
  );
}

/** Looked at while it is written; nothing is sent. */
function useFindings(draft: Draft): readonly Finding[] {
  const [findings, setFindings] = useState<readonly Finding[]>([]);
  // With the contacts, which come from the organizations.
  const text = JSON.stringify(orderOf(draft));
  useEffect(() => {
    let isCurrent = true;
    checkOrder(JSON.parse(text)).then(
      (found) => isCurrent && setFindings(found),
      () => isCurrent && setFindings([]),
    );
    return () => {
      isCurrent = false;
    };
  }, [text]);
  return findings;
}

function PriceOf({ draft }: { draft: Draft }) {
  const { value, error, retry } = useLive<Price[]>('prices', {
    look: ({ client }, signal) => client.orders.prices({ signal }),
    every: () => undefined,
  });
  if (error) return <ErrorNote error={error} retry={retry} />;
  const price = value?.find(({ certType }) => certType === draft.certType);
  if (!value) return <p class="muted">Asking for the price…</p>;
  if (price?.totalPrice === undefined) return <p class="muted">The service names no price for this type.</p>;
  return (
    <p>
      <span class="price">{price.totalPrice.toLocaleString('en')}</span>{' '}
      <span class="muted">for {count(price.term ?? 1, 'year')}, in the account's currency</span>
    </p>
  );
}

/** OV and EV orders wait for the validation of their organization. */
function ValidationNote({ draft }: { draft: Draft }) {
  const level = levelOf(draft.certType);
  const organization = organizations.value.get(draft.organizationId);
  if (level === 'DV' || !organization) return null;
  const validation = organization.validations?.find(({ type }) => type === level);
  const isValid = Boolean(validation?.dateValidatedUntil);
  return (
    <p class="muted">
      {isValid
        ? `The organization is validated for ${level}.`
        : `The organization is not validated for ${level} yet: the order waits for that.`}
    </p>
  );
}

/** The very request that the button sends, with its secrets masked. */
function RequestPreview({ order }: { order: NewOrder }) {
  const [request, setRequest] = useState<PreparedRequest>();
  const text = JSON.stringify(order);
  useEffect(() => {
    let isCurrent = true;
    service.value?.client
      .preview((client) => client.orders.create(JSON.parse(text)))
      .then(
        (prepared) => isCurrent && setRequest(prepared),
        () => isCurrent && setRequest(undefined),
      );
    return () => {
      isCurrent = false;
    };
  }, [text]);
  return (
    request && (
      <details class="card">
        <summary>The request that will be sent</summary>
        <pre class="request">{`${request.method} ${request.url}\n\n${JSON.stringify(request.body, null, 2)}`}</pre>
      </details>
    )
  );
}
