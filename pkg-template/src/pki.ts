/**
 * Reads, judges and makes certificate signing requests, and reads certificates: without the client.
 *
 * @module markmonitor-certs/pki
 */
export * from './errors/classes.js';
export type { ErrorCode, TimeoutPhase, WaitReason } from './generated/core.js';
export * from './pki/functions.js';
export { init } from './pki/init.js';
export type { Bytes } from './types/open.js';
export type * from './types/pki.js';
export type * from './types/platform.js';
export type { CertType, Organization } from './types/service.js';
export { version } from './version.js';
