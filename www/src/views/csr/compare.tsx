import { sameKey } from 'markmonitor-certs';
import { useEffect, useState } from 'preact/hooks';
import { Badge } from '../../components/badge.js';
import { documents, pemOf } from '../../state/documents.js';
import { orderBook } from '../../state/orders.js';
import { nameOf } from '../../words.js';

/** Whether something else holds the same key: another document, an order that was seen, or a certificate to paste. */
export function Compare({ encoded, what }: { encoded: string; what: string }) {
  const [choice, setChoice] = useState('');
  const [pasted, setPasted] = useState('');
  const others = othersThan(encoded);
  const other = choice === 'paste' ? pasted : (others.find(({ key }) => key === choice)?.pem ?? '');
  return (
    <section class="card">
      <h3>Same key?</h3>
      <div class="actions">
        <label class="inline-field">
          Compare this {what} with
          <select value={choice} onChange={({ currentTarget }) => setChoice(currentTarget.value)}>
            <option value="">…</option>
            <option value="paste">Something to paste</option>
            {others.map(({ key, label }) => (
              <option key={key} value={key}>
                {label}
              </option>
            ))}
          </select>
        </label>
        {other.trim() && <Answer a={encoded} b={other} />}
      </div>
      {choice === 'paste' && (
        <textarea
          class="pem"
          rows={4}
          spellcheck={false}
          aria-label="Certificate, request or public key"
          placeholder="Certificate, request or public key"
          value={pasted}
          onInput={({ currentTarget }) => setPasted(currentTarget.value)}
        />
      )}
    </section>
  );
}

interface Other {
  key: string;
  label: string;
  pem: string;
}

function othersThan(encoded: string): Other[] {
  const open = documents.value.flatMap((document) => {
    const pem = pemOf(document);
    return pem && pem !== encoded ? [{ key: `document ${document.id}`, label: document.name, pem }] : [];
  });
  const issued = orderBook.value.orders.flatMap((order) => {
    const pem = order.cert?.endEntityCert;
    return pem ? [{ key: `order ${order.id}`, label: `Order: ${nameOf(order)}`, pem }] : [];
  });
  return [...open, ...issued];
}

function Answer({ a, b }: { a: string; b: string }) {
  const [answer, setAnswer] = useState<boolean | string>();
  useEffect(() => {
    let isCurrent = true;
    sameKey(a, b).then(
      (same) => isCurrent && setAnswer(same),
      (error) => isCurrent && setAnswer(error instanceof Error ? error.message : 'It cannot be read.'),
    );
    return () => {
      isCurrent = false;
    };
  }, [a, b]);
  return (
    <span role="status">
      {answer === true && <Badge tone="good">The same key</Badge>}
      {answer === false && <Badge tone="bad">Another key</Badge>}
      {typeof answer === 'string' && <Badge tone="attention">{answer}</Badge>}
    </span>
  );
}
