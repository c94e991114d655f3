export type * from './client.js';
export type * from './diagnosis.js';
export type { Awaitable, Bytes, Open } from './open.js';
export type * from './pki.js';
export type * from './platform.js';
export type * from './renewals.js';
export type * from './service.js';
export type * from './store.js';
