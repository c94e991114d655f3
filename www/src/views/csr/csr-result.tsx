import type { Csr, CsrInspection } from 'markmonitor-certs';
import { Badge } from '../../components/badge.js';
import { CopyButton } from '../../components/copy-button.js';
import { Findings } from '../../components/findings.js';
import { Icon } from '../../components/icon.js';
import { fileNameOf, saveFile } from '../../components/save.js';
import { count } from '../../format.js';
import { judgedFor, judgeFor } from '../../state/documents.js';
import { changeCsr } from '../../state/draft.js';
import { href, navigate } from '../../state/route.js';
import { certTypes, typeWords } from '../../words.js';
import { Compare } from './compare.js';
import { Extensions, KeyFields, NameFields, Names } from './fields.js';
import { asText } from './text.js';

/** A certificate request with its findings, in the order in which people read it. */
export function CsrResult({ inspection, tookMs }: { inspection: CsrInspection; tookMs: number }) {
  const { csr, signature, findings } = inspection;
  const name = csr.subject.commonName ?? csr.subjectAltNames.dns[0] ?? 'Request without a name';
  return (
    <>
      <header class="result-head">
        <h2>
          <bdi>{name}</bdi>
        </h2>
        <Verdict findings={findings} />
        <span class="muted">read in {tookMs < 1 ? 'under 1' : Math.round(tookMs)} ms</span>
        <button type="button" class="button small primary" onClick={() => order(csr.pem)}>
          Order
        </button>
      </header>
      <div class="actions">
        <label class="inline-field">
          Judge for
          <select value={judgedFor.value} onChange={({ currentTarget }) => judgeFor(currentTarget.value)}>
            <option value="">any certificate</option>
            {certTypes.map((type) => (
              <option key={type} value={type}>
                {typeWords(type)}
              </option>
            ))}
          </select>
        </label>
        <Share inspection={inspection} name={name} />
      </div>
      <Findings findings={findings} />
      <NameFields title="Subject" name={csr.subject} />
      <Names names={csr.subjectAltNames} />
      <KeyFields
        publicKey={csr.publicKey}
        signatureAlgorithm={csr.signatureAlgorithm.name}
        keyVerdict={<KeyVerdict findings={findings} />}
        verdict={<Signature signature={signature} />}
      />
      <Compare encoded={csr.pem} what="request" />
      <Extensions extensions={csr.extensions} />
      <Raw csr={csr} />
    </>
  );
}

function Verdict({ findings }: Pick<CsrInspection, 'findings'>) {
  const of = (severity: string) => findings.filter((finding) => finding.severity === severity).length;
  const [errors, warnings] = [of('error'), of('warning')];
  if (errors > 0) return <Badge tone="bad">{count(errors, 'error')}</Badge>;
  if (warnings > 0) return <Badge tone="attention">{count(warnings, 'warning')}</Badge>;
  return <Badge tone="good">Good to order</Badge>;
}

/** Begins an order of this request. */
function order(pem: string): void {
  // What was read once is read again: it cannot fail.
  void changeCsr(pem);
  navigate(href('new'));
}

function KeyVerdict({ findings }: Pick<CsrInspection, 'findings'>) {
  const own = findings.filter(({ field }) => field?.startsWith('publicKey'));
  if (own.some(({ severity }) => severity === 'error')) return <Badge tone="bad">Refused</Badge>;
  if (own.some(({ severity }) => severity === 'warning')) return <Badge tone="attention">See the findings</Badge>;
  return <Badge tone="good">Accepted</Badge>;
}

function Signature({ signature }: Pick<CsrInspection, 'signature'>) {
  if (signature === 'valid') return <Badge tone="good">Valid</Badge>;
  if (signature === 'invalid') return <Badge tone="bad">Invalid</Badge>;
  return <Badge tone="attention">Not checked: this browser does not know the algorithm</Badge>;
}

/** By file or copy, and never by an address. */
function Share({ inspection, name }: { inspection: CsrInspection; name: string }) {
  const json = JSON.stringify(inspection, null, 2);
  return (
    <>
      <CopyButton text={json} label="the result as JSON">
        JSON
      </CopyButton>
      <CopyButton text={asText(inspection)} label="the result as text">
        Text
      </CopyButton>
      <button
        type="button"
        class="button small"
        onClick={() => saveFile(fileNameOf(name, 'json'), json, 'application/json')}
      >
        <Icon name="download" />
        Save
      </button>
    </>
  );
}

function Raw({ csr }: { csr: Csr }) {
  return (
    <details class="card">
      <summary>PEM, attributes</summary>
      <div class="pem-block">
        <CopyButton text={csr.pem} label="the request as PEM" />
        <pre>{csr.pem}</pre>
      </div>
      <dl class="fields">
        <dt>Version</dt>
        <dd>{csr.version}</dd>
        {csr.attributes.map(({ oid, name }) => (
          <>
            <dt>{name ?? 'Attribute'}</dt>
            <dd>
              <code>{oid}</code>
            </dd>
          </>
        ))}
      </dl>
    </details>
  );
}
