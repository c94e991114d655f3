export type * from './client.js';
export type * from './inputs.js';
export type * from './models.js';
export type * from './open.js';
export type * from './pki.js';
export type * from './platform.js';
