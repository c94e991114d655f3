import type { ServerQueue } from '../types/client.js';
import { bodyOf } from './body.js';
import { headOf } from './head.js';

/** The last body of a list, and by which name its server knows it again. */
interface Known {
  readonly etag: string;
  readonly bytes: Uint8Array;
}

/** All bodies together, in bytes. */
const mostBytes = 8 * 1024 * 1024;

/**
 * What a page knows of the proxy that it calls. Lists that did not change are not sent again: browsers keep nothing of what
 * may not be stored, so that the page keeps them itself, for as long as its user is logged in.
 */
export class ProxiedPage {
  /** The queue of the server, once it has answered. */
  queue: ServerQueue | undefined;

  readonly #known = new Map<string, Known>();
  readonly #onChange: () => void;
  #shown: string | undefined;
  /** Counts how often all was forgotten: what was asked before is not kept after. */
  #session = 0;

  constructor(onChange: () => void) {
    this.#onChange = onChange;
  }

  /** Sends a request with the page's cookies. What is answered with "not modified" is answered with what is known. */
  async ask(url: string, init: RequestInit, limit: number, send: (init: RequestInit) => unknown): Promise<unknown> {
    // Where the runtime has no cookies it takes no such setting either.
    const own: RequestInit = init.credentials ? { ...init, credentials: 'same-origin', redirect: 'manual' } : init;
    const session = this.#session;
    const known = init.method === 'GET' ? this.#known.get(url) : undefined;
    const response = stayed(await send(known ? { ...own, headers: withCondition(init.headers, known.etag) } : own));
    const { status, headers: pairs } = headOf(response);
    const headers = new Map(pairs);
    this.#see(headers.get('certs-rate-limit'));
    if (status === 401) this.forget();
    if (status === 304 && known) return { status: 200, headers, arrayBuffer: async () => known.bytes };
    const etag = headers.get('etag');
    if (status !== 200 || etag === undefined || init.method !== 'GET') return response;
    return { status, headers, arrayBuffer: () => this.#keep(session, url, etag, response, limit) };
  }

  /** Forgets all lists. */
  forget(): void {
    this.#session += 1;
    this.#known.clear();
  }

  async #keep(session: number, url: string, etag: string, response: unknown, limit: number): Promise<Uint8Array> {
    const bytes = (await bodyOf(response, true, limit)) as Uint8Array;
    if (session !== this.#session) return bytes;
    this.#known.delete(url);
    this.#known.set(url, { etag, bytes });
    let kept = [...this.#known.values()].reduce((sum, { bytes }) => sum + bytes.byteLength, 0);
    for (const [oldest, { bytes }] of this.#known) {
      if (kept <= mostBytes) break;
      kept -= bytes.byteLength;
      this.#known.delete(oldest);
    }
    return bytes;
  }

  #see(shown: string | undefined): void {
    if (shown === undefined || shown === this.#shown) return;
    this.#shown = shown;
    try {
      const { limit, remaining, queued, waitMs } = JSON.parse(shown);
      // JSON has no infinity.
      this.queue = { limit: limit ?? Infinity, remaining: remaining ?? Infinity, queued, waitMs: waitMs ?? Infinity };
    } catch {
      return;
    }
    this.#onChange();
  }
}

/**
 * The reply, unless it leads elsewhere: no proxy does that, but what is in front of it leads those who are not logged in to
 * a login, which no call follows.
 */
function stayed(response: unknown): unknown {
  const { type, status = 0 } = Object(response) as Partial<Response>;
  if (type !== 'opaqueredirect' && !(status > 300 && status < 309 && status !== 304)) return response;
  const errors = [{ message: 'redirected, as to a login' }];
  return { status: 401, json: () => ({ errors }) };
}

function withCondition(headers: HeadersInit | undefined, etag: string): Headers {
  const all = new Headers(headers);
  all.set('if-none-match', etag);
  return all;
}
