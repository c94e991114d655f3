import type { WasmSource } from '../types/platform.js';
import { coreLoader } from '../wasm/core.js';

/**
 * Loads the core now rather than on first use, or says where its wasm is. Optional: everything else loads the core by
 * itself. A source given after the core is loaded changes nothing.
 *
 * @param source The compiled module, its bytes, a reply that holds them, or an address.
 * @throws CertsError `wasm_load_failed`: the wasm could not be had or compiled. The next use tries again.
 */
export async function init(source?: WasmSource): Promise<void> {
  await coreLoader().init(source);
}
