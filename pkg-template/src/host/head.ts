import type { ResponseHead } from '../wasm/exports.js';

/**
 * The status of a reply and its headers, names in lower case. The reply may be one of another realm, or a mock's plain
 * object: its headers a Headers, a Map, a list of pairs or an object.
 *
 * @throws TypeError It is not a reply. Whatever its getters throw comes through.
 */
export function headOf(response: unknown): ResponseHead {
  const { status, headers } = Object(response) as { status?: unknown; headers?: unknown };
  if (typeof status !== 'number' || !Number.isInteger(status) || status < 100 || status > 599) {
    throw new TypeError('`fetch` returned something that is not a response');
  }
  return { status, headers: [...entriesOf(headers)].flatMap(pairOf) };
}

function entriesOf(headers: unknown): Iterable<unknown> {
  if (typeof headers !== 'object' || headers === null) return [];
  if (Array.isArray(headers)) return headers;
  const { entries } = headers as { entries?: unknown };
  return typeof entries === 'function' ? entries.call(headers) : Object.entries(headers);
}

/** A header as a pair of strings; nothing for what is not one. */
function pairOf(entry: unknown): [string, string][] {
  const [name, value] = Array.isArray(entry) ? entry : [];
  if (typeof name !== 'string' || !(typeof value === 'string' || typeof value === 'number')) return [];
  // No header has a line break, and the core takes them line by line.
  return /\n/.test(`${name}${value}`) ? [] : [[name.toLowerCase(), String(value)]];
}
