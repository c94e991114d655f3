import type { Host, Reply, Wake } from '../wasm/exports.js';
import type { Done } from '../wasm/instance.js';
import { shared } from '../wasm/shared.js';
import { bodyOf, isBytes, isTooLarge, type Read } from './body.js';
import { headOf } from './head.js';
import { kindOf, kinds } from './kind.js';
import type { ProxiedPage } from './proxied.js';
import type { Sends } from './sends.js';
import { onAbort } from './signal.js';

type Fetch = typeof globalThis.fetch;

/** What differs between clients in what they have of the world. */
export type HostParts = Pick<Host, 'memory' | 'service' | 'store'> & {
  readonly fetch: Fetch | undefined;
  /** Tells whoever listens of an event. */
  readonly tell: Host['emit'];
  /** What is known of the proxy, if there is one. */
  readonly page?: ProxiedPage | undefined;
  readonly sends?: Sends | undefined;
};

/** How something ended that the core started. */
const outcome = { done: 0, failed: 1, tooLarge: 2 } as const;

/** The events, in the order of the core's bits for them. */
const heard = ['request', 'response', 'retry', 'throttled', 'token', 'warning', 'store', 'session', 'change'];

/** Ends something before its time. */
type Cancel = () => void;

/** Reports to the core what came of something, unless it was canceled. */
type Report = (outcome: number, detail: number, value: unknown) => void;

/**
 * What the core of a client is given of the world. Nothing of it throws, for an exception that goes through wasm breaks
 * the instance; and nothing is left behind in it by what has ended or was given up.
 */
export class ClientHost implements Host {
  readonly fetch: Fetch | undefined;
  readonly memory: Host['memory'];
  readonly service: string | undefined;
  readonly store: string | undefined;
  readonly limits = shared().limits;
  /** The time of those who share its limit. */
  readonly clock = { ahead: 0 };

  readonly #tell: Host['emit'];
  readonly #page: ProxiedPage | undefined;
  readonly #sends: Sends | undefined;
  readonly #started = new Map<number, Cancel>();
  /** Of the instance that this works for: it holds the host only while something is under way. */
  #underWay = new Set<Cancel>();
  readonly #cancelAll = () => {
    for (const cancel of this.#started.values()) cancel();
  };
  #wake: Wake = () => {};
  #heard = 0;
  /** As long as the client of the core is made. */
  #isBeginning = false;

  constructor({ fetch, tell, memory, service, store, page, sends }: HostParts) {
    this.fetch = fetch;
    this.#tell = tell;
    this.memory = memory;
    this.service = service;
    this.store = store;
    this.#page = page;
    this.#sends = sends;
  }

  /** Works from now on for the client that `make` makes, of the instance that cancels what is in `underWay` if it breaks. */
  serve<T>(underWay: Set<Cancel>, make: () => T): T {
    this.#started.clear();
    this.#underWay = underWay;
    this.#isBeginning = true;
    try {
      return make();
    } finally {
      this.#isBeginning = false;
    }
  }

