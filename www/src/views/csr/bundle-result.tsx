import type { Bundle, Certificate } from 'markmonitor-certs';
import { useState } from 'preact/hooks';
import { Chain } from '../../components/chain.js';
import { CopyButton } from '../../components/copy-button.js';
import { Findings } from '../../components/findings.js';
import { formatDateTime } from '../../format.js';
import { Compare } from './compare.js';
import { Extensions, KeyFields, NameFields, Names } from './fields.js';

/** Certificates, drawn as a chain; one of them in detail. */
export function BundleResult({ bundle }: { bundle: Bundle }) {
  const all = [bundle.leaf, ...bundle.intermediates, ...(bundle.root ? [bundle.root] : []), ...bundle.strangers];
  const [index, setIndex] = useState(0);
  const certificate = all[index] ?? bundle.leaf;
  return (
    <>
      <header class="result-head">
        <h2>
          <bdi>{certificate.subject.commonName ?? 'Certificate without a name'}</bdi>
        </h2>
      </header>
      <Findings findings={bundle.findings} />
      <Chain bundle={bundle} selected={index} select={setIndex} />
      <CertificateFields certificate={certificate} />
      <Compare encoded={certificate.pem} what="certificate" />
      <Extensions extensions={certificate.extensions} />
    </>
  );
}

function CertificateFields({ certificate }: { certificate: Certificate }) {
  return (
    <>
      <section class="card">
        <h3>Certificate</h3>
        <dl class="fields">
          <div>
            <dt>Valid</dt>
            <dd>
              {formatDateTime(certificate.notBefore)} – {formatDateTime(certificate.notAfter)}
            </dd>
          </div>
          <div>
            <dt>Serial number</dt>
            <dd class="hash">
              <code>{certificate.serialNumber}</code>
            </dd>
          </div>
          <div>
            <dt>SHA-256</dt>
            <dd class="hash">
              <code>{certificate.sha256}</code>
              <CopyButton text={certificate.sha256} label="the fingerprint" />
            </dd>
          </div>
        </dl>
      </section>
      <NameFields title="Subject" name={certificate.subject} />
      <Names names={certificate.subjectAltNames} />
      <NameFields title="Issuer" name={certificate.issuer} />
      <KeyFields publicKey={certificate.publicKey} signatureAlgorithm={certificate.signatureAlgorithm.name} />
    </>
  );
}
