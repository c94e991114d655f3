/**
 * Client of the Markmonitor SSL Certs API: orders, limits and certificates.
 *
 * @module markmonitor-certs
 */
export { CertsClient } from './client/certs-client.js';
export { dateOf } from './client/dates.js';
export { allowedActions, dcvInstructions, renewalOf } from './client/functions.js';
export { init } from './client/init.js';
export type { RateLimit } from './client/rate-limit.js';
export type { Tokens } from './client/tokens.js';
export { responseOf } from './connection/responses.js';
export * from './errors/classes.js';
export { checkOrder } from './pki/check.js';
export * from './pki/functions.js';
export { createRenewalJournal } from './renewals/journal-store.js';
export type { Certs } from './resources/certs.js';
export type { Contacts } from './resources/contacts.js';
export type { OrderGoal } from './resources/goal.js';
export type { Groups } from './resources/groups.js';
export type { HistoryOf } from './resources/history.js';
export type { Checking, Orders, Settled } from './resources/orders.js';
export type { Organizations } from './resources/organizations.js';
export type { Renewals } from './resources/renewals.js';
export { createMemoryStore } from './store/memory.js';
export type * from './types/index.js';
export { version } from './version.js';
