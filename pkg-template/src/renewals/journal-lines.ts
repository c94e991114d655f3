import { CertsError } from '../errors/classes.js';
import { reasonOf } from '../errors/reason.js';

/** The lines of a journal in a file: an entry each, with its number and its length in bytes. */

/** What a file holds: its entries, or the number of the line from which on it cannot be read. */
export type Lines = { readonly entries: readonly string[] } | { readonly damagedAt: number };

export const bytesOf = (text: string): number => new TextEncoder().encode(text).length;

/** A line, with its end. */
export const lineOf = (at: number, entry: string): string => `${at}\t${bytesOf(entry)}\t${entry}\n`;

/**
 * Reads the lines. What a process that ended left of one does not count; the next one has its number then. So is what somebody
 * wrote who did not know of the line before: it has the same number. All else that cannot be read is damage, for a line of a
 * higher number shows that one is missing, which may be an order.
 */
export function linesOf(text: string): Lines {
  const entries: string[] = [];
  /** The first line that is not whole since the last entry. */
  let cutOff: number | undefined;
  for (const [index, line] of text.split('\n').entries()) {
    const [at, entry] = wholeOf(line) ?? [];
    if (at === undefined || entry === undefined) {
      if (!isCutOff(line, entries.length)) return { damagedAt: index + 1 };
      if (line !== '') cutOff ??= index + 1;
    } else if (at === entries.length) {
      entries.push(entry);
      cutOff = undefined;
    } else if (at > entries.length) return { damagedAt: cutOff ?? index + 1 };
  }
  return { entries };
}

/** The number and the entry of a line that is whole. JSON may hold U+2028, which is no end of a line here. */
function wholeOf(line: string): readonly [number, string] | undefined {
  const [, at, length, entry] = /^(\d+)\t(\d+)\t(.*)$/s.exec(line) ?? [];
  return entry !== undefined && Number(length) === bytesOf(entry) && isJson(entry) ? [Number(at), entry] : undefined;
}

/** Whether it can be the beginning of the entry of this number, on a disk that may have filled it up with zeros. */
function isCutOff(line: string, at: number): boolean {
  const [number = '', length, entry] = line.replace(/\0+$/, '').split('\t');
  if (length === undefined) return String(at).startsWith(number);
  return number === String(at) && /^\d*$/.test(length) && (entry === undefined || !isJson(entry));
}

export function isJson(entry: string): boolean {
  try {
    return typeof JSON.parse(entry) === 'object';
  } catch {
    return false;
  }
}

/** A journal that was read but for a part: what is in that part may have been ordered, so nothing is done without it. */
export function damaged(what: string): CertsError {
  const advice =
    'Nothing was sent. Put the journal back from a backup. Without one, install by hand what its last run ordered, with its ' +
    'key, and name a new journal.';
  return ofStore(`${what}: an order that was placed may be in it. ${advice}`);
}

/** A failure of what keeps a journal. */
export const ofStore = (message: string, cause?: unknown): CertsError =>
  new CertsError({ code: 'store_failed', message, cause });

/** The journal, the keys or a lock cannot be used. */
export function storeFailed(what: string, cause: unknown): CertsError {
  return ofStore(`${what}: ${reasonOf(cause)}.`, cause);
}
