import { allowedActions, type DcvInstructions, type DcvRecord, dcvInstructions, type Order } from 'markmonitor-certs';
import { CopyButton } from '../../components/button.js';
import { Card, Code, Fields, type Row } from '../../components/card.js';
import { Line } from '../../components/form.js';
import { Loaded } from '../../components/states.js';
import { allNamesOf, dcvMethodOf } from '../../order-words.js';
import { useAsync } from '../../state/outcome.js';
import { stored } from '../../state/stored.js';

/** The values from DigiCert, by order: public, as they go into the DNS. */
const tokens = stored<Record<string, string>>('dcv-tokens', {}, () => sessionStorage);

/** What to put where, so that DigiCert sees who controls the domains. */
export function DcvCard({ order }: { order: Order }) {
  const { id, cert } = order;
  const { value: allowed = [] } = useAsync(order, () => allowedActions(order));
  const method = dcvMethodOf(order);
  const token = tokens.value[id] ?? '';
  const domains = allNamesOf(order);
  const instructions = useAsync(`${domains} ${method} ${token}`, () =>
    Promise.all(domains.map((domain) => dcvInstructions(domain, method, token.trim() || undefined))),
  );
  if (!cert || !allowed.includes('sendDcvEmail')) return null;
  const change = (text: string) => {
    tokens.value = { ...tokens.peek(), [id]: text };
  };
  const zone = zoneOf(instructions.value ?? []);
  return (
    <Card
      title="Domain control"
      class="stack"
      beside={zone && <CopyButton text={zone} label="all records as a zone file" word="Zone file" />}
    >
      {method !== 'EMAIL' && <Line label="Token from DigiCert" value={token} change={change} />}
      <Loaded
        outcome={instructions}
        label="what to do"
        lines={2}
        show={(all) => (
          <ul class="lines dcv">
            {all.map((one) => (
              <li key={one.domain}>
                <Domain {...one} />
              </li>
            ))}
          </ul>
        )}
      />
    </Card>
  );
}

/** Records as lines of a zone file (RFC 1035, 5). */
const zoneOf = (all: readonly DcvInstructions[]): string =>
  [...new Set(all.flatMap(({ record }) => (record ? [record] : [])).map(lineOf))].join('');

function lineOf({ name, type, value }: DcvRecord): string {
  const end = (host: string) => `${host.replace(/\.$/, '')}.`;
  return `${end(name)} 300 IN ${type} ${type === 'TXT' ? `"${value}"` : end(value)}\n`;
}

function Domain({ text, record, file }: DcvInstructions) {
  const row = (label: string, value: string): Row => [label, <Code key={label} text={value} label={label} />];
  return (
    <>
      {/* The package sets what is to be typed in backticks. */}
      <p>{text.split('`').map((part, index) => (index % 2 ? <code key={part}>{part}</code> : part))}</p>
      {record && <Fields rows={[row(`${record.type} record`, record.name), row('Value', record.value)]} />}
      {file && <Fields rows={[row('File', file.url), row('Content', file.content)]} />}
    </>
  );
}
