import { Empty, ErrorNote, Skeleton } from '../../components/states.js';
import { type Document, selected } from '../../state/documents.js';
import { BundleResult } from './bundle-result.js';
import { CsrResult } from './csr-result.js';
import { InputPanel } from './input-panel.js';

/** Certificate requests and certificates, read in this page. */
export function CsrView() {
  const document = selected.value;
  return (
    <div class="view inspect">
      <InputPanel />
      <section class="result" aria-label="Result" aria-live="polite">
        {document ? <Result document={document} /> : <Start />}
      </section>
    </div>
  );
}

function Result({ document }: { document: Document }) {
  const { reading } = document;
  switch (reading?.kind) {
    case undefined:
      return <Skeleton lines={8} label="Reading" />;
    case 'csr':
      return <CsrResult inspection={reading.inspection} tookMs={reading.tookMs} />;
    case 'bundle':
      return <BundleResult bundle={reading.bundle} />;
    case 'unreadable':
      return <ErrorNote error={reading.error} />;
  }
}

function Start() {
  return (
    <Empty title="Paste a certificate request">
      <p>
        Its fields, names and key appear here while you type, with everything that the certificate authority would
        object to. Certificates and bundles are read as well.
      </p>
    </Empty>
  );
}
