import { idOf } from '../connection/id.js';
import type { PreparedRequest } from '../types/client.js';
import type { CoreCall, CoreClient, Host } from '../wasm/exports.js';

/** Stops a call in a preview; nobody sees it. */
class Stopped {}

/** What only a client in a preview has: it refuses what would send with a client of its own. */
export interface Refusing {
  diagnose(): void;
}

/** A client of the core that sends nothing: the first call made with it is prepared and kept, every call stops. */
export class PreviewClient implements CoreClient, Refusing {
  readonly #client: CoreClient;
  readonly #found: (request: PreparedRequest) => void;
  readonly #failed: (reason: unknown) => void;

  constructor(client: CoreClient, found: (request: PreparedRequest) => void, failed: (reason: unknown) => void) {
    this.#client = client;
    this.#found = found;
    this.#failed = failed;
  }

  call(call: CoreCall): never {
    return this.#stop(call);
  }

  prepare(call: CoreCall): never {
    return this.#stop(call);
  }

  pages({ query = {}, ...call }: CoreCall & { query?: { page?: unknown } }): never {
    // All pages are asked for from the first one on, by its number. What is not a filter the core refuses.
    return this.#stop({ ...call, query: query?.constructor === Object ? { ...query, page: query.page ?? 0 } : query });
  }

  createOnce(order: object): never {
    return this.#stop({ operation: 'orders.create', body: order });
  }

  renewal(order: { contacts?: unknown } | null | undefined): never {
    const contacts = order?.contacts;
    const [id] = Array.isArray(contacts) ? contacts : [];
    return this.#stop({ operation: 'contacts.get', path: { id } });
  }

  expiring(
    what: 'orders' | 'organizations',
    options: { filter?: object | null | undefined } | null | undefined,
  ): never {
    const given = options?.filter ?? {};
    // Orders that are not issued have no certificate that could end.
    const isOfIssued = what === 'orders' && given.constructor === Object;
    return this.pages({
      operation: `${what}.list`,
      query: isOfIssued ? { statuses: ['DIGI_ISSUED'], ...given } : given,
    });
  }

  waitForOrder(order: string | { id: string }): never {
    return this.watchOrder(idOf(order));
  }

  waitForOrders(): never {
    return this.#stop({ operation: 'orders.list' });
  }

  watchOrder(id: string): never {
    return this.#stop({ operation: 'orders.get', path: { id } });
  }

  waitForOrganization(id: string): never {
    return this.#stop({ operation: 'organizations.get', path: { id } });
  }

  authenticate(): never {
    return this.#refuse();
  }

  refresh(): never {
    return this.#refuse();
  }

  token(): never {
    return this.#refuse();
  }

  diagnose(): never {
    return this.#refuse();
  }

  withOptions(options: object, fetch: Host['fetch']): CoreClient {
    return new PreviewClient(this.#client.withOptions(options, fetch), this.#found, this.#failed);
  }

  tokenInfo() {
    return this.#client.tokenInfo();
  }

  rateLimit() {
    return this.#client.rateLimit();
  }

  estimate(n: number, options: object) {
    return this.#client.estimate(n, options);
  }

  // A preview changes nothing.
  clearToken(): void {}
  pause(): void {}
  resume(): void {}
  close(): void {}
  free(): void {}

  #stop(call: CoreCall): never {
    try {
      this.#found(this.#client.prepare(call));
    } catch (reason) {
      this.#failed(reason);
    }
    throw new Stopped();
  }

  #refuse(): never {
    this.#failed(new TypeError('There is nothing to preview of a diagnosis, or of a request for a token.'));
    throw new Stopped();
  }
}
