import { computed, effect, signal } from '@preact/signals';
import { inspectAll } from '../pki.js';
import { isKey, type Reading, readingOf, readingsOf } from './reading.js';
import { mostBytes, refuseKey, refuseSize } from './secrets.js';
import { stored } from './stored.js';

/** Something that was pasted, dropped or made. */
export interface Document {
  id: number;
  name: string;
  source: string | File;
  /** Absent while it is being read. */
  reading?: Reading | undefined;
  /** Of a request that was made here: whether its key was saved. Without it the certificate is of no use. */
  hasKey?: boolean | undefined;
}

/** What the user is looking at. */
export const documents = signal<readonly Document[]>([]);
const selectedId = signal(0);
export const selected = computed(() => documents.value.find(({ id }) => id === selectedId.value));

let lastId = 0;

const made = (given: Omit<Document, 'id'>): Document => {
  lastId += 1;
  return { id: lastId, ...given };
};

function add(added: readonly Document[]): void {
  documents.value = [...documents.value, ...added];
  selectedId.value = added[0]?.id ?? selectedId.peek();
}

export function addDocument(name: string, source: string, hasKey?: boolean): void {
  const document = made({ name, source, hasKey });
  add([document]);
  void read(document.id);
}

/** Files that are read at a time: so many that it is quick, so few that the page stays alive. */
const batch = 16;

/** Reads files, a batch after the other; each thing that is found in one becomes a document. */
export async function addFiles(given: readonly File[]): Promise<void> {
  const files = given.filter(({ size }) => size <= mostBytes);
  if (files.length < given.length) refuseSize();
  for (let start = 0; start < files.length; start += batch) {
    const some = files.slice(start, start + batch);
    const found = await inspectAll(some).catch(() => []);
    const added = found.flatMap((one) => {
      const file = some[one.file];
      const reading = readingOf(one);
      if (isKey(reading)) refuseKey();
      if (!file || isKey(reading)) return [];
      return [made({ name: file.name, source: reading.pem ?? file, reading })];
    });
    // Empty, or one of them cannot be opened, or the reader not be loaded: each says itself what is the matter.
    const others = some
      .filter((_, file) => !found.some((one) => one.file === file))
      .map((file) => made({ name: file.name, source: file }));
    add([...added, ...others]);
    for (const { id } of others) void read(id);
  }
}

/** Reads a document once more. */
export function readAgain(id: number): void {
  update(id, { reading: undefined });
  void read(id);
}

export function selectDocument(id: number): void {
  selectedId.value = id;
}

export function removeDocument(id: number): void {
  documents.value = documents.value.filter((document) => document.id !== id);
  if (selectedId.value === id) selectedId.value = documents.value.at(-1)?.id ?? 0;
}

/** The key of the request that is shown was saved. */
export function keySaved(pem: string): void {
  for (const { id, source } of documents.peek()) if (source === pem) update(id, { hasKey: true });
}

/** The shown document has another text now. */
export function typeText(text: string): void {
  const current = selected.value;
  if (!text.trim()) {
    if (current) removeDocument(current.id);
  } else if (current) {
    update(current.id, { name: 'Pasted', source: text, hasKey: undefined });
    void read(current.id);
  } else {
    addDocument('Pasted', text);
  }
}

function update(id: number, changes: Partial<Document>): void {
  documents.value = documents.value.map((document) => (document.id === id ? { ...document, ...changes } : document));
}

async function read(id: number): Promise<void> {
  const current = () => documents.peek().find((document) => document.id === id);
  const { source, name } = current() ?? {};
  if (source === undefined || name === undefined) return;
  const readings = await readingsOf(source);
  // While it was read, more may have been typed.
  if (current()?.source !== source) return;
  const [first, ...others] = readings;
  if (!first || isKey(first)) {
    refuseKey();
    removeDocument(id);
  } else if (others.length === 0) {
    update(id, { reading: first });
  } else {
    // Several in one paste: each is a document of its own.
    update(id, { name: `${name} 1`, source: first.pem ?? source, reading: first });
    const rest = others.map((reading, index) =>
      made({ name: `${name} ${index + 2}`, source: reading.pem ?? source, reading }),
    );
    documents.value = [...documents.value, ...rest];
  }
}

// Only what was recognized as public survives a reload: a private key that was pasted by accident does not.
const kept = stored<{ name: string; pem: string; hasKey?: boolean }[]>('documents', [], () => sessionStorage);
for (const { name, pem, hasKey } of kept.peek()) addDocument(name, pem, hasKey);

effect(() => {
  const all = documents.value;
  if (all.some(({ reading }) => !reading)) return;
  kept.value = all.flatMap(({ name, reading, hasKey }) =>
    reading?.pem ? [{ name, pem: reading.pem, ...(hasKey !== undefined && { hasKey }) }] : [],
  );
});
