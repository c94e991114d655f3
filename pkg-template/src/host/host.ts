import type { Host } from '../wasm/exports.js';
import { shared } from '../wasm/shared.js';
import { bodyOf } from './body.js';
import { headOf } from './head.js';

type Fetch = typeof globalThis.fetch;

/** What differs between clients in what they have of the world. */
export type HostParts = Pick<Host, 'hears' | 'emit' | 'memory' | 'service'> & { readonly fetch: Fetch | undefined };

/** What the core of a client is given of the world. */
export function hostOf({ fetch, ...parts }: HostParts): Host {
  return { ...parts, fetch: senderOf(fetch), head: headOf, body: bodyOf, limits: shared().limits, salt };
}

function salt(): string {
  const scope = shared();
  scope.salt ??= crypto.getRandomValues(new Uint32Array(4)).join();
  return scope.salt;
}

/**
 * The caller's `fetch`, or the global one. That is looked up at each call, so that a later
 * replacement (mocks, tracing) is used. What it throws becomes a rejection.
 */
export function senderOf(fetch: Fetch | undefined): Host['fetch'] {
  return async (url, init) => (fetch ? fetch(url, init) : globalThis.fetch(url, init));
}
