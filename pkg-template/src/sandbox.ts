/**
 * The Markmonitor SSL Certs API, in memory: for demonstrations and for your own tests.
 *
 * @module markmonitor-certs/sandbox
 */
export { fates, readings } from './generated/sandbox.js';
export { createSandbox, type Sandbox, type SandboxRequest } from './sandbox/sandbox.js';
export type * from './types/sandbox.js';
