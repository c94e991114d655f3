/**
 * The server half of `auth: 'proxy'`: pages call the service without a secret, through a server that knows who they are.
 *
 * @module markmonitor-certs/proxy
 */
export { createProxy, type RequestHandler } from './proxy/create.js';
export { type NodeContext, type NodeRequest, type NodeResponse, toNodeHandler } from './proxy/node.js';
export { reading } from './proxy/route.js';
export type { Allow, AuditEntry, Authorized, ProxyOperation, ProxyOptions } from './proxy/types.js';
