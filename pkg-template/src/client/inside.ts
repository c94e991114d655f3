import type { CallOptions, ClientOptions } from '../types/client.js';
import type { Store } from '../types/store.js';
import type { CoreCall, Reply } from '../wasm/exports.js';

/** What other entries of this package use of a client beside its public methods. */
export interface Inside {
  /** Makes a call, and says how it was answered whatever the value is. */
  call(call: CoreCall, options: CallOptions): Promise<Reply<unknown>>;
  readonly store: Store;
  /** The addresses of the service, where they are not the usual ones. */
  readonly bases: Pick<ClientOptions, 'certsBaseUrl' | 'authBaseUrl'>;
  /** Whether it is a client of a proxy. */
  readonly isProxied: boolean;
  /** The user of the service; empty where a token is given. */
  readonly user: string;
  /** The API key, a secret: for a digest that sets the accounts of one user's name apart. Nothing for a client of a proxy. */
  readonly apiKey: string | (() => string | Promise<string>) | undefined;
}

/** Where a client has it: known to every copy of this package, and to nobody who does not look for it. */
export const inside = Symbol.for('markmonitor-certs/inside');

/** The inside of a client; nothing for what is not one. */
export function insideOf(client: unknown): Inside | undefined {
  return (client as { [inside]?(): Inside } | undefined)?.[inside]?.();
}
