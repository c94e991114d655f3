/**
 * The Markmonitor SSL Certs API, in memory: for demonstrations and for your own tests.
 *
 * @module
 */
export type { FaultRule, SandboxCredentials, SandboxOptions, SandboxRateLimit } from './options.js';
export { createSandbox, type Sandbox, type SandboxRequest } from './sandbox.js';
