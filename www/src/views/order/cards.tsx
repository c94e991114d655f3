import { type Contact, dcvInstructions, type History, type Order } from 'markmonitor-certs';
import { useState } from 'preact/hooks';
import { Button } from '../../components/button.js';
import { Card, Code, Fields, type Row } from '../../components/card.js';
import { Chain } from '../../components/chain.js';
import { Line } from '../../components/form.js';
import { saveFile } from '../../components/save.js';
import { ErrorNote, Loaded } from '../../components/states.js';
import { count, daysUntil, formatAgo, formatDate, formatDateTime } from '../../format.js';
import { addDocument } from '../../state/documents.js';
import { useLive } from '../../state/live.js';
import { orderBook, organizationName } from '../../state/orders.js';
import { useAsync, useTask } from '../../state/outcome.js';
import { href, navigate } from '../../state/route.js';
import { connect, now } from '../../state/service.js';
import { allNamesOf, dcvMethods, nameOf, platforms } from '../../words.js';

/** What to put where, so that DigiCert sees who controls the domains. */
export function DcvCard({ order }: { order: Order }) {
  const [token, setToken] = useState('');
  const { status, cert } = order;
  if (!cert || (status !== 'DIGI_PENDING' && status !== 'DIGI_REISSUE_PENDING')) return null;
  const method = cert.dcvMethod ?? 'EMAIL';
  return (
    <Card title="Domain control" class="stack">
      {method !== 'EMAIL' && <Line label="Token from DigiCert" value={token} change={setToken} />}
      <ul class="lines dcv">
        {allNamesOf(order).map((domain) => (
          <li key={domain}>
            <Domain domain={domain} method={method} token={token.trim()} />
          </li>
        ))}
      </ul>
    </Card>
  );
}

function Domain({ domain, method, token }: { domain: string; method: string; token: string }) {
  const key = `${domain} ${method} ${token}`;
  const instructions = useAsync(key, () => dcvInstructions(domain, method, token || undefined));
  const row = (label: string, value: string): Row => [label, <Code key={label} text={value} label={label} />];
  return (
    <Loaded
      outcome={instructions}
      label="Working out what to do"
      lines={2}
      show={({ text, record, file }) => (
        <>
          {/* The package sets what is to be typed in backticks. */}
          <p>{text.split('`').map((part, index) => (index % 2 ? <code key={part}>{part}</code> : part))}</p>
          {record && <Fields rows={[row(`${record.type} record`, record.name), row('Value', record.value)]} />}
          {file && <Fields rows={[row('File', file.url), row('Content', file.content)]} />}
        </>
      )}
    />
  );
}

export function CertificateCard({ order }: { order: Order }) {
  const { id, cert } = order;
  if (!cert?.endEntityCert) return null;
  const serialNumber = cert.serialNumber ?? '';
  const left = daysUntil(cert.dateValidUntil, now()) ?? 0;
  const valid = `${formatDate(cert.dateValidFrom)} – ${formatDate(cert.dateValidUntil)}`;
  return (
    <Card
      title="Certificate"
      class="stack"
      rows={[
        ['Valid', `${valid} (${left < 0 ? 'ended' : `${count(left, 'day')} left`})`],
        ['Serial number', serialNumber && <Code key="serial" text={serialNumber} label="the serial number" />],
      ]}
    >
      <ChainOf id={id} serialNumber={serialNumber} />
      <Files id={id} name={nameOf(order)} />
    </Card>
  );
}

/** Asked for again only when there is another certificate. */
function ChainOf({ id, serialNumber }: { id: string; serialNumber: string }) {
  const bundle = useLive(`${id} ${serialNumber}`, ({ client }, signal) => client.orders.certificate(id, { signal }));
  return <Loaded outcome={bundle} label="Loading the chain" lines={3} show={(bundle) => <Chain bundle={bundle} />} />;
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
      <ErrorNote error={saving.error} />
    </>
  );
}

export function Details({ order }: { order: Order }) {
  const { cert, organizationId } = order;
  const people = orderBook.value.organizations.get(organizationId ?? '')?.contacts ?? [];
  const contacts = order.contacts?.map((id) => personOf(people.find((person) => person.id === id)) ?? id);
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
        ['Contacts', contacts?.join('\n')],
        ['Server', platforms[cert?.serverPlatform ?? ''] ?? cert?.serverPlatform],
        ['Domain control', dcvMethods[cert?.dcvMethod ?? ''] ?? cert?.dcvMethod],
        ['DigiCert order', order.providerId],
        ['Price', order.price?.totalPrice],
        ['Emails', order.additionalEmails?.join('\n')],
        ['Comments', order.comments],
        ['Created', formatDateTime(order.dateCreated)],
        ['Updated', formatDateTime(order.dateUpdated)],
      ]}
    />
  );
}

const personOf = (contact: Contact | undefined) =>
  contact && `${contact.firstName ?? ''} ${contact.lastName ?? ''} <${contact.email ?? ''}>`;

/** What happened to an order, the latest first. It is asked for again only when the order has changed. */
export function HistoryCard({ order }: { order: Order }) {
  const { id, dateUpdated } = order;
  const { value = order.history, ...rest } = useLive(`${id} ${dateUpdated}`, ({ client }, signal) =>
    client.orders.history.list(id, { size: 100 }, { signal }).toArray({ limit: 500 }),
  );
  return (
    <Card title="History" class="history" beside={<span class="count">{value?.length}</span>}>
      <Loaded
        outcome={{ value, ...rest }}
        label="Loading the history"
        show={(entries) => (
          <ol>
            {entries.toSorted(latestFirst).map(({ id, dateCreated, userName = 'system', text }) => (
              <li key={id}>
                <p dir="auto">{text}</p>
                <p class="muted" title={formatDateTime(dateCreated)}>
                  {formatAgo(dateCreated, now())} · {userName}
                </p>
              </li>
            ))}
          </ol>
        )}
      />
    </Card>
  );
}

const latestFirst = (a: History, b: History) => (b.dateCreated ?? '').localeCompare(a.dateCreated ?? '');
