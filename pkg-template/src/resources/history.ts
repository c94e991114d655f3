import type { Connection } from '../connection/connection.js';
import { idOf } from '../connection/id.js';
import { listOf } from '../connection/lists.js';
import type { CallOptions, PagePromise } from '../types/client.js';
import type * as service from '../types/service.js';

/** The history of an organization, a contact or an order: every change, and who made it. */
export class HistoryOf {
  readonly #connection: Connection;
  readonly #resource: 'organizations' | 'contacts' | 'orders';

  /** @internal */
  constructor(connection: Connection, resource: 'organizations' | 'contacts' | 'orders') {
    this.#connection = connection;
    this.#resource = resource;
  }

  /**
   * Lists the changes (guide 7.1.4, 7.2.6, 7.4.6). *Inferred*: the names of the filters `userId` and `text`.
   *
   * @param id Whose: its id, or the thing itself.
   * @throws NotFoundError There is nothing with this id.
   *
   * @example
   * for await (const { dateCreated, text } of client.orders.history.list(id)) console.log(dateCreated, text);
   */
  list(
    id: string | { id: string },
    filter: service.HistoryFilter = {},
    options?: CallOptions,
  ): PagePromise<service.History> {
    const operation = `${this.#resource}.history.list` as const;
    return listOf(this.#connection, { operation, path: { id: idOf(id) }, query: filter }, options);
  }

  /**
   * Gets one change (guide 7.1.5, 7.2.7, 7.4.7).
   *
   * @param id Whose: its id, or the thing itself.
   * @throws NotFoundError There is nothing with this id, or no such change of it.
   *
   * @example
   * const { userName, text } = await client.orders.history.get(id, historyId);
   */
  get(id: string | { id: string }, historyId: string, options?: CallOptions): Promise<service.History> {
    const path = { id: idOf(id), historyId };
    return this.#connection.call(`${this.#resource}.history.get` as const, { path }, options);
  }
}
