import type { ResponseInfo } from './types/index.js';
import { version } from './version.js';
import type { Glue, WasmLoader } from './wasm-loader.js';

/**
 * What every copy of this package in one process shares: the ESM and the CJS copy, and one copy per bundle.
 * One core means one token per client and one rate limit per process, however the package was reached.
 */
interface Shared {
  readonly loaders: Map<string, WasmLoader<Glue>>;
  readonly responses: WeakMap<object, ResponseInfo>;
}

// Two versions never share: their cores differ.
const key = Symbol.for(`markmonitor-certs@${version}`);

/** The state that all copies of this version hold in common. */
export function shared(): Shared {
  const scope = globalThis as { [key]?: Shared };
  scope[key] ??= { loaders: new Map(), responses: new WeakMap() };
  return scope[key];
}
