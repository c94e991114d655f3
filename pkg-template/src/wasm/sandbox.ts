import makeGlue from 'wasm-glue:sandbox';
import type { SandboxWasm } from './exports.js';
import type { WasmLoader } from './loader.js';
import { sharedLoader } from './shared.js';

/** The loader of the sandbox's wasm. */
export function sandboxLoader(): WasmLoader<SandboxWasm> {
  return sharedLoader('sandbox', makeGlue);
}
