import { useState } from 'preact/hooks';
import { Button, IconButton } from '../../components/button.js';
import { Choice, Lines, type Option } from '../../components/form.js';
import { Icon } from '../../components/icon.js';
import { Empty, ErrorNote, Skeleton } from '../../components/states.js';
import * as docs from '../../state/documents.js';
import { examples } from './examples.js';
import { MakeCsr } from './make-csr.js';
import { BundleResult, CsrResult } from './result.js';

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

const invitation = `Its fields, names and key appear here while you type, with everything that the certificate
  authority would object to. Certificates and bundles are read as well.`;

function Result() {
  if (!docs.selected.value) return <Empty title="Paste a certificate request" text={invitation} />;
  const { id, reading } = docs.selected.value;
  if (!reading) return <Skeleton lines={8} label="Reading" />;
  if (reading.kind === 'csr') return <CsrResult inspection={reading.inspection} tookMs={reading.tookMs} />;
  // Another bundle begins at its leaf.
  if (reading.kind === 'certificate') return <BundleResult key={id} bundle={reading.bundle} />;
  return <ErrorNote error={reading.error} />;
}

/** The ways in: typing, pasting, dropping, choosing, an example, a new key. */
function InputPanel() {
  const [isOver, setOver] = useState(false);
  const [isMaking, setMaking] = useState(false);
  const drag = (event: DragEvent, isOver: boolean) => {
    event.preventDefault();
    setOver(isOver);
  };
  return (
    <section
      class={isOver ? 'input stack drop-target' : 'input stack'}
      aria-label="Input"
      onDragOver={(event) => drag(event, true)}
      onDragLeave={(event) => drag(event, false)}
      onDrop={(event) => {
        drag(event, false);
        void addFiles(event.dataTransfer);
      }}
    >
      <h1>Inspect</h1>
      <Lines
        label="Certificate request, certificate or bundle"
        class="pem"
        rows={12}
        placeholder="-----BEGIN CERTIFICATE REQUEST-----"
        value={textOf(docs.selected.value)}
        change={docs.typeText}
      />
      <div class="actions">
        <label class="button">
          Choose files
          <input class="visually-hidden" type="file" multiple onChange={(event) => addFiles(event.currentTarget)} />
        </label>
        <Choice
          aria-label="Examples"
          value=""
          options={[['', 'Example…'], ...examples.map(({ name }): Option => [name])]}
          change={addExample}
        />
        <Button word="Make a CSR" icon="key" onClick={() => setMaking(true)} />
      </div>
      {docs.documents.value.length > 1 && <DocumentList />}
      <p class="promise">
        <Icon name="shield" />
        Nothing leaves this page: reading, checking and making keys happen in your browser.
      </p>
      {isMaking && <MakeCsr close={() => setMaking(false)} />}
    </section>
  );
}

/** A file in DER is shown in PEM once it is read. */
function textOf(document: docs.Document | undefined): string {
  if (!document) return '';
  const { name, source, reading } = document;
  return typeof source === 'string' ? source : (reading?.pem ?? `(${source.length} bytes of ${name})`);
}

async function addFiles(from: HTMLInputElement | DataTransfer | null): Promise<void> {
  for (const file of from?.files ?? []) docs.addDocument(file.name, new Uint8Array(await file.arrayBuffer()));
  // The same file can be chosen again.
  if (from instanceof HTMLInputElement) from.value = '';
}

function addExample(chosen: string): void {
  const example = examples.find(({ name }) => name === chosen);
  if (example) docs.addDocument(example.name, example.pem);
}

const DocumentList = () => (
  <ul class="documents lines" aria-label="Documents">
    {docs.documents.value.map(({ id, name, reading }) => (
      <li key={id}>
        <button type="button" aria-pressed={id === docs.selected.value?.id} onClick={() => docs.selectDocument(id)}>
          <span dir="auto">{reading?.title ?? name}</span>
          <span class="muted">{reading?.kind ?? 'reading'}</span>
        </button>
        <IconButton icon="close" label={`Remove ${name}`} onClick={() => docs.removeDocument(id)} />
      </li>
    ))}
  </ul>
);
