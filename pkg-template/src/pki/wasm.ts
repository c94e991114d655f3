import makeGlue from 'wasm-glue:pki';
import { type Glue, sharedLoader, type WasmLoader } from '../wasm-loader.js';
import type { PkiWasm } from './reader.js';

/** The loader of the wasm that reads and nothing else. */
export function pkiLoader(): WasmLoader<PkiWasm & Glue> {
  return sharedLoader<PkiWasm & Glue>('pki', makeGlue);
}
