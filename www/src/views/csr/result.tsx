import type { Bundle, CsrInspection } from 'markmonitor-certs';
import { useState } from 'preact/hooks';
import { Button, CopyButton } from '../../components/button.js';
import { Card, Code } from '../../components/card.js';
import { Chain, linksOf } from '../../components/chain.js';
import { Findings } from '../../components/findings.js';
import { saveFile } from '../../components/save.js';
import { Badge, Name, Until } from '../../components/signs.js';
import { formatDateTime } from '../../format.js';
import { href, navigate } from '../../state/route.js';
import { toast } from '../../state/toasts.js';
import { holderOf } from '../../words.js';
import { KeyCard, NameCard, Names, Rest, SignatureVerdict, Verdict } from './fields.js';

type CsrProps = { inspection: CsrInspection; lacksKey: boolean };

/** A certificate request with its findings, in the order in which people read it. */
export function CsrResult({ inspection, lacksKey }: CsrProps) {
  const { csr, signature, findings } = inspection;
  const name = csr.subject.commonName ?? csr.subjectAltNames.dns[0] ?? 'Request without a name';
  const ofKey = findings.filter(({ field }) => field?.startsWith('publicKey'));
  const order = () =>
    import('../../state/draft.js').then(
      ({ changeCsr, leaveRenewal }) => {
        leaveRenewal();
        // What was read once is read again: it cannot fail.
        void changeCsr(csr.pem);
        navigate(href('new'));
      },
      () => toast('The form could not be loaded: connect to the network, then try again.', 'bad'),
    );
  return (
    <>
      <header class="result-head">
        <h2 dir="auto">
          <Name name={name} />
        </h2>
        <Verdict findings={findings} good="Good to order" />
        {lacksKey && <Badge tone="bad">Its key was not saved</Badge>}
        <Button word="Order" look="small primary" onClick={order} />
      </header>
      <div class="actions">
        <Share name={name} result={inspection} pem={csr.pem} />
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
      <Rest {...csr} />
    </>
  );
}

type ShareProps = { name: string; result: object; pem: string };

function Share({ name, result, pem }: ShareProps) {
  const json = JSON.stringify(result, null, 2);
  return (
    <>
      <CopyButton text={json} label="the result as JSON" word="JSON" />
      <CopyButton text={pem} label="the PEM" word="PEM" />
      <Button word="Save" look="small" icon="download" onClick={() => saveFile(`${name}.json`, json)} />
    </>
  );
}

export function BundleResult({ bundle }: { bundle: Bundle }) {
  const [index, setIndex] = useState(0);
  const certificate = linksOf(bundle)[index]?.[1] ?? bundle.leaf;
  const { findings } = bundle;
  const name = holderOf(certificate);
  return (
    <>
      <header class="result-head">
        <h2 dir="auto">
          <Name name={name} />
        </h2>
        <Verdict findings={findings} good="Good" />
      </header>
      <div class="actions">
        <Share name={name} result={bundle} pem={index === 0 ? bundle.pem : certificate.pem} />
        <Button word="Save PEM" look="small" icon="download" onClick={() => saveFile(`${name}.pem`, bundle.pem)} />
      </div>
      <Findings findings={findings} />
      <Chain bundle={bundle} selected={index} select={setIndex} />
      <Card
        title="Certificate"
        rows={[
          ['Valid', `${formatDateTime(certificate.notBefore)} – ${formatDateTime(certificate.notAfter)}`],
          ['Left', <Until key="left" from={certificate.notBefore} until={certificate.notAfter} />],
          ['Serial number', <Code key="serial" text={certificate.serialNumber} label="the serial number" />],
          ['SHA-256', <Code key="hash" text={certificate.sha256} label="the fingerprint" />],
        ]}
      />
      <NameCard title="Subject" name={certificate.subject} />
      <Names names={certificate.subjectAltNames} />
      <NameCard title="Issuer" name={certificate.issuer} />
      <KeyCard publicKey={certificate.publicKey} signature={certificate.signatureAlgorithm.name} />
      <Rest {...certificate} />
    </>
  );
}
