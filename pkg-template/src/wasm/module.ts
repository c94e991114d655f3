import type { WasmModule } from '../types/platform.js';

/**
 * The wasm itself, for those who hand it to `init`. What an import of it gives is the environment's affair: a compiled
 * module in workers of the edge, an address with `?url` in Vite.
 */
declare const module: WasmModule;
export default module;
