import type { Connection } from '../connection/connection.js';
import { listOf } from '../connection/lists.js';
import { checkForm } from '../errors/refuse.js';
import type { CallOptions, PagePromise } from '../types/client.js';
import type * as service from '../types/service.js';
import { HistoryOf } from './history.js';

/** The people of an organization (guide 7.2). */
export class Contacts {
  readonly #connection: Connection;
  /** What changed, and who changed it. */
  readonly history: HistoryOf;

  /** @internal */
  constructor(connection: Connection) {
    this.#connection = connection;
    this.history = new HistoryOf(connection, 'contacts');
  }

  /**
   * Creates a contact of an organization (guide 7.2.1).
   *
   * @throws BadRequestError A field is missing or wrong; `problems` says which.
   *
   * @example
   * const { id } = await client.contacts.create({ organizationId, ...person, provider: 'DIGICERT', contactTypes: [{ type: 'ORGANIZATION_CONTACT' }] });
   */
  async create(contact: service.NewContact, options?: CallOptions): Promise<service.Contact> {
    checkForm('contact', contact);
    return await this.#connection.call('contacts.create', { body: contact }, options);
  }

  /**
   * Gets a contact (guide 7.2.2).
   *
   * @throws NotFoundError There is no contact with this id.
   *
   * @example
   * const { email } = await client.contacts.get(id);
   */
  get(id: string, options?: CallOptions): Promise<service.Contact> {
    return this.#connection.call('contacts.get', { path: { id } }, options);
  }

  /**
   * Lists contacts (guide 7.2.3). *Inferred*: the name of the filter `email`.
   *
   * @throws BadRequestError A filter has a value that the service does not take; `problems` says which.
   *
   * @example
   * const [contact] = await client.contacts.list({ email: 'ada@example.com' }).toArray({ limit: 1 });
   */
  list(filter: service.ContactFilter = {}, options?: CallOptions): PagePromise<service.Contact> {
    return listOf(this.#connection, { operation: 'contacts.list', query: filter }, options);
  }

  /**
   * Changes a contact (guide 7.2.4). A change of an EV approver sends the organization to validation again.
   *
   * @throws BadRequestError A field has a wrong value; `problems` says which.
   * @throws NotFoundError There is no contact with this id.
   *
   * @example
   * await client.contacts.update(id, { phone: '+12085550100' });
   */
  async update(id: string, changes: service.ContactChanges, options?: CallOptions): Promise<service.Contact> {
    checkForm('changes', changes);
    return await this.#connection.call('contacts.update', { path: { id }, body: changes }, options);
  }

  /**
   * Deletes a contact (guide 7.2.5). Deleting an EV approver sends the organization to validation again.
   *
   * @throws ConflictError It belongs to an active order, or is the organization's last contact or last EV approver.
   *
   * @example
   * await client.contacts.delete(id);
   */
  async delete(id: string, options?: CallOptions): Promise<void> {
    await this.#connection.call('contacts.delete', { path: { id } }, options);
  }
}
