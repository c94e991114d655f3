import { CertsError } from '../errors/classes.js';
import type { Reader } from '../wasm/exports.js';
import type { Done } from '../wasm/instance.js';
import { pkiLoader } from '../wasm/pki.js';

let table: string | undefined;

/** Takes the table of domain suffixes, where it is part of the first file. */
export function takeSuffixes(text: string): void {
  table = text;
}

/**
 * A call of the reader that judges names. Those alone need the table of domain suffixes, a file of its own: what only reads
 * never loads it.
 */
export async function judge<R>(start: (reader: Reader, done: Done<R>) => void, signal?: AbortSignal): Promise<R> {
  const suffixes = await suffixTable();
  return await pkiLoader().call<R>((reader, done) => {
    if (!reader.hasSuffixes()) reader.provideSuffixes(suffixes);
    start(reader, done);
  }, signal);
}

/** The table, loaded once. */
export async function suffixTable(): Promise<string> {
  if (table !== undefined) return table;
  try {
    const { default: text } = await import('domain-suffixes');
    takeSuffixes(text);
    return text;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const message =
      `The table of domain suffixes, a file of this package beside its code, could not be loaded: ${reason}. ` +
      'The next use tries again.';
    throw new CertsError({ code: 'wasm_load_failed', message, cause });
  }
}
