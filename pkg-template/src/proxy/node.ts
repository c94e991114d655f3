import type { RequestHandler } from './create.js';

/** A request of node:http or http2, as far as it is used here. */
export interface NodeRequest {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  /** Express: the path before a router cut its own part off. */
  readonly originalUrl?: string | undefined;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly rawHeaders?: readonly string[] | undefined;
  /** Express: what a parser of bodies has read before. */
  readonly body?: unknown;
  readonly readableEnded?: boolean | undefined;
  [Symbol.asyncIterator](): AsyncIterator<Uint8Array | string>;
  on(event: string, listener: (...args: never[]) => void): unknown;
}

/** Its response. */
export interface NodeResponse {
  readonly headersSent: boolean;
  readonly writableFinished: boolean;
  writeHead(status: number, headers: Record<string, string>): unknown;
  end(body?: Uint8Array): unknown;
  on(event: string, listener: (...args: never[]) => void): unknown;
}

/** What `authorize` is given of a request of node:http: the session that a middleware put there, for example. */
export interface NodeContext<Request = NodeRequest, Response = NodeResponse> {
  request: Request;
  response: Response;
}

/**
 * The same for node:http, http2 and Express: a function of request and response, which never throws nor rejects.
 *
 * @example
 * createServer(toNodeHandler(handle)).listen(8080);
 */
export function toNodeHandler<Request extends NodeRequest, Response extends NodeResponse>(
  handle: RequestHandler<NodeContext<Request, Response>>,
): (request: Request, response: Response) => Promise<void> {
  return async (request, response) => {
    const gone = new AbortController();
    // Without a listener, an error of either would be an uncaught one.
    request.on('error', () => gone.abort());
    response.on('error', () => gone.abort());
    response.on('close', () => {
      if (!response.writableFinished) gone.abort();
    });
    try {
      const asked = requestOf(request, gone.signal);
      if (!asked) return end(response, 400, {});
      const { status, headers, body } = await handle(asked.request, { request, response });
      const bytes = body ? new Uint8Array(await new globalThis.Response(body).arrayBuffer()) : undefined;
      // What was not read of a body is not the next request.
      const more: Record<string, string> = asked.isRead() ? {} : { connection: 'close' };
      end(response, status, { ...Object.fromEntries(headers), ...more }, bytes);
    } catch {
      end(response, 500, {});
    }
  };
}

function end(response: NodeResponse, status: number, headers: Record<string, string>, body?: Uint8Array): void {
  try {
    if (!response.headersSent) response.writeHead(status, headers);
    response.end(body);
  } catch {
    // Nobody is there any more.
  }
}

/** The request in the form of the web; nothing for what is none of a page: `GET //`, or an address in place of a path. */
function requestOf(request: NodeRequest, signal: AbortSignal): { request: Request; isRead(): boolean } | undefined {
  const { method = 'GET', headers: given } = request;
  const path = request.originalUrl ?? request.url ?? '';
  const names = (request.rawHeaders ?? []).filter((_, at) => at % 2 === 0).map((name) => name.toLowerCase());
  const hosts = names.filter((name) => name === 'host' || name === ':authority');
  const host = given[':authority'] ?? given.host;
  if (hosts.length > 1 || typeof host !== 'string' || !path.startsWith('/') || path.startsWith('//')) return undefined;
  const url = `http://${host}${path}`;
  if (!/^[\w.:[\]-]+$/.test(host) || !URL.canParse(url)) return undefined;
  const headers = new Headers();
  for (const [name, value] of Object.entries(given)) {
    if (value !== undefined && !name.startsWith(':')) headers.set(name, [value].flat().join(', '));
  }
  headers.set('host', host);
  if (method === 'GET' || method === 'HEAD' || request.readableEnded || !hasBody(given)) {
    const body =
      request.body === undefined || method === 'GET' || method === 'HEAD' ? null : JSON.stringify(request.body);
    return {
      request: new Request(url, { method, headers, signal, body }),
      isRead: () => !hasBody(given) || body !== null,
    };
  }
  let isRead = false;
  const stream = streamOf(request, () => {
    isRead = true;
  });
  const init = { method, headers, signal, body: stream, duplex: 'half' };
  return { request: new Request(url, init as RequestInit), isRead: () => isRead };
}

const hasBody = (headers: NodeRequest['headers']): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;

function streamOf(request: NodeRequest, onEnd: () => void): ReadableStream<Uint8Array> {
  const chunks = request[Symbol.asyncIterator]();
  const encoder = new TextEncoder();
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await chunks.next();
        if (done) {
          onEnd();
          controller.close();
        } else {
          controller.enqueue(typeof value === 'string' ? encoder.encode(value) : value);
        }
      },
    },
    { highWaterMark: 0 },
  );
}
