/**
 * Reads, judges and makes certificate signing requests, and reads certificates: without the client, and in a wasm of its
 * own that is half the size.
 *
 * @module
 */
export * from '../errors.js';
export type { CertType, Organization } from '../types/models.js';
export type * from '../types/pki.js';
export type * from '../types/platform.js';
export { version } from '../version.js';
export { createCsr, inspectCsr, parseBundle, parseCertificate, parseCsr, sameKey } from './functions.js';
export { init } from './init.js';
