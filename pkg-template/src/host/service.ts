/** Where a `fetch` carries the name of the service that it speaks for. */
const mark = Symbol.for('markmonitor-certs/service');

type Fetch = typeof globalThis.fetch & { [mark]?: string };

/**
 * Says that a `fetch` speaks for a service of its own, whatever the addresses. Two sandboxes have the same addresses and
 * keys, and yet a rate limit each.
 */
export function nameService(fetch: typeof globalThis.fetch, name: string): typeof globalThis.fetch {
  return Object.defineProperty(fetch, mark, { value: name });
}

/** The service that a `fetch` speaks for, if it is not simply the one at the address. */
export function serviceOf(fetch: Fetch): string | undefined {
  return fetch[mark];
}
