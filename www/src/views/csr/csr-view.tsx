import { Empty, ErrorNote, Skeleton } from '../../components/states.js';
import { selected } from '../../state/documents.js';
import { InputPanel } from './input-panel.js';
import { BundleResult, CsrResult } from './result.js';

/** Certificate requests and certificates, read in this page. */
export function CsrView() {
  return (
    <div class="view inspect">
      <InputPanel />
      <section class="result stack" aria-label="Result" aria-live="polite">
        <Result />
      </section>
    </div>
  );
}

function Result() {
  if (!selected.value) {
    return (
      <Empty title="Paste a certificate request">
        <p>
          Its fields, names and key appear here while you type, with everything that the certificate authority would
          object to. Certificates and bundles are read as well.
        </p>
      </Empty>
    );
  }
  const { id, reading } = selected.value;
  if (!reading) return <Skeleton lines={8} label="Reading" />;
  if (reading.kind === 'csr') return <CsrResult inspection={reading.inspection} tookMs={reading.tookMs} />;
  // Another bundle begins at its leaf.
  if (reading.kind === 'certificate') return <BundleResult key={id} bundle={reading.bundle} />;
  return <ErrorNote error={reading.error} />;
}
