import { type Connection, checkFilter } from '../connection/connection.js';
import { idOf } from '../connection/id.js';
import { heard } from '../connection/listener.js';
import { listOf } from '../connection/lists.js';
import { checkForm } from '../errors/refuse.js';
import type { CallOptions, ExpiringValidationOptions, PagePromise, ValidationWaitOptions } from '../types/client.js';
import type * as service from '../types/service.js';
import type { Done } from '../wasm/instance.js';
import { HistoryOf } from './history.js';

/** The legal entities that certificates are issued to (guide 7.1). */
export class Organizations {
  readonly #connection: Connection;
  /** What changed, and who changed it. */
  readonly history: HistoryOf;

  /** @internal */
  constructor(connection: Connection) {
    this.#connection = connection;
    this.history = new HistoryOf(connection, 'organizations');
  }

  /**
   * Creates an organization with its contacts, and submits it for validation (guide 7.1.1).
   *
   * @throws BadRequestError A field is missing or wrong; `problems` says which.
   *
   * @example
   * const { id, contacts } = await client.organizations.create({ name: 'Example Inc.', ...address, provider: 'DIGICERT', contacts: [person] });
   */
  async create(organization: service.NewOrganization, options?: CallOptions): Promise<service.Organization> {
    checkForm('organization', organization);
    return await this.#connection.call('organizations.create', { body: organization }, options);
  }

  /**
   * Gets an organization (guide 7.1.2).
   *
   * @throws NotFoundError There is no organization with this id.
   *
   * @example
   * const { validations } = await client.organizations.get(id);
   */
  get(id: string, options?: CallOptions): Promise<service.Organization> {
    return this.#connection.call('organizations.get', { path: { id } }, options);
  }

  /**
   * Lists organizations (guide 7.1.3). The filter `name` also finds names that contain the text.
   *
   * @throws BadRequestError A filter has a value that the service does not take; `problems` says which.
   *
   * @example
   * for await (const { id, name } of client.organizations.list({ name: 'Example' })) console.log(id, name);
   */
  list(filter: service.OrganizationFilter = {}, options?: CallOptions): PagePromise<service.Organization> {
    return listOf(this.#connection, { operation: 'organizations.list', query: filter }, options);
  }

  /**
   * Waits until an organization is validated: for `type`, or for every validation that it has under way.
   *
   * @throws WaitError It cannot be any more, or has ended; it has stalled until a person acts, for no validation is under way
   *   or a contact is missing that it needs; or `maxWait` passed.
   *
   * @example
   * await client.organizations.waitUntilValidated(id, { type: 'EV', maxWait: 7 * 24 * 3_600_000 });
   */
  waitUntilValidated(
    id: string | service.Organization,
    options: ValidationWaitOptions = {},
  ): Promise<service.Organization> {
    return this.#connection.ask<service.Organization>(options, (client, done) => {
      client.waitForOrganization(idOf(id), heard(options), done as Done<unknown>);
    });
  }

  /**
   * Organizations with a validation that ends within so many days by the service's clock, the soonest first. A validation
   * holds 13 months (guide 7.1).
   *
   * @throws ValidationError `withinDays` is not a number of days; nothing was sent.
   *
   * @example
   * for (const { name } of await client.organizations.expiring({ withinDays: 60 })) console.log(name);
   */
  expiring(options: ExpiringValidationOptions): Promise<service.Organization[]> {
    return this.#connection.ask<service.Organization[]>(options, (client, done) => {
      checkFilter({ query: options?.filter ?? {} });
      client.expiring('organizations', options, done as Done<object[]>);
    });
  }
}
