import type { Bundle, CsrInspection, Found } from 'markmonitor-certs';
import { inspectAll, inspectCsr, ParseError } from '../pki.js';

/** What a document turned out to be; `pem` is its public part. */
export type Reading =
  | { kind: 'csr'; inspection: CsrInspection; title: string | undefined; pem: string; error?: undefined }
  | { kind: 'certificate'; bundle: Bundle; title: string | undefined; pem: string; error?: undefined }
  | { kind: 'unreadable'; error: unknown; title?: undefined; pem?: undefined };

/** Whether it is a private key, which is kept nowhere. */
export const isKey = ({ error }: Reading): boolean => error instanceof ParseError && error.code === 'private_key';

/** What is in a text or a file, one reading for each thing; there is at least one. */
export async function readingsOf(source: string | File): Promise<Reading[]> {
  try {
    const found = await inspectAll(source);
    // It has nothing to say of that in which there is nothing: this one has.
    if (found.length === 0) await inspectCsr('');
    const readings = found.map(readingOf);
    // What is around something that can be read is no document.
    const read = readings.filter((reading) => reading.kind !== 'unreadable' || isKey(reading));
    return read.length > 0 ? read : readings.slice(0, 1);
  } catch (error) {
    return [{ kind: 'unreadable', error }];
  }
}

export function readingOf(one: Found): Reading {
  if (one.kind === 'csr') {
    const { pem, subject } = one.inspection.csr;
    return { kind: 'csr', inspection: one.inspection, title: subject.commonName, pem };
  }
  if (one.kind === 'bundle') {
    const { bundle } = one;
    return { kind: 'certificate', bundle, title: bundle.leaf.subject.commonName, pem: bundle.pem };
  }
  return { kind: 'unreadable', error: new ParseError(one.error) };
}
