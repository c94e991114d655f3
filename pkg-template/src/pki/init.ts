import type { WasmSource } from '../types/platform.js';
import { pkiLoader } from '../wasm/pki.js';
import { suffixTable } from './parts.js';

/**
 * Loads the wasm, and the table of domain suffixes, now rather than on first use, or says where it is. Optional, as `init` of
 * `markmonitor-certs` is.
 *
 * @param source The compiled module, its bytes, a reply that holds them, or an address.
 * @throws CertsError `wasm_load_failed`: the wasm could not be had or compiled. The next use tries again.
 *
 * @example
 * await init(); // while the page has nothing else to do
 */
export async function init(source?: WasmSource): Promise<void> {
  await Promise.all([pkiLoader().init(source), suffixTable()]);
}
