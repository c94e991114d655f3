import makeGlue from 'wasm-glue:renewals';
import type { RenewalsWasm } from './exports.js';
import type { WasmLoader } from './loader.js';
import { sharedLoader } from './shared.js';

/** The loader of the renewals; every copy of this package in the process has the same. */
export function renewalsLoader(): WasmLoader<RenewalsWasm> {
  return sharedLoader('renewals', makeGlue);
}
