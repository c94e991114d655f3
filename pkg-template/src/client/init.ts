import { checkNames } from '../errors/refuse.js';
import { init as initReader } from '../pki/init.js';
import type { WasmSource, WasmSources } from '../types/platform.js';
import { coreLoader } from '../wasm/core.js';
import { renewalsLoader } from '../wasm/renewals.js';

/**
 * Loads wasm now rather than on first use, or says where it is. Optional: everything else loads what it needs by itself,
 * the client `core.wasm`, the reader, which also checks orders, `pki.wasm` with the table of domain suffixes, and
 * `client.renewals` its own `renewals.wasm`. A source given after its wasm is loaded changes nothing.
 *
 * @param source Of `core.wasm`, or of each by its name: the compiled module, its bytes, a reply that holds them, or an
 *   address. Without one, `core.wasm` is loaded from where this environment finds it.
 * @throws CertsError `wasm_load_failed`: a wasm could not be had or compiled. The next use tries again.
 *
 * @example
 * await init({ core: coreModule, pki: pkiModule });
 */
export async function init(source?: WasmSource | WasmSources): Promise<void> {
  const { core, pki, renewals } = isNamed(source) ? source : { core: source };
  const loads: Promise<void>[] = [];
  if (core !== undefined || (pki === undefined && renewals === undefined)) loads.push(coreLoader().init(core));
  if (pki !== undefined) loads.push(initReader(pki));
  if (renewals !== undefined) loads.push(renewalsLoader().init(renewals));
  await Promise.all(loads);
}

/** A plain object, whose names have to be known: a module, bytes, a reply and an address are instances of something. */
function isNamed(source: WasmSource | WasmSources | undefined): source is WasmSources {
  // By tag and not by prototype: a test runner may have made it in another realm.
  if (Object.prototype.toString.call(source) !== '[object Object]') return false;
  checkNames(source, ['core', 'pki', 'renewals']);
  return true;
}
