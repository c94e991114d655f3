/** Where a `fetch` carries the name of the service that it speaks for. */
const mark = Symbol.for('markmonitor-certs/service');

/** Where the `fetch` of a sandbox carries the API key that it takes. */
const keyMark = Symbol.for('markmonitor-certs/sandbox-key');

type Fetch = typeof globalThis.fetch & { [mark]?: string; [keyMark]?: string };

/**
 * Says that a `fetch` speaks for a service of its own, whatever the addresses. Two sandboxes have the same addresses and
 * keys, and yet a rate limit each.
 *
 * @param apiKey of the service, which is no secret
 */
export function nameService(fetch: typeof globalThis.fetch, name: string, apiKey: string): typeof globalThis.fetch {
  return Object.defineProperties(fetch, { [mark]: { value: name }, [keyMark]: { value: apiKey } });
}

/** The service that a `fetch` speaks for, if it is not simply the one at the address. */
export function serviceOf(fetch: Fetch | undefined): string | undefined {
  return fetch?.[mark];
}

/** Whether this is the API key of the sandbox that a `fetch` asks: anyone may see that. */
export function isSandboxKey(fetch: Fetch | undefined, apiKey: unknown): boolean {
  const known = fetch?.[keyMark];
  return known !== undefined && known === apiKey;
}
