import type { Bundle, CsrInspection, Finding } from 'markmonitor-certs';
import { useState } from 'preact/hooks';
import { Button, CopyButton } from '../../components/button.js';
import { Card, Code, Fields, type Row } from '../../components/card.js';
import { Chain, linksOf } from '../../components/chain.js';
import { Findings } from '../../components/findings.js';
import { Choice } from '../../components/form.js';
import { saveFile } from '../../components/save.js';
import { Badge } from '../../components/signs.js';
import { count, formatDateTime } from '../../format.js';
import { judgedFor, judgeFor } from '../../state/documents.js';
import { changeCsr } from '../../state/draft.js';
import { href, navigate } from '../../state/route.js';
import { holderOf, keyWords, typeOptions } from '../../words.js';
import { Compare } from './compare.js';
import { Extensions, KeyCard, NameCard, Names } from './fields.js';

/** A certificate request with its findings, in the order in which people read it. */
export function CsrResult({ inspection, tookMs }: { inspection: CsrInspection; tookMs: number }) {
  const { csr, signature, findings } = inspection;
  const name = csr.subject.commonName ?? csr.subjectAltNames.dns[0] ?? 'Request without a name';
  const ofKey = findings.filter(({ field }) => field?.startsWith('publicKey'));
  const order = () => {
    // What was read once is read again: it cannot fail.
    void changeCsr(csr.pem);
    navigate(href('new'));
  };
  const json = JSON.stringify(inspection, null, 2);
  return (
    <>
      <header class="result-head">
        <h2 dir="auto">{name}</h2>
        <Verdict findings={findings} good="Good to order" />
        <span class="muted">read in {tookMs < 1 ? 'under 1' : Math.round(tookMs)} ms</span>
        <Button word="Order" look="small primary" onClick={order} />
      </header>
      <div class="actions">
        <Choice
          aria-label="Check for"
          value={judgedFor.value}
          options={[['', 'Check for any type'], ...typeOptions]}
          change={judgeFor}
        />
        <CopyButton text={json} label="the result as JSON" word="JSON" />
        <CopyButton text={asText(inspection)} label="the result as text" word="Text" />
        <Button word="Save" look="small" icon="download" onClick={() => saveFile(`${name}.json`, json)} />
      </div>
      <Findings findings={findings} />
      <NameCard title="Subject" name={csr.subject} />
      <Names names={csr.subjectAltNames} />
      <KeyCard
        publicKey={csr.publicKey}
        signature={csr.signatureAlgorithm.name}
        verdicts={[
          <Verdict key="key" findings={ofKey} good="Accepted" />,
          <SignatureVerdict key="signature" signature={signature} />,
        ]}
      />
      <Compare pem={csr.pem} inspection={inspection} />
      <Extensions extensions={csr.extensions} />
      <details class="card">
        <summary>PEM, attributes</summary>
        <div class="pem-block">
          <CopyButton text={csr.pem} label="the request as PEM" />
          <pre>{csr.pem}</pre>
        </div>
        <Fields
          rows={[['Version', csr.version], ...csr.attributes.map(({ oid, name }): Row => [name ?? 'Attribute', oid])]}
        />
      </details>
    </>
  );
}

/** What findings come to; `good` is said where nothing is wrong. */
function Verdict({ findings, good }: { findings: readonly Finding[]; good: string }) {
  const [errors = 0, warnings = 0] = ['error', 'warning'].map(
    (severity) => findings.filter((finding) => finding.severity === severity).length,
  );
  if (errors > 0) return <Badge tone="bad">{count(errors, 'error')}</Badge>;
  if (warnings > 0) return <Badge tone="attention">{count(warnings, 'warning')}</Badge>;
  return <Badge tone="good">{good}</Badge>;
}

function SignatureVerdict({ signature }: Pick<CsrInspection, 'signature'>) {
  if (signature === 'valid') return <Badge tone="good">Valid</Badge>;
  if (signature === 'invalid') return <Badge tone="bad">Invalid</Badge>;
  return <Badge tone="attention">Not checked: this browser does not know the algorithm</Badge>;
}

/** An inspection as text, for a ticket or an email. */
function asText({ csr, signature, findings }: CsrInspection): string {
  const { subject, subjectAltNames, publicKey, signatureAlgorithm } = csr;
  const names = [...subjectAltNames.dns, ...subjectAltNames.ip, ...subjectAltNames.email, ...subjectAltNames.uri];
  const lines = [
    ...subject.attributes.map(({ name, oid, value }) => `${name ?? oid}: ${value}`),
    `alternative names: ${names.join(', ') || 'none'}`,
    `key: ${keyWords(publicKey)}`,
    `key SHA-256: ${publicKey.spkiSha256}`,
    `signature: ${signatureAlgorithm.name}, ${signature}`,
    ...findings.map(({ severity, message, source }) => `${severity}: ${message}${source ? ` (${source})` : ''}`),
  ];
  return `${lines.join('\n')}\n`;
}

export function BundleResult({ bundle }: { bundle: Bundle }) {
  const [index, setIndex] = useState(0);
  const certificate = linksOf(bundle)[index]?.[1] ?? bundle.leaf;
  return (
    <>
      <header class="result-head">
        <h2 dir="auto">{holderOf(certificate)}</h2>
      </header>
      <Findings findings={bundle.findings} />
      <Chain bundle={bundle} selected={index} select={setIndex} />
      <Card
        title="Certificate"
        rows={[
          ['Valid', `${formatDateTime(certificate.notBefore)} – ${formatDateTime(certificate.notAfter)}`],
          ['Serial number', <Code key="serial" text={certificate.serialNumber} label="the serial number" />],
          ['SHA-256', <Code key="hash" text={certificate.sha256} label="the fingerprint" />],
        ]}
      />
      <NameCard title="Subject" name={certificate.subject} />
      <Names names={certificate.subjectAltNames} />
      <NameCard title="Issuer" name={certificate.issuer} />
      <KeyCard publicKey={certificate.publicKey} signature={certificate.signatureAlgorithm.name} />
      <Compare pem={certificate.pem} />
      <Extensions extensions={certificate.extensions} />
    </>
  );
}
