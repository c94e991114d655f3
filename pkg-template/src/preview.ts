import type { CoreClient, Cursor, Operation } from './core-client.js';
import { idOf } from './resources/orders.js';
import type { NewOrder, OrderOrId, PreparedRequest } from './types/index.js';

/** Stops a call in a preview; nobody sees it. */
class Stopped {}

/** A client of the core that sends nothing: the first call made with it is prepared and kept, every call stops. */
export class PreviewClient implements CoreClient {
  readonly #client: CoreClient;
  readonly #found: (request: PreparedRequest) => void;
  readonly #failed: (reason: unknown) => void;

  constructor(client: CoreClient, found: (request: PreparedRequest) => void, failed: (reason: unknown) => void) {
    this.#client = client;
    this.#found = found;
    this.#failed = failed;
  }

  async call(operation: Operation): Promise<never> {
    return this.#stop(operation);
  }

  prepare(operation: Operation): never {
    return this.#stop(operation);
  }

  pages(operation: Operation): Cursor<never> {
    return this.#stop(operation);
  }

  async createOnce(order: NewOrder, { check = true }: { check?: boolean | undefined }): Promise<never> {
    return this.#stop({ operation: 'createOrder', order, check });
  }

  async expiring({ filter = {} }: { filter?: object | undefined }): Promise<never> {
    return this.#stop({ operation: 'listOrders', filter });
  }

  async waitForOrder(order: OrderOrId): Promise<never> {
    return this.#stop({ operation: 'getOrder', id: idOf(order) });
  }

  waitForOrders(): Cursor<never> {
    return this.#stop({ operation: 'listOrders', filter: {} });
  }

  watchOrder(id: string): Cursor<never> {
    return this.#stop({ operation: 'getOrder', id });
  }

  async waitForOrganization(id: string): Promise<never> {
    return this.#stop({ operation: 'getOrganization', id });
  }

  async authenticate(): Promise<never> {
    return this.#refuse();
  }

  async refresh(): Promise<never> {
    return this.#refuse();
  }

  async token(): Promise<never> {
    return this.#refuse();
  }

  withOptions(options: object): CoreClient {
    return new PreviewClient(this.#client.withOptions(options), this.#found, this.#failed);
  }

  tokenInfo() {
    return this.#client.tokenInfo();
  }

  rateLimit() {
    return this.#client.rateLimit();
  }

  // A preview changes nothing.
  clearToken(): void {}
  pause(): void {}
  resume(): void {}
  close(): void {}

  #stop(operation: Operation): never {
    try {
      this.#found(this.#client.prepare(operation));
    } catch (reason) {
      this.#failed(reason);
    }
    throw new Stopped();
  }

  #refuse(): never {
    this.#failed(new TypeError('A request for a token holds nothing but secrets: there is nothing to preview.'));
    throw new Stopped();
  }
}
