import makeGlue from 'wasm-glue:pki';
import type { Reader } from './exports.js';
import type { WasmLoader } from './loader.js';
import { sharedLoader } from './shared.js';

/** Room for every usual input. One that needs more leaves memory that is given back when the reader is idle. */
const maxIdleBytes = 16 * 1024 * 1024;

/** The loader of the reader; every copy of this package in the process has the same. */
export function pkiLoader(): WasmLoader<Reader> {
  return sharedLoader('pki', makeGlue, maxIdleBytes);
}
