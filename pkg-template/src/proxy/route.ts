import { isUuid } from '../connection/id.js';
import { endpoints } from '../generated/endpoints.js';
import { notFound, Refusal } from './refusal.js';
import type { ProxyOperation } from './types.js';

/** A row of the table of endpoints. */
export interface Endpoint {
  readonly operation: ProxyOperation;
  readonly method: string;
  readonly service: 'auth' | 'certs';
  readonly path: string;
  readonly query: readonly string[];
  /** Which parameters of the query take several values. */
  readonly lists: readonly string[];
  readonly list: boolean;
  readonly file: boolean;
  readonly writes: boolean;
}

/** A request of a page that is a call of the service. */
export interface Route {
  readonly endpoint: Endpoint;
  readonly path: string;
  /** The ids in the path. */
  readonly ids: { readonly id?: string; readonly historyId?: string };
}

const table: readonly Endpoint[] = endpoints;

/** The calls that only read: what a user may do of whom nothing else is said. */
export const reading: readonly ProxyOperation[] = table
  .filter(({ writes }) => !writes)
  .map(({ operation }) => operation);

/** Every call that there is. */
export const operations: ReadonlySet<string> = new Set(table.map(({ operation }) => operation));

/**
 * The call that a request is. Nothing of the path is decoded: no call of the service has anything in it that is encoded, so
 * that no encoded slash or dot leads anywhere.
 */
export function routeOf(method: string, pathname: string, prefix: string): Route {
  if (!pathname.startsWith(`${prefix}/`)) throw notFound();
  const path = pathname.slice(prefix.length);
  const fitting = table.flatMap((endpoint) => {
    const ids = idsIn(path, endpoint.path);
    return ids ? [{ endpoint, path, ids }] : [];
  });
  if (fitting.length === 0) throw notFound();
  const route = fitting.find(({ endpoint }) => endpoint.method === method);
  if (route) return route;
  const allow = fitting.map(({ endpoint }) => endpoint.method).join(', ');
  throw new Refusal(405, 'method_not_allowed', 'There is no such call at this path.', { allow });
}

function idsIn(path: string, pattern: string): Route['ids'] | undefined {
  const [parts, names] = [path.split('/'), pattern.split('/')];
  if (parts.length !== names.length) return undefined;
  const ids: Record<string, string> = {};
  for (const [at, name] of names.entries()) {
    const part = parts[at] ?? '';
    if (!name.startsWith('{')) {
      if (part !== name) return undefined;
    } else if (isUuid(part)) {
      // One spelling: whoever compares ids compares text.
      ids[name.slice(1, -1)] = part.toLowerCase();
    } else {
      return undefined;
    }
  }
  return ids;
}

/** The query, each parameter once: the values of a list are divided by commas. */
export type Query = Record<string, string | string[]>;

/** The query of a request: nothing that the call does not know, and nothing twice. */
export function queryOf(search: string, { query: known, lists }: Endpoint): Query {
  const query: Query = {};
  for (const pair of search.replace(/^\?/, '').split('&').filter(Boolean)) {
    const [name, value] = [pair.split('=', 1)[0] ?? '', pair.slice(pair.indexOf('=') + 1)];
    if (!known.includes(name) || !pair.includes('=') || Object.hasOwn(query, name)) throw badQuery();
    query[name] = lists.includes(name) ? value.split(',').map(decoded) : decoded(value);
  }
  return query;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    throw badQuery();
  }
}

const badQuery = () =>
  new Refusal(400, 'unknown_parameter', 'The query has a parameter that this call does not know, or one twice.');
