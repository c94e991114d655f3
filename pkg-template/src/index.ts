/**
 * Client of the Markmonitor SSL Certs API: orders, limits and certificates.
 *
 * @module
 */
export { CertsClient } from './client.js';
export * from './errors.js';
export { allowedActions, checkOrder, dcvInstructions, renewalOf } from './guards.js';
export { init } from './init.js';
export { createCsr, inspectCsr, parseBundle, parseCertificate, parseCsr, sameKey } from './pki/functions.js';
export type { RateLimit } from './rate-limit.js';
export type { Certs } from './resources/certs.js';
export type { Contacts } from './resources/contacts.js';
export type { HistoryOf } from './resources/history.js';
export type { Checking, OrderGoal, Orders, Settled } from './resources/orders.js';
export type { Organizations } from './resources/organizations.js';
export { responseOf } from './responses.js';
export type { Tokens } from './tokens.js';
export type * from './types/index.js';
export { version } from './version.js';
