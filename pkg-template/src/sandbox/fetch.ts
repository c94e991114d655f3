import type { SandboxReply } from '../wasm/exports.js';

// Statuses whose responses can hold no body (Fetch standard, 2.2.3).
const withoutBody = new Set([101, 103, 204, 205, 304]);

/** A `fetch` that asks a function in place of the network, and keeps fetch's promises otherwise. */
export function fetchFrom(
  handle: (request: Request, body: Uint8Array | undefined) => SandboxReply,
): typeof globalThis.fetch {
  return async (input, init) => {
    const { signal = null, ...rest } = init ?? {};
    // Without the signal, as a Request would hold on to it: the only listener is the one below.
    const request = new Request(input, rest);
    const aborting = signal ?? request.signal;
    aborting.throwIfAborted();
    const body = await request.arrayBuffer();
    aborting.throwIfAborted();
    const reply = handle(request, body.byteLength > 0 ? new Uint8Array(body) : undefined);
    await pause(reply.delayMs, aborting);
    if (reply.drop) throw new TypeError(`fetch failed: the sandbox dropped the connection to ${request.url}`);
    const content = withoutBody.has(reply.status) ? null : reply.body;
    const response = new Response(content, { status: reply.status, headers: reply.headers });
    return Object.defineProperty(response, 'url', { value: request.url });
  };
}

function pause(ms: number, signal: AbortSignal): Promise<void> | undefined {
  if (ms <= 0) return undefined;
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop);
      resolve();
    }, ms);
    signal.addEventListener('abort', stop, { once: true });
  });
}
