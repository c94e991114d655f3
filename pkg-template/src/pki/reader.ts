import type { Reader } from '../wasm/exports.js';
import type { WasmLoader } from '../wasm/loader.js';
import { notProvided } from '../wasm/loader.js';
import { shared } from '../wasm/shared.js';

/** The loader of whichever wasm can read: the core if it is loaded already, else the smaller one if it is at hand. */
export function readerLoader(): WasmLoader<Reader> {
  const { loaders } = shared();
  const core = loaders.get('core');
  const loader = core?.loaded ? core : (loaders.get('pki') ?? core);
  if (!loader) throw notProvided('core');
  return loader as WasmLoader<Reader>;
}
