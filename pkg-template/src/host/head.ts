import type { ResponseHead } from '../wasm/exports.js';

/** What a reply has, as far as it is looked at here: a mock has less. */
type Reply = Record<'status' | 'headers' | 'ok' | 'json' | 'text' | 'arrayBuffer', unknown>;

/** What is said of a reply that has failed, and does not say how. */
export const withoutStatus = 'the Response has `ok: false` and no `status`';

/**
 * The status of a reply and its headers, names in lower case. The reply may be one of another realm, or a mock's plain
 * object: its headers a Headers, a Map, a list of pairs or an object.
 *
 * One without a status that can be read is a success, as the usual mocks are.
 *
 * @throws TypeError It is not a reply, or failed without a status. Whatever its getters throw comes through.
 */
export function headOf(response: unknown): ResponseHead {
  const reply: Reply = Object(response);
  const { status = impliedStatus(reply), headers } = reply;
  if (typeof status !== 'number' || !Number.isInteger(status) || status < 100 || status > 599) {
    throw new TypeError('`fetch` returned something that is not a response');
  }
  return { status, headers: pairsOf(headers) };
}

function impliedStatus({ ok, json, text, arrayBuffer }: Reply): number | undefined {
  if (![json, text, arrayBuffer].some((read) => typeof read === 'function')) return undefined;
  if (ok === false) throw new TypeError(withoutStatus);
  return 200;
}

/** As pairs of strings; without what is not one. In one pass, for every call pays for it. */
function pairsOf(headers: unknown): [string, string][] {
  const pairs: [string, string][] = [];
  for (const entry of entriesOf(headers)) {
    const [name, value] = Array.isArray(entry) ? entry : [];
    if (typeof name !== 'string' || !(typeof value === 'string' || typeof value === 'number')) continue;
    const text = String(value);
    // No header has a line break, and the core takes them line by line.
    if (!name.includes('\n') && !text.includes('\n')) pairs.push([name.toLowerCase(), text]);
  }
  return pairs;
}

function entriesOf(headers: unknown): Iterable<unknown> {
  if (typeof headers !== 'object' || headers === null) return [];
  if (Array.isArray(headers)) return headers;
  const { entries } = headers as { entries?: unknown };
  return typeof entries === 'function' ? entries.call(headers) : Object.entries(headers);
}
