import type { CsrInspection, Finding, Order } from 'markmonitor-certs';
import { useState } from 'preact/hooks';
import { FindingList } from '../../components/findings.js';
import { Choice, type Option } from '../../components/form.js';
import { Badge } from '../../components/signs.js';
import { ErrorNote, Loaded } from '../../components/states.js';
import { nameOf, statusWords } from '../../order-words.js';
import { inspectCsr } from '../../pki.js';
import { type OrderBook, organizationOf, wholeBook } from '../../state/orders.js';
import { useAsync } from '../../state/outcome.js';
import { SameKey } from './compare.js';

type Props = { pem: string; inspection?: CsrInspection | undefined };

export const WithAnOrder = (props: Props) => (
  <Loaded outcome={wholeBook()} label="the orders" lines={2} show={(book) => <WithOrder {...props} book={book} />} />
);

/** What the rules say of a request for an order, beyond what they say of it in any case; and whether the keys match. */
function WithOrder({ pem, inspection, book }: Props & { book: OrderBook }) {
  const { orders } = book;
  const [id, setId] = useState('');
  const order = orders.find((order) => order.id === id);
  const own = order?.cert?.endEntityCert ?? order?.cert?.csr;
  const { value: findings, error } = useAsync(
    `${pem} ${id} ${order?.dateUpdated} ${organizationOf(order?.organizationId)?.id}`,
    async () => {
      if (!order?.cert || !inspection) return undefined;
      const organization = organizationOf(order.organizationId);
      return (await inspectCsr(pem, { order, organization })).findings;
    },
  );
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
