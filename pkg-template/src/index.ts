/**
 * Client of the Markmonitor SSL Certs API: orders, limits and certificates.
 *
 * @module
 */
export { init } from './core.js';
export * from './errors.js';
export { allowedActions, checkOrder, dcvInstructions, renewalOf } from './guards.js';
export { createCsr, inspectCsr, parseBundle, parseCertificate, parseCsr, sameKey } from './pki.js';
export type * from './types/index.js';
export { version } from './version.js';
export type { WasmSource } from './wasm-loader.js';
