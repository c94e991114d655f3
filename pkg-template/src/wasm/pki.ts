import makeGlue from 'wasm-glue:pki';
import type { Reader } from './exports.js';
import type { WasmLoader } from './loader.js';
import { sharedLoader } from './shared.js';

/** The loader of the wasm that reads and nothing else. */
export function pkiLoader(): WasmLoader<Reader> {
  return sharedLoader('pki', makeGlue);
}
