import type { Contacts } from '../resources/contacts.js';
import type { Orders } from '../resources/orders.js';
import type { Organizations } from '../resources/organizations.js';
import type { CallOptions, ClientOptions, PreparedRequest, RequestOptions } from '../types/client.js';
import type { RateLimit } from './rate-limit.js';
import type { Tokens } from './tokens.js';

/** What the parts that a client loads, diagnosis and renewals, use of it: its class leads to them. */
export interface Client {
  readonly tokens: Tokens;
  readonly organizations: Organizations;
  readonly contacts: Contacts;
  readonly orders: Orders;
  readonly rateLimit: RateLimit;
  request(call: RequestOptions, options?: CallOptions): Promise<unknown>;
  preview(call: (client: Client) => Promise<unknown>): Promise<PreparedRequest>;
  withOptions(options: Partial<ClientOptions>): Client;
  close(): void;
}
