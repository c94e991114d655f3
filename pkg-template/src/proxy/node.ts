import { refuse } from '../errors/refuse.js';
import { refused } from './answer.js';
import { BodyRead } from './body.js';
import type { RequestHandler } from './create.js';
import { notFound, Refusal } from './refusal.js';

/** A request of node:http or http2, as far as it is used here. */
export interface NodeRequest {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  /** Express: the path before a router cut its own part off. */
  readonly originalUrl?: string | undefined;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly rawHeaders?: readonly string[] | undefined;
  /** What a parser of bodies has read before: Express leaves it here. */
  readonly body?: unknown;
  readonly readableDidRead?: boolean | undefined;
  readonly readableEnded?: boolean | undefined;
  /** http2: its bodies need no header that says that there is one. */
  readonly stream?: { readonly endAfterHeaders?: boolean | undefined } | undefined;
  [Symbol.asyncIterator](): AsyncIterator<Uint8Array | string>;
  on(event: string, listener: () => void): unknown;
}

/** Its response. */
export interface NodeResponse {
  readonly headersSent: boolean;
  readonly writableFinished: boolean;
  writeHead(status: number, headers: Record<string, string>): unknown;
  end(): unknown;
  end(body: Uint8Array): unknown;
  on(event: string, listener: () => void): unknown;
}

/** What `authorize` is given of a request of node:http: the session that a middleware put there, for example. */
export interface NodeContext<Request = NodeRequest, Response = NodeResponse> {
  request: Request;
  response: Response;
}

/**
 * The same for node:http, http2 and Express: a function of request and response, which never throws nor rejects.
 *
 * The body is read here, or taken from `request.body` where a parser has read it before. One that was read and is not there
 * is refused with 500 `body_read`: nothing is sent without what the page said.
 *
 * @example
 * createServer(toNodeHandler(handle)).listen(8080);
 */
export function toNodeHandler<Request extends NodeRequest, Response extends NodeResponse>(
  handle: RequestHandler<NodeContext<Request, Response>>,
): (request: Request, response: Response) => Promise<void> {
  if (typeof handle !== 'function') {
    throw refuse('invalid_option', 'handle', 'toNodeHandler takes the function that createProxy returns.');
  }
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
      const answer = asked instanceof Refusal ? refused(asked, {}) : await handle(asked, { request, response });
      const { status, headers, body } = answer;
      const bytes = body ? new Uint8Array(await new globalThis.Response(body).arrayBuffer()) : undefined;
      // What was not read of a body is not the next request. In http2 each has a stream of its own.
      const isLeft = hasBody(request) && !request.readableEnded && !request.stream;
      const more: Record<string, string> = isLeft ? { connection: 'close' } : {};
      end(response, status, { ...Object.fromEntries(headers), ...more }, bytes);
    } catch {
      end(response, 500, {});
    }
  };
}

function end(response: NodeResponse, status: number, headers: Record<string, string>, body?: Uint8Array): void {
  try {
    if (!response.headersSent) response.writeHead(status, headers);
    if (body) response.end(body);
    else response.end();
  } catch {
    // Nobody is there any more.
  }
}

/** Methods that no request of the web can have. */
const unknownMethods = ['CONNECT', 'TRACE', 'TRACK'];

/** The request in the form of the web; nothing for what is none of a page: `GET //`, or an address in place of a path. */
function requestOf(request: NodeRequest, signal: AbortSignal): Request | Refusal | undefined {
  const { method = 'GET', headers: given } = request;
  const path = request.originalUrl ?? request.url ?? '';
  const names = (request.rawHeaders ?? []).filter((_, at) => at % 2 === 0).map((name) => name.toLowerCase());
  const hosts = names.filter((name) => name === 'host' || name === ':authority');
  const host = given[':authority'] ?? given.host;
  if (hosts.length > 1 || typeof host !== 'string' || !path.startsWith('/') || path.startsWith('//')) return undefined;
  const url = `http://${host}${path}`;
  if (!/^[\w.:[\]-]+$/.test(host) || !URL.canParse(url)) return undefined;
  // Dots and backslashes lead elsewhere in a URL, written out or encoded: what was asked for is not a call.
  if (new URL(url).pathname !== path.split('?', 1)[0]) return notFound();
  if (unknownMethods.includes(method.toUpperCase())) {
    const allow = 'DELETE, GET, PATCH, POST';
    return new Refusal(405, 'method_not_allowed', 'There is no such call at this path.', { allow });
  }
  const headers = new Headers();
  for (const [name, value] of Object.entries(given)) {
    if (value !== undefined && !name.startsWith(':')) headers.set(name, [value].flat().join(', '));
  }
  headers.set('host', host);
  const init = { method, headers, signal, body: bodyOf(request), duplex: 'half' };
  return new Request(url, init as RequestInit);
}

function bodyOf(request: NodeRequest): unknown {
  const { method = 'GET', body } = request;
  if (method === 'GET' || method === 'HEAD' || !hasBody(request)) return null;
  if (!request.readableEnded && !request.readableDidRead) return streamOf(request[Symbol.asyncIterator]());
  if (body === undefined) return new ReadableStream({ start: (controller) => controller.error(new BodyRead()) });
  return typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body);
}

function hasBody({ headers, stream }: NodeRequest): boolean {
  const length = headers['content-length'];
  if (length !== undefined) return Number(length) > 0;
  return headers['transfer-encoding'] !== undefined || stream?.endAfterHeaders === false;
}

function streamOf(chunks: AsyncIterator<Uint8Array | string>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await chunks.next();
        if (done) controller.close();
        else controller.enqueue(typeof value === 'string' ? encoder.encode(value) : value);
      },
      /** A stream of http2 that was begun stays open until it is read to its end. */
      async cancel() {
        while (!(await chunks.next()).done);
      },
    },
    { highWaterMark: 0 },
  );
}
