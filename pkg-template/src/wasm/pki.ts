import makeGlue from 'wasm-glue:pki';
import type { Reader } from './exports.js';
import type { WasmLoader } from './loader.js';
import { sharedLoader } from './shared.js';

/** The loader of the reader; every copy of this package in the process has the same. */
export function pkiLoader(): WasmLoader<Reader> {
  return sharedLoader('pki', makeGlue);
}
