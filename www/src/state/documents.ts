import { computed, effect, signal } from '@preact/signals';
import type { Bundle, CertType, CsrInspection } from 'markmonitor-certs';
import { inspectCsr, ParseError, parseBundle } from '../pki.js';
import { stored } from './stored.js';

/** What a document turned out to be; `pem` is its public part. */
export type Reading =
  | { kind: 'csr'; inspection: CsrInspection; title: string | undefined; pem: string; tookMs: number }
  | { kind: 'certificate'; bundle: Bundle; title: string | undefined; pem: string }
  | { kind: 'unreadable'; error: unknown; title?: undefined; pem?: undefined };

/** Something that was pasted, dropped or made. */
export interface Document {
  id: number;
  name: string;
  source: string | Uint8Array;
  /** Absent while it is being read. */
  reading?: Reading;
}

/** What the user is looking at. */
export const documents = signal<readonly Document[]>([]);
const selectedId = signal(0);
export const selected = computed(() => documents.value.find(({ id }) => id === selectedId.value));

/** The certificate type that requests are judged for, or empty. */
export const judgedFor = signal<CertType>('');

let lastId = 0;

export function addDocument(name: string, source: string | Uint8Array): void {
  lastId += 1;
  documents.value = [...documents.value, { id: lastId, name, source }];
  selectedId.value = lastId;
  void read(lastId);
}

export function selectDocument(id: number): void {
  selectedId.value = id;
}

export function removeDocument(id: number): void {
  documents.value = documents.value.filter((document) => document.id !== id);
  if (selectedId.value === id) selectedId.value = documents.value.at(-1)?.id ?? 0;
}

/** The shown document has another text now. */
export function typeText(text: string): void {
  const current = selected.value;
  if (!text.trim()) {
    if (current) removeDocument(current.id);
  } else if (current) {
    update(current.id, { name: 'Pasted', source: text });
    void read(current.id);
  } else {
    addDocument('Pasted', text);
  }
}

/** Reads every document again, for another certificate type. */
export function judgeFor(type: CertType): void {
  judgedFor.value = type;
  for (const { id } of documents.value) void read(id);
}

function update(id: number, changes: Partial<Document>): void {
  documents.value = documents.value.map((document) => (document.id === id ? { ...document, ...changes } : document));
}

async function read(id: number): Promise<void> {
  const sourceNow = () => documents.value.find((document) => document.id === id)?.source;
  const source = sourceNow();
  if (source === undefined) return;
  const reading = await readingOf(source);
  // While it was read, more may have been typed.
  if (sourceNow() === source) update(id, { reading });
}

async function readingOf(source: string | Uint8Array): Promise<Reading> {
  const began = performance.now();
  try {
    const inspection = await inspectCsr(source, judgedFor.value ? { certType: judgedFor.value } : undefined);
    const { pem, subject } = inspection.csr;
    return { kind: 'csr', inspection, title: subject.commonName, pem, tookMs: performance.now() - began };
  } catch (error) {
    if (!(error instanceof ParseError && error.code === 'wrong_kind')) return { kind: 'unreadable', error };
    return parseBundle(source).then(
      (bundle) => ({ kind: 'certificate', bundle, title: bundle.leaf.subject.commonName, pem: bundle.pem }),
      () => ({ kind: 'unreadable', error }),
    );
  }
}

// Only what was recognized as public survives a reload: a private key that was pasted by accident does not.
const kept = stored<{ name: string; pem: string }[]>('documents', [], () => sessionStorage);
for (const { name, pem } of kept.peek()) addDocument(name, pem);
effect(() => {
  if (documents.value.some(({ reading }) => !reading)) return;
  kept.value = documents.value.flatMap(({ name, reading }) => (reading?.pem ? [{ name, pem: reading.pem }] : []));
});
