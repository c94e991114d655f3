import type { Host } from '../wasm/exports.js';
import { shared } from '../wasm/shared.js';
import { bodyOf } from './body.js';
import { headOf } from './head.js';

type Fetch = typeof globalThis.fetch;

/** What differs between clients in what they have of the world. */
export type HostParts = Pick<Host, 'hears' | 'emit' | 'memory' | 'service'> & { readonly fetch: Fetch | undefined };

/** What the core of a client is given of the world. */
export function hostOf({ fetch, ...parts }: HostParts): Host {
  return { ...parts, fetch: senderOf(fetch), head: headOf, body: bodyOf, limits: shared().limits };
}

/**
 * The caller's `fetch`, or the global one. That is looked up at each call, so that a later
 * replacement (mocks, tracing) is used. What it throws becomes a rejection.
 */
export function senderOf(fetch: Fetch | undefined): Host['fetch'] {
  return async (url, init) => (fetch ? fetch(url, init) : globalThis.fetch(url, sentOnce(init)));
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
function sentOnce(init: object): object {
  const { Deno } = globalThis as DenoScope;
  if (!Deno?.createHttpClient || (init as RequestInit).method === 'GET') return init;
  withoutReuse ??= Deno.createHttpClient({ poolMaxIdlePerHost: 0 });
  return { ...init, client: withoutReuse };
}
