/**
 * A function for the core, which passes a Request, that calls `fetch` with an address and options: the form that every
 * wrapper and mock of it knows.
 */
export function spelledOut(fetch: typeof globalThis.fetch): (request: Request) => Promise<Response> {
  return async (request) => {
    const { url, method, headers, signal, cache, credentials, redirect, referrerPolicy } = request;
    const body = await request.text();
    const rest = { cache, credentials, redirect, referrerPolicy };
    return fetch(url, { method, headers, signal, ...rest, ...(body && { body }) });
  };
}
