import { headersOf } from '../errors/headers.js';
import { headOf } from '../host/head.js';
import { codecs } from '../host/natives.js';
import { pause, throwIfAborted } from '../host/signal.js';
import type { SandboxReply } from '../wasm/exports.js';

/** A request that has arrived. */
export interface Arrived {
  method: string;
  url: string;
  headers: [string, string][];
  body: Uint8Array | undefined;
}

// Statuses whose responses can hold no body (Fetch standard, 2.2.3).
const withoutBody = new Set([101, 103, 204, 205, 304]);

/** A `fetch` that asks a function in place of the network, and keeps fetch's promises otherwise. */
export function fetchFrom(handle: (request: Arrived) => SandboxReply): typeof globalThis.fetch {
  return async (input, init) => {
    const { signal = null, ...rest } = init ?? {};
    const given = signal ?? (input as Partial<Request>).signal;
    throwIfAborted(given);
    // Without the signal, as a Request would hold on to it: the only listener is the one below.
    const request = await arrived(input, rest);
    throwIfAborted(given);
    const reply = handle(request);
    if (reply.delayMs > 0) await pause(reply.delayMs, given);
    if (reply.drop) throw new TypeError(`fetch failed: the sandbox dropped the connection to ${request.url}`);
    return responseOf(reply, request.url);
  };
}

/** Under Jest jsdom has neither `Request` nor `Response`: what this package sends is read without. */
async function arrived(input: RequestInfo | URL, init: RequestInit): Promise<Arrived> {
  if (typeof Request !== 'function') {
    const { method = 'GET', headers, body } = init;
    const text = body ? new (codecs().TextEncoder)().encode(String(body)) : undefined;
    return { method, url: String(input), headers: headOf({ status: 200, headers }).headers, body: text };
  }
  const request = new Request(input, init);
  const body = new Uint8Array(await request.arrayBuffer());
  const { method, url, headers } = request;
  return { method, url, headers: [...headers], body: body.byteLength > 0 ? body : undefined };
}

function responseOf({ status, headers, body }: SandboxReply, url: string): Response {
  if (typeof Response === 'function') {
    const response = new Response(withoutBody.has(status) ? null : body, { status, headers });
    return Object.defineProperty(response, 'url', { value: url });
  }
  const text = async () => new (codecs().TextDecoder)().decode(body);
  return {
    ...{ status, url, ok: status >= 200 && status < 300, headers: headersOf(headers), text },
    arrayBuffer: async () => body.slice().buffer,
    json: async () => JSON.parse(await text()),
  } as Response;
}
