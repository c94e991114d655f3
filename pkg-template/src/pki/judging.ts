import type { Judgement, Reader } from '../wasm/exports.js';
import { pkiLoader } from '../wasm/pki.js';
import { suffixTable } from './parts.js';
import { concluded } from './signatures.js';

/**
 * A call of the reader that judges names. Those alone need the table of domain suffixes, a file of its own: what only reads
 * never loads it.
 */
export async function judging<R>(work: (reader: Reader) => Promise<R>, signal?: AbortSignal): Promise<R> {
  const suffixes = await suffixTable();
  return await pkiLoader().call((reader) => {
    if (!reader.hasSuffixes()) reader.provideSuffixes(suffixes);
    return work(reader);
  }, signal);
}

/** One thing that is judged, its signatures verified. */
export async function judge<T>(start: (reader: Reader) => Judgement<T>, signal?: AbortSignal): Promise<T> {
  const [value] = await judging((reader) => concluded(start(reader)), signal);
  return value as T;
}
