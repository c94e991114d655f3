import {
  allowedActions,
  type DcvInstructions,
  type DcvRecord,
  dateOf,
  dcvInstructions,
  type History,
  type Order,
} from 'markmonitor-certs';
import { Button, CopyButton } from '../../components/button.js';
import { Card, Code, Fields, type Row } from '../../components/card.js';
import { Chain } from '../../components/chain.js';
import { Line } from '../../components/form.js';
import { DaysLeft } from '../../components/order-signs.js';
import { saveFile } from '../../components/save.js';
import { ErrorNote, Loaded } from '../../components/states.js';
import { formatAgo, formatDate, formatDateTime } from '../../format.js';
import { allNamesOf, commentsOf, dcvMethodOf, dcvMethods, endOf, platforms, renewedBy } from '../../order-words.js';
import { now } from '../../state/clock.js';
import { addDocument } from '../../state/documents.js';
import { useLive } from '../../state/live.js';
import { nameOf } from '../../state/ordered.js';
import { contactWords, organizationName } from '../../state/orders.js';
import { useAsync, useTask } from '../../state/outcome.js';
import { href, navigate } from '../../state/route.js';
import { connect } from '../../state/service.js';
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

export function CertificateCard({ order }: { order: Order }) {
  const { id, cert } = order;
  if (!cert?.endEntityCert) return null;
  const serialNumber = cert.serialNumber ?? '';
  return (
    <Card
      title="Certificate"
      class="stack"
      rows={[
        ['Valid from', formatDate(dateOf(cert.dateValidFrom))],
        ['Valid until', endOf(order) && <DaysLeft key="until" order={order} />],
        ['Serial number', serialNumber && <Code key="serial" text={serialNumber} label="the serial number" />],
      ]}
    >
      <ChainOf id={id} serialNumber={serialNumber} />
      <Files id={id} name={nameOf(order)} />
    </Card>
  );
}

function ChainOf({ id, serialNumber }: { id: string; serialNumber: string }) {
  const bundle = useLive(`chain ${id} ${serialNumber}`, ({ client }, signal) =>
    client.orders.certificate(id, { signal }),
  );
  return <Loaded outcome={bundle} label="the chain" lines={3} show={(bundle) => <Chain bundle={bundle} />} />;
}

function Files({ id, name }: { id: string; name: string }) {
  const saving = useTask(async (format: 'pem_all' | 'p7b', ending: string) => {
    const { client } = await connect();
    saveFile(`${name}.${ending}`, new Uint8Array(await client.orders.download(id, format)));
  });
  const look = { icon: 'download', disabled: saving.isBusy } as const;
  return (
    <>
      <div class="actions">
        <Button word="PEM with chain" {...look} onClick={() => saving.start('pem_all', 'pem')} />
        <Button word="PKCS #7" {...look} onClick={() => saving.start('p7b', 'p7b')} />
      </div>
      <ErrorNote what="The file was not saved." error={saving.error} />
    </>
  );
}

export function Details({ order }: { order: Order }) {
  const { cert, organizationId } = order;
  const renewed = renewedBy(order);
  const inspect = () => {
    addDocument(nameOf(order), cert?.csr ?? '');
    navigate(href('csr'));
  };
  const button = cert?.csr && <Button word="Inspect its CSR" look="small" onClick={inspect} />;
  return (
    <Card
      title="Details"
      beside={button}
      rows={[
        ['Names', cert?.dnsNames?.join('\n')],
        ['Organization', organizationName(organizationId)],
        ['Contacts', contactWords(organizationId, order.contacts ?? [])],
        ['Renews', renewed && <a href={href('order', renewed)}>{renewed}</a>],
        ['Server', platforms[cert?.serverPlatform ?? ''] ?? cert?.serverPlatform],
        ['Domain control', dcvMethods[cert?.dcvMethod ?? ''] ?? cert?.dcvMethod],
        ['ID', <Code key="id" text={order.id} label="the ID" />],
        ['DigiCert order', order.providerId],
        ['Price', order.price?.totalPrice],
        ['Emails', order.additionalEmails?.join('\n')],
        ['Comments', commentsOf(order.comments)],
        ['Created', formatDateTime(dateOf(order.dateCreated))],
        ['Updated', formatDateTime(dateOf(order.dateUpdated))],
      ]}
    />
  );
}

interface HistoryProps {
  of: 'orders' | 'organizations' | 'contacts';
  id: string;
  /** Another one says that something happened: then it is asked for again. */
  version: string;
  known?: History[] | undefined;
}

export function HistoryOf({ of, id, version, known }: HistoryProps) {
  const history = useLive(
    `history ${of} ${id} ${version}`,
    ({ client }, signal) => client[of].history.list(id, { size: 100 }, { signal }).toArray({ limit: 500 }),
    undefined,
    known,
  );
  return (
    <Card title="History" class="history" beside={<span class="count">{history.value?.length}</span>}>
      <Loaded
        outcome={history}
        label="the history"
        show={(entries) => (
          <ol>
            {entries
              .toReversed()
              .toSorted(latestFirst)
              .map(({ id, dateCreated, userName, text }) => (
                <li key={id}>
                  <p dir="auto">{text}</p>
                  <p class="muted" title={formatDateTime(dateOf(dateCreated))}>
                    {formatAgo(dateOf(dateCreated), now())} · {userName ?? 'system'}
                  </p>
                </li>
              ))}
          </ol>
        )}
      />
    </Card>
  );
}

/** Those of the same moment are reversed by then, for the oldest comes first. */
const latestFirst = (a: History, b: History) => Number(dateOf(b.dateCreated) ?? 0) - Number(dateOf(a.dateCreated) ?? 0);
