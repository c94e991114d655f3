import type { CsrInspection, Finding, Order } from 'markmonitor-certs';
import { useState } from 'preact/hooks';
import { Card } from '../../components/card.js';
import { FindingList } from '../../components/findings.js';
import { Choice, Lines, type Option } from '../../components/form.js';
import { Badge } from '../../components/signs.js';
import { ErrorNote, Loaded } from '../../components/states.js';
import { inspectCsr, sameKey } from '../../pki.js';
import { documents } from '../../state/documents.js';
import { type OrderBook, wholeBook } from '../../state/orders.js';
import { useAsync } from '../../state/outcome.js';
import { nameOf, statusWords } from '../../words.js';

interface CompareProps {
  pem: string;
  /** Of a request: then an order says more of it than whether the keys are the same. */
  inspection?: CsrInspection | undefined;
}

/** What is shown beside something else: another document, an order, or what is pasted. */
export function Compare({ pem, inspection }: CompareProps) {
  const [choice, setChoice] = useState('');
  const [pasted, setPasted] = useState('');
  const others = documents.value.flatMap(({ id, name, reading }) =>
    reading?.pem && reading.pem !== pem ? [{ key: `document ${id}`, name, pem: reading.pem }] : [],
  );
  const other = choice === 'paste' ? pasted.trim() : others.find(({ key }) => key === choice)?.pem;
  const label = 'Certificate, request or public key';
  const options: Option[] = [
    ['', 'Compare with…'],
    ['order', 'An order'],
    ['paste', 'Something to paste'],
    ...others.map(({ key, name }): Option => [key, name]),
  ];
  return (
    <Card title="Compare" class="stack">
      <div class="actions">
        <Choice aria-label="Compare with" value={choice} options={options} change={setChoice} />
        {other && <SameKey a={pem} b={other} />}
      </div>
      {choice === 'paste' && (
        <Lines class="pem" rows={4} aria-label={label} placeholder={label} value={pasted} change={setPasted} />
      )}
      {choice === 'order' && (
        <Loaded
          outcome={wholeBook()}
          label="Loading the orders"
          lines={2}
          show={(book) => <WithOrder pem={pem} inspection={inspection} book={book} />}
        />
      )}
    </Card>
  );
}

function SameKey({ a, b }: { a: string; b: string }) {
  const { value, error } = useAsync(`${a} ${b}`, () => sameKey(a, b));
  return (
    <span role="status">
      {error instanceof Error && <Badge tone="attention">{error.message}</Badge>}
      {!error && value !== undefined && (
        <Badge tone={value ? 'good' : 'bad'}>{value ? 'The same key' : 'Another key'}</Badge>
      )}
    </span>
  );
}

/** What the rules say of a request for an order, beyond what they say of it in any case; and whether the keys match. */
function WithOrder({ pem, inspection, book }: CompareProps & { book: OrderBook }) {
  const { orders, organizations } = book;
  const [id, setId] = useState('');
  const order = orders.find((order) => order.id === id);
  const own = order?.cert?.endEntityCert ?? order?.cert?.csr;
  const { value: findings, error } = useAsync(`${pem} ${id} ${order?.dateUpdated}`, async () => {
    if (!order?.cert || !inspection) return undefined;
    const organization = organizations.get(order.organizationId ?? '');
    return (await inspectCsr(pem, { order, organization })).findings;
  });
  const key = ({ code, field }: Finding) => `${code} ${field}`;
  const known = new Set(inspection?.findings.map(key));
  const added = findings?.filter((finding) => !known.has(key(finding)));
  // Those of the same name are the likeliest.
  const name = inspection?.csr.subject.commonName;
  const likeliest = orders.toSorted((a, b) => Number(nameOf(b) === name) - Number(nameOf(a) === name));
  const options = likeliest.map((order): Option => [order.id, wordsOf(order)]);
  return (
    <>
      <div class="actions">
        <Choice aria-label="Order" value={id} options={[['', 'Choose an order…'], ...options]} change={setId} />
        {own && <SameKey a={pem} b={own} />}
      </div>
      <div role="status">
        <ErrorNote error={error} />
        {added?.length === 0 && <Badge tone="good">The request fits the order</Badge>}
        {added && <FindingList findings={added} />}
      </div>
    </>
  );
}

const wordsOf = (order: Order) => `${nameOf(order)} · ${statusWords(order.status).label}`;
