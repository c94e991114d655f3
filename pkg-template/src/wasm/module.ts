import type { WasmModule } from '../types/platform.js';

/**
 * The wasm itself, for those who hand it to `init`. What an import of it yields depends on the environment: a
 * compiled module in workers of the edge, an address with `?url` in Vite.
 */
declare const module: WasmModule;
export default module;
