import { useEffect, useRef, useState } from 'preact/hooks';
import { Button, IconButton } from '../../components/button.js';
import { takesFiles } from '../../components/drops.js';
import { Choice, Lines, type Option } from '../../components/form.js';
import { Icon } from '../../components/icon.js';
import { Badge } from '../../components/signs.js';
import { ErrorNote, lazy, Skeleton } from '../../components/states.js';
import { ParseError, readerAhead } from '../../pki.js';
import * as docs from '../../state/documents.js';
import { href } from '../../state/route.js';
import { toast } from '../../state/toasts.js';
import { examples } from './examples.js';
import { BundleResult, CsrResult } from './result.js';

const MakeCsr = lazy('the form', async () => (await import('./make-csr.js')).MakeCsr);

export function CsrView() {
  const result = useRef<HTMLElement>(null);
  const isEmpty = docs.documents.value.length === 0;
  // What was chosen is in view, also on a phone, where it is below the list.
  const show = (id: number) => {
    docs.selectDocument(id);
    result.current?.scrollIntoView({ block: 'nearest' });
  };
  return (
    <div class="view inspect">
      <InputPanel show={show} />
      <section ref={result} class="result stack" aria-label="Result" aria-live="polite">
        {isEmpty ? <Start /> : <Result />}
      </section>
    </div>
  );
}

/** What this page is, and the three ways into it. */
function Start() {
  const read = () => document.querySelector<HTMLElement>('textarea.pem')?.focus();
  return (
    <div class="start">
      <p class="lead">
        Read certificate requests and certificates as the certificate authority does, and order, follow and renew
        certificates of Markmonitor, from one page.
      </p>
      <div class="doors">
        <button type="button" class="card" onClick={read}>
          <Icon name="shield" />
          <strong>Read a CSR</strong>
          <span class="muted">
            Paste or drop it: its names, its key and what would be refused appear while you type.
          </span>
        </button>
        <a class="card" href={href('orders')}>
          <Icon name="orders" />
          <strong>Look around in sample orders</strong>
          <span class="muted">
            A sandbox in this page: place orders, let days pass, see them issued. Nothing is bought.
          </span>
        </a>
        <a class="card" href={href('connect')}>
          <Icon name="key" />
          <strong>Connect your account</strong>
          <span class="muted">With the credentials on your server, and none in this page.</span>
        </a>
      </div>
    </div>
  );
}

function Result() {
  if (!docs.selected.value) return null;
  const { id, reading, hasKey } = docs.selected.value;
  if (!reading) return <Skeleton lines={8} label="Reading" />;
  if (reading.kind === 'csr') {
    return <CsrResult inspection={reading.inspection} lacksKey={hasKey === false} />;
  }
  // Another bundle begins at its leaf.
  if (reading.kind === 'certificate') return <BundleResult key={id} bundle={reading.bundle} />;
  // What is in it stays as it is; a file or the reader may be there next time.
  const retry = reading.error instanceof ParseError ? undefined : () => docs.readAgain(id);
  return <ErrorNote what="This could not be read." error={reading.error} retry={retry} />;
}

function InputPanel({ show }: { show: (id: number) => void }) {
  const [isMaking, setMaking] = useState(false);
  const isOver = useDrops();
  return (
    <section class={isOver ? 'input stack drop-target' : 'input stack'} aria-label="Input" onFocusIn={readerAhead}>
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
          <input class="visually-hidden" type="file" multiple onChange={(event) => choose(event.currentTarget)} />
        </label>
        <Choice
          aria-label="Examples"
          value=""
          options={[['', 'Example…'], ...examples.map(({ name }): Option => [name])]}
          change={addExample}
        />
        <Button word="Make a CSR" icon="key" onClick={() => setMaking(true)} />
      </div>
      {docs.documents.value.length > 1 && <DocumentList show={show} />}
      <p class="promise">
        <Icon name="shield" />
        Nothing leaves this page: reading, checking and making keys happen in your browser.
      </p>
      {isMaking && <MakeCsr close={() => setMaking(false)} />}
    </section>
  );
}

/** The whole window takes files. Text is for its fields, which take it by themselves. */
function useDrops(): boolean {
  const [isOver, setOver] = useState(false);
  useEffect(() => {
    const take = (event: DragEvent) => {
      if (!takesFiles(event, true)) return;
      readerAhead();
      setOver(event.type === 'dragover');
      if (event.type === 'drop') void docs.addFiles([...(event.dataTransfer?.files ?? [])]);
    };
    const types = ['dragover', 'dragleave', 'drop'] as const;
    for (const type of types) addEventListener(type, take);
    return () => {
      for (const type of types) removeEventListener(type, take);
    };
  }, []);
  return isOver;
}

/** A file in DER is shown in PEM once it is read. */
function textOf(document: docs.Document | undefined): string {
  if (!document) return '';
  const { name, source, reading } = document;
  return typeof source === 'string' ? source : (reading?.pem ?? `(${source.size} bytes of ${name})`);
}

function choose(input: HTMLInputElement): void {
  void docs.addFiles([...(input.files ?? [])]);
  // The same file can be chosen again.
  input.value = '';
}

function addExample(chosen: string): void {
  const example = examples.find(({ name }) => name === chosen);
  example?.load().then(
    (pem) => docs.addDocument(example.name, pem),
    () => toast('The example could not be loaded: connect to the network, then choose it again.', 'bad'),
  );
}

const DocumentList = ({ show }: { show: (id: number) => void }) => (
  <ul class="documents lines" aria-label="Documents">
    {docs.documents.value.map(({ id, name, reading, hasKey }) => (
      <li key={id}>
        <button type="button" aria-pressed={id === docs.selected.value?.id} onClick={() => show(id)}>
          <span dir="auto">{reading?.title ?? name}</span>
          {hasKey === false ? (
            <Badge tone="bad">key not saved</Badge>
          ) : (
            <span class="muted">{reading?.kind.replace('csr', 'CSR') ?? 'reading'}</span>
          )}
        </button>
        <IconButton icon="close" label={`Remove ${name}`} onClick={() => docs.removeDocument(id)} />
      </li>
    ))}
  </ul>
);
