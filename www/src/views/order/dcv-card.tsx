import { type DcvInstructions, dcvInstructions, type Order } from 'markmonitor-certs';
import { useEffect, useState } from 'preact/hooks';
import { CopyButton } from '../../components/copy-button.js';
import { ErrorNote } from '../../components/states.js';

/** What to put where, so that DigiCert sees who controls the domains. */
export function DcvCard({ order }: { order: Order }) {
  const [token, setToken] = useState('');
  const { status, cert } = order;
  if (!cert || (status !== 'DIGI_PENDING' && status !== 'DIGI_REISSUE_PENDING')) return null;
  const method = cert.dcvMethod ?? 'EMAIL';
  const domains = [...new Set([cert.commonName ?? '', ...(cert.dnsNames ?? [])])].filter(Boolean);
  return (
    <section class="card" aria-label="Domain control">
      <h2>Show control of the domains</h2>
      {method !== 'EMAIL' && (
        <label class="field">
          <span>Token from DigiCert</span>
          <input value={token} autocomplete="off" onInput={({ currentTarget }) => setToken(currentTarget.value)} />
        </label>
      )}
      <ul class="dcv">
        {domains.map((domain) => (
          <Domain key={domain} domain={domain} method={method} token={token} />
        ))}
      </ul>
    </section>
  );
}

function Domain({ domain, method, token }: { domain: string; method: string; token: string }) {
  const [{ value, error }, setOutcome] = useState<{ value?: DcvInstructions; error?: unknown }>({});
  useEffect(() => {
    let isCurrent = true;
    dcvInstructions(domain, method, token.trim() || undefined).then(
      (value) => isCurrent && setOutcome({ value }),
      (error) => isCurrent && setOutcome({ error }),
    );
    return () => {
      isCurrent = false;
    };
  }, [domain, method, token]);
  if (error) return <ErrorNote error={error} />;
  const { text, record, file } = value ?? {};
  return (
    <li>
      <p>
        <bdi>{text}</bdi>
      </p>
      {record && (
        <dl class="fields">
          <Line label={`${record.type} record`} value={record.name} />
          <Line label="Value" value={record.value} />
        </dl>
      )}
      {file && (
        <dl class="fields">
          <Line label="File" value={file.url} />
          <Line label="Content" value={file.content} />
        </dl>
      )}
    </li>
  );
}

function Line({ label, value }: { label: string; value: string }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd class="hash">
        <code>{value}</code>
        <CopyButton text={value} label={label} />
      </dd>
    </div>
  );
}
