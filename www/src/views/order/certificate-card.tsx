import type { Bundle, Order } from 'markmonitor-certs';
import { useState } from 'preact/hooks';
import { Chain } from '../../components/chain.js';
import { CopyButton } from '../../components/copy-button.js';
import { Icon } from '../../components/icon.js';
import { fileNameOf, saveFile } from '../../components/save.js';
import { ErrorNote, Skeleton } from '../../components/states.js';
import { daysUntil, formatDate } from '../../format.js';
import { useLive } from '../../state/live.js';
import { connect, now } from '../../state/service.js';
import { nameOf } from '../../words.js';

/** The certificate with its chain, and its files. */
export function CertificateCard({ order }: { order: Order }) {
  const { cert } = order;
  if (!cert?.endEntityCert) return null;
  const left = daysUntil(cert.dateValidUntil, now());
  return (
    <section class="card" aria-label="Certificate">
      <h2>Certificate</h2>
      <dl class="fields">
        <div>
          <dt>Valid</dt>
          <dd>
            {formatDate(cert.dateValidFrom)} – {formatDate(cert.dateValidUntil)}
            {left !== undefined && <span class="muted"> ({left < 0 ? 'ended' : `${left} days left`})</span>}
          </dd>
        </div>
        <div>
          <dt>Serial number</dt>
          <dd class="hash">
            <code>{cert.serialNumber}</code>
            <CopyButton text={cert.serialNumber ?? ''} label="the serial number" />
          </dd>
        </div>
      </dl>
      <ChainOf order={order} />
      <Files order={order} />
    </section>
  );
}

function ChainOf({ order }: { order: Order }) {
  const { id = '', cert } = order;
  const { value, error, retry } = useLive<Bundle>(`bundle ${id} ${cert?.serialNumber}`, {
    look: ({ client }, signal) => client.orders.certificate(id, { signal }),
    every: () => undefined,
  });
  if (error) return <ErrorNote error={error} retry={retry} />;
  return value ? <Chain bundle={value} /> : <Skeleton lines={3} label="Loading the chain" />;
}

const files = [
  { format: 'pem_all', ending: 'pem', label: 'PEM with chain' },
  { format: 'p7b', ending: 'p7b', label: 'PKCS #7' },
] as const;

function Files({ order }: { order: Order }) {
  const [error, setError] = useState<unknown>();
  const [busy, setBusy] = useState('');
  const save = async ({ format, ending }: (typeof files)[number]) => {
    setBusy(format);
    setError(undefined);
    try {
      const { client } = await connect();
      const content = await client.orders.download(order.id ?? '', format);
      saveFile(fileNameOf(nameOf(order), ending), new Uint8Array(content));
    } catch (reason) {
      setError(reason);
    }
    setBusy('');
  };
  return (
    <>
      <div class="actions">
        {files.map((file) => (
          <button key={file.format} type="button" class="button" disabled={busy !== ''} onClick={() => save(file)}>
            <Icon name="download" />
            {file.label}
          </button>
        ))}
      </div>
      {Boolean(error) && <ErrorNote error={error} />}
    </>
  );
}
