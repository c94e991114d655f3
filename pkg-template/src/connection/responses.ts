import { headersOf } from '../errors/headers.js';
import type * as core from '../generated/core.js';
import type { ResponseInfo } from '../types/client.js';
import type { Reply } from '../wasm/exports.js';
import { shared } from '../wasm/shared.js';

/**
 * How the reply that a value came from was answered: status, headers, attempts, times.
 *
 * @param value What a call returned: an order, a page or one of its items, the bytes of a download. The items of a list of
 *   more than 10,000 are not known, the list is.
 * @returns Nothing for a value that no call returned.
 *
 * @example
 * const { status, requestId } = responseOf(await client.orders.get(id)) ?? {};
 */
export function responseOf(value: object): ResponseInfo | undefined {
  return shared().responses.get(value)?.();
}

/** The reply's value, its reply kept for `responseOf`. @internal */
export function unwrap<T>([value, info]: Reply<T>): T {
  let response: ResponseInfo | undefined;
  const read = () => {
    response ??= responseInfoOf(JSON.parse(info));
    return response;
  };
  for (const part of partsOf(value)) shared().responses.set(part, read);
  return value;
}

/** The public form of what the core says of a reply. @internal */
export function responseInfoOf(info: core.ResponseInfo): ResponseInfo {
  return { ...info, headers: headersOf(info.headers) };
}

/** To remember each item costs more than to read it. */
const mostItems = 10_000;

function partsOf(value: unknown): object[] {
  if (typeof value !== 'object' || value === null) return [];
  const { content } = value as { content?: unknown };
  const items = Array.isArray(value) ? value : Array.isArray(content) ? content : [];
  if (items.length > mostItems) return [value];
  return [value, ...items.filter((item): item is object => typeof item === 'object' && item !== null)];
}
