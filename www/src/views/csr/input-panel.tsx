import { useRef, useState } from 'preact/hooks';
import { Icon } from '../../components/icon.js';
import {
  addDocument,
  type Document,
  documents,
  removeDocument,
  selectDocument,
  selected,
  typeText,
} from '../../state/documents.js';
import { examples } from './examples.js';
import { MakeCsr } from './make-csr.js';

/** The ways in: typing, pasting, dropping, choosing, an example, a new key. */
export function InputPanel() {
  const [isOver, setOver] = useState(false);
  const [isMaking, setMaking] = useState(false);
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    void addFiles(event.dataTransfer?.files);
  };
  return (
    <section
      class={isOver ? 'input drop-target' : 'input'}
      aria-label="Input"
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <h1>Inspect</h1>
      <label class="field">
        <span>Certificate request, certificate or bundle</span>
        <textarea
          class="pem"
          rows={12}
          spellcheck={false}
          autocomplete="off"
          placeholder="-----BEGIN CERTIFICATE REQUEST-----"
          value={textOf(selected.value)}
          onInput={({ currentTarget }) => typeText(currentTarget.value)}
        />
      </label>
      <div class="actions">
        <FileButton />
        <ExampleChoice />
        <button type="button" class="button" onClick={() => setMaking(true)}>
          <Icon name="key" />
          Make a CSR
        </button>
      </div>
      <DocumentList />
      <p class="promise">
        <Icon name="shield" />
        Nothing leaves this page: reading, checking and making keys happen in your browser.
      </p>
      {isMaking && <MakeCsr close={() => setMaking(false)} />}
    </section>
  );
}

/** A file in DER is shown in PEM once it is read. */
function textOf(document: Document | undefined): string {
  if (!document) return '';
  if (typeof document.source === 'string') return document.source;
  const { reading, source } = document;
  if (reading?.kind === 'csr') return reading.inspection.csr.pem;
  if (reading?.kind === 'bundle') return reading.bundle.pem;
  return `(${source.length} bytes of ${document.name})`;
}

async function addFiles(files: FileList | null | undefined): Promise<void> {
  for (const file of files ?? []) addDocument(file.name, new Uint8Array(await file.arrayBuffer()));
}

function FileButton() {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <button type="button" class="button" onClick={() => input.current?.click()}>
        Choose files
      </button>
      <input
        ref={input}
        class="visually-hidden"
        type="file"
        multiple
        tabIndex={-1}
        aria-label="Files"
        onChange={({ currentTarget }) => {
          void addFiles(currentTarget.files).then(() => {
            currentTarget.value = '';
          });
        }}
      />
    </>
  );
}

function ExampleChoice() {
  return (
    <select
      aria-label="Examples"
      value=""
      onChange={({ currentTarget }) => {
        const example = examples.find(({ name }) => name === currentTarget.value);
        if (example) addDocument(example.name, example.pem);
        currentTarget.value = '';
      }}
    >
      <option value="">Example…</option>
      {examples.map(({ name }) => (
        <option key={name}>{name}</option>
      ))}
    </select>
  );
}

function DocumentList() {
  if (documents.value.length < 2) return null;
  return (
    <ul class="documents" aria-label="Documents">
      {documents.value.map(({ id, name, reading }) => (
        <li key={id}>
          <button type="button" aria-pressed={id === selected.value?.id} onClick={() => selectDocument(id)}>
            <bdi>{titleOf(reading) ?? name}</bdi>
            <span class="muted">{reading?.kind === 'bundle' ? 'certificate' : (reading?.kind ?? 'reading')}</span>
          </button>
          <button type="button" class="icon-button" aria-label={`Remove ${name}`} onClick={() => removeDocument(id)}>
            <Icon name="close" />
          </button>
        </li>
      ))}
    </ul>
  );
}

function titleOf(reading: Document['reading']): string | undefined {
  if (reading?.kind === 'csr') return reading.inspection.csr.subject.commonName;
  if (reading?.kind === 'bundle') return reading.bundle.leaf.subject.commonName;
  return undefined;
}
