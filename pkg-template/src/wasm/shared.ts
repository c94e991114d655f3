import { createMemoryStore } from '../store/memory.js';
import type { ResponseInfo } from '../types/client.js';
import type { Store } from '../types/store.js';
import { version } from '../version.js';
import type { Glue, MakeGlue } from './instance.js';
import { WasmLoader } from './loader.js';

/**
 * What every copy of this package in one process shares: the ESM and the CJS copy, and one copy per bundle.
 * One core means one token per client and one rate limit per process, however the package was reached.
 */
interface Shared {
  readonly loaders: Map<string, WasmLoader<Glue>>;
  /** How the reply was answered that a value came from: read when somebody asks. */
  readonly responses: WeakMap<object, () => ResponseInfo>;
  /** The logs of the rate limits that clients share: a fresh core continues with them. */
  readonly limits: Map<string, unknown>;
  /** What makes their names secret, once one is needed: some workers draw no random numbers while they start. */
  salt?: string;
  /** How the stores of rate limits are called here. */
  readonly stores: { readonly names: WeakMap<object, string>; count: number };
  /** What clients without a store of their own keep, for as long as the process lives. */
  readonly store: Store;
}

// Two versions never share: their cores differ.
const key = Symbol.for(`markmonitor-certs@${version}`);

/** The state that all copies of this version hold in common. */
export function shared(): Shared {
  const scope = globalThis as { [key]?: Shared };
  scope[key] ??= {
    loaders: new Map(),
    responses: new WeakMap(),
    limits: new Map(),
    stores: { names: new WeakMap(), count: 0 },
    store: createMemoryStore(),
  };
  return scope[key];
}

/** The loader that all copies of this package in the process share. */
export function sharedLoader<T extends Glue>(
  name: string,
  makeGlue: MakeGlue<T>,
  maxIdleBytes?: number,
): WasmLoader<T> {
  const { loaders } = shared();
  const loader = (loaders.get(name) as WasmLoader<T> | undefined) ?? new WasmLoader(name, makeGlue, maxIdleBytes);
  loaders.set(name, loader as WasmLoader<never>);
  return loader;
}
