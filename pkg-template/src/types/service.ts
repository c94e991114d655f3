// The shapes of the service are declared in docs/openapi.yaml, once.
export type * from '../generated/service.js';
