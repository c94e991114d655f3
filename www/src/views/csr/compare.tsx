import type { CsrInspection } from 'markmonitor-certs';
import { useState } from 'preact/hooks';
import { Card } from '../../components/card.js';
import { Choice, Lines, type Option } from '../../components/form.js';
import { Badge } from '../../components/signs.js';
import { lazy } from '../../components/states.js';
import { sameKey } from '../../pki.js';
import { documents } from '../../state/documents.js';
import { useAsync } from '../../state/outcome.js';

/** Who compares documents loads nothing of the service. */
const WithOrder = lazy('the comparison', async () => (await import('./with-order.js')).WithAnOrder);

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
      {choice === 'order' && <WithOrder pem={pem} inspection={inspection} />}
    </Card>
  );
}

export function SameKey({ a, b }: { a: string; b: string }) {
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
