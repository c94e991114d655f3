import makeGlue from 'wasm-glue:core';
import type { Core } from './exports.js';
import type { WasmLoader } from './loader.js';
import { sharedLoader } from './shared.js';

/** The loader of the client; every copy of this package in the process has the same. */
export function coreLoader(): WasmLoader<Core> {
  return sharedLoader('core', makeGlue);
}
