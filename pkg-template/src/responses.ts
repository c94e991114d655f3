import type { Answer, ResponseInfoDto } from './core-client.js';
import { shared } from './shared.js';
import type { ResponseInfo } from './types/index.js';

/**
 * How the reply that a value came from was answered: status, headers, attempts, times.
 *
 * @param value What a call gave: an order, a page or one of its items, the bytes of a download.
 * @returns Nothing for a value that no call gave.
 */
export function responseOf(value: object): ResponseInfo | undefined {
  return shared().responses.get(value);
}

/** The answer's value, its reply kept for `responseOf`. */
export function unwrap<T>({ value, info }: Answer<T>): T {
  const response = responseInfoOf(info);
  for (const part of partsOf(value)) shared().responses.set(part, response);
  return value;
}

/** The public form of what the core says of a reply. */
export function responseInfoOf(info: ResponseInfoDto): ResponseInfo {
  return { ...info, headers: new Headers(info.headers) };
}

function partsOf(value: unknown): object[] {
  if (typeof value !== 'object' || value === null) return [];
  const { content } = value as { content?: unknown };
  const items = Array.isArray(value) ? value : Array.isArray(content) ? content : [];
  return [value, ...items.filter((item): item is object => typeof item === 'object' && item !== null)];
}
