import type { Connection } from '../connection.js';
import type { Subject } from '../core-client.js';
import { listOf } from '../lists.js';
import type { CallOptions, History, HistoryFilter, PagePromise } from '../types/index.js';

/** The history of an organization, a contact or an order: every change, and who made it. */
export class HistoryOf {
  readonly #connection: Connection;
  readonly #subject: Subject;

  /** @internal */
  constructor(connection: Connection, subject: Subject) {
    this.#connection = connection;
    this.#subject = subject;
  }

  /**
   * Lists the changes (guide 7.1.4, 7.2.6, 7.4.6).
   *
   * @example
   * for await (const { dateCreated, text } of client.orders.history.list(id)) console.log(dateCreated, text);
   */
  list(id: string, filter: HistoryFilter = {}, options?: CallOptions): PagePromise<History> {
    return listOf(this.#connection, { operation: 'listHistory', subject: this.#subject, id, filter }, options);
  }

  /**
   * Gets one change (guide 7.1.5, 7.2.7, 7.4.7).
   *
   * @example
   * const { userName, text } = await client.orders.history.get(id, historyId);
   */
  get(id: string, historyId: string, options?: CallOptions): Promise<History> {
    return this.#connection.call({ operation: 'getHistory', subject: this.#subject, id, historyId }, options);
  }
}
