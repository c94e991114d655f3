import type { Connection } from '../connection/connection.js';
import { listOf } from '../connection/lists.js';
import type { CallOptions, PagePromise } from '../types/client.js';
import type * as service from '../types/service.js';

/** The groups of the account, which an order's `groupId` names. */
export class Groups {
  readonly #connection: Connection;

  /** @internal */
  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /**
   * Lists the groups. The guide does not name this call; it was seen in use. *Inferred*: that it takes paging.
   *
   * @throws ApiError The service refused it.
   *
   * @example
   * const group = (await client.groups.list().toArray()).find(({ name }) => name === 'Web');
   */
  list(paging: service.Paging = {}, options?: CallOptions): PagePromise<service.Group> {
    return listOf(this.#connection, { operation: 'groups.list', query: paging }, options);
  }
}