  emit(event: string, payload: unknown, done?: Done<unknown>): void {
    const tell = inContextOf(done, () => this.#tell(event, payload));
    // A listener that used its client before that is there would have another one made, which took this host away from it.
    if (this.#isBeginning) Promise.resolve().then(tell);
    else tell();
  }

  reply<T>(value: T, info: string): Reply<T> {
    return [value, info];
  }

  start(wake: Wake): void {
    this.#wake = wake;
    this.#reportHeard();
  }

  /** Takes the events that somebody listens to: no other is made. Says so to the core, if there is a client of it. */
  hear(events: Iterable<string>, isLinked: boolean): void {
    this.#heard = [...events].reduce((bits, name) => bits | (1 << heard.indexOf(name)), 0);
    if (isLinked) this.#reportHeard();
  }

  #reportHeard(): void {
    this.#wake(0xffff_ffff, outcome.done, this.#heard, undefined);
  }

  send(
    fetch: Fetch | undefined,
    head: number,
    body: number,
    method: string,
    url: string,
    headers: string,
    payload: string | undefined,
    isFile: boolean,
    limit: number,
    done?: Done<unknown>,
  ): void {
    const controller = newController();
    const abort = () => controller?.abort();
    const reportHead = this.#begin(head, abort);
    const reportBody = this.#begin(body, abort);
    const init: RequestInit = { method, headers: headersOf(headers), ...settings() };
    if (payload !== undefined) {
      init.body = payload;
      for (const watch of this.#sends ?? []) watch({ method, url, payload });
    }
    if (controller) Object.assign(init, signalOf(controller));
    const ask = (init: RequestInit) => (fetch ? fetch(url, init) : fetchGlobally(url, init));
    const page = this.#page;
    const send = inContextOf(done, () => (page ? page.ask(url, init, limit, ask) : ask(init)));
    exchange(send, isFile, limit, reportHead, reportBody);
  }

  sleep(id: number, ms: number): void {
    // Looked up at each call on purpose: a test may drive waits and timeouts.
    try {
      const timer = setTimeout(() => report(outcome.done, 0, undefined), ms);
      const report = this.#begin(id, () => clearTimeout(timer));
    } catch {
      this.#begin(id, () => {})(outcome.done, 0, undefined);
    }
  }

  listen(id: number, signal: AbortSignal): void {
    const report = this.#begin(id, () => stop());
    const stop = onAbort(signal, () => report(outcome.done, 0, undefined));
  }

  cancel(id: number): void {
    const cancel = this.#started.get(id);
    this.#end(id);
    cancel?.();
  }

  /** What makes the names of limits secret: the same in the whole process, whichever core it has. */
  salt(): string {
    const scope = shared();
    scope.salt ??= crypto.getRandomValues(new Uint32Array(4)).join();
    return scope.salt;
  }

  now(): number {
    try {
      return performance.now();
    } catch {
      return 0;
    }
  }

  wallClock(): number {
    try {
      return Date.now() + this.clock.ahead;
    } catch {
      return 0;
    }
  }

  #begin(id: number, cancel: Cancel): Report {
    if (this.#started.size === 0) this.#underWay.add(this.#cancelAll);
    this.#started.set(id, cancel);
    const wake = this.#wake;
    return (...news) => {
      // The core uses a number again once it has ended.
      if (this.#started.get(id) !== cancel) return;
      this.#end(id);
      wake(id, ...news);
    };
  }

  #end(id: number): void {
    this.#started.delete(id);
    if (this.#started.size === 0) this.#underWay.delete(this.#cancelAll);
  }
}

/** The work as the caller of a call would do it; as it is for what is nobody's. */
const inContextOf =
  <R>(done: Done<unknown> | undefined, work: () => R) =>
  (): R =>
    done?.within ? done.within(work) : work();

/** Sends a request, and reads the reply to its end. */
async function exchange(
  send: () => unknown,
  isFile: boolean,
  limit: number,
  reportHead: Report,
  reportBody: Report,
): Promise<void> {
  let response: unknown;
  let isSuccess: boolean;
  try {
    response = await send();
    const { status, headers } = headOf(response);
    isSuccess = status >= 200 && status < 300;
    reportHead(outcome.done, status, linesOf(headers));
  } catch (reason) {
    reportHead(outcome.failed, 0, reason);
    return;
  }
  try {
    reportBody(outcome.done, ...contentOf(await bodyOf(response, isSuccess && isFile, limit)));
  } catch (reason) {
    reportBody(isTooLarge(reason) ? outcome.tooLarge : outcome.failed, 0, reason);
  }
}

/** Under jsdom a reply's bytes are another realm's, which the core would not know. */
function ownBytes(bytes: Uint8Array): Uint8Array {
  const { buffer, byteOffset, byteLength } = bytes;
  return bytes instanceof Uint8Array ? bytes : new Uint8Array(buffer, byteOffset, byteLength);
}

/** Looked up at each call: a test may have replaced it. */
function fetchGlobally(url: string, init: RequestInit): Promise<Response> {
  if (globalThis.fetch) return globalThis.fetch(url, sentOnce(init));
  throw new TypeError('there is no `fetch` here, as in jsdom under Jest: pass the option `fetch`');
}

/** What was read, after its kind. */
function contentOf(read: Read): [kind: number, value: unknown] {
  if (read === undefined) return [kinds.empty, undefined];
  if (isBytes(read)) return [read.length > 0 ? kinds.bytes : kinds.empty, ownBytes(read)];
  return 'text' in read ? [kinds.text, read.text] : [kindOf(read.json), read.json];
}

function newController(): AbortController | undefined {
  try {
    return new AbortController();
  } catch {
    return undefined;
  }
}

/** Line by line, a name and its value: one text crosses the boundary faster than a list. */
function linesOf(pairs: readonly (readonly [string, string])[]): string {
  let lines = '';
  for (const [name, value] of pairs) lines += `${name}\n${value}\n`;
  return lines;
}

/** A `Headers` where there is one, else pairs, which every `fetch` takes too. */
function headersOf(lines: string): HeadersInit {
  const pairs: [string, string][] = [];
  const parts = lines.split('\n');
  for (let at = 0; at + 1 < parts.length; at += 2) pairs.push([`${parts[at]}`, `${parts[at + 1]}`]);
  try {
    // One by one: the constructor takes four times as long over a list.
    const headers = new Headers();
    for (const [name, value] of pairs) headers.append(name, value);
    return headers;
  } catch {
    return pairs;
  }
}

/** As strict as can be: no redirect, no cookies, no cache, no referrer. */
const strict: RequestInit = {
  redirect: 'error',
  credentials: 'omit',
  cache: 'no-store',
  referrerPolicy: 'no-referrer',
};
const plain: RequestInit = { redirect: 'manual' };
let isStrictKnown: boolean | undefined;
let isSignalKnown: boolean | undefined;

/**
 * How a request is to be treated on its way. Edge runtimes refuse to fail on a redirect, to skip a cache or to omit
 * credentials: they have neither of the last two, and a redirect that is not followed is a status like any other.
 */
function settings(): RequestInit {
  isStrictKnown ??= isTaken(strict);
  return isStrictKnown ? strict : plain;
}

/** The signal, unless `fetch` would refuse it: in Vitest with jsdom, `fetch` is Node's and the controller is not. */
function signalOf({ signal }: AbortController): RequestInit {
  isSignalKnown ??= isTaken({ signal });
  return isSignalKnown ? { signal } : {};
}

/** Asks the runtime's own `Request`. */
function isTaken(init: RequestInit): boolean {
  if (typeof Request !== 'function') return true;
  try {
    return new Request('https://example.com/', init) !== undefined;
  } catch {
    return false;
  }
}

/** Deno, as far as it is asked here. */
interface DenoScope {
  Deno?: { createHttpClient?(options: { poolMaxIdlePerHost: number }): object };
}

let withoutReuse: object | undefined;

/**
 * Deno sends a request again by itself, a POST too, when a connection that it used before ends without a reply. What writes
 * is sent over connections that were not.
 */
function sentOnce(init: RequestInit): RequestInit {
  const { Deno } = globalThis as DenoScope;
  if (!Deno?.createHttpClient || init.method === 'GET') return init;
  withoutReuse ??= Deno.createHttpClient({ poolMaxIdlePerHost: 0 });
  return { ...init, client: withoutReuse } as RequestInit;
}
