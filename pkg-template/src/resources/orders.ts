import { dateOf } from '../client/dates.js';
import { type Connection, checkFilter } from '../connection/connection.js';
import { idOf, isUuid } from '../connection/id.js';
import { heard } from '../connection/listener.js';
import { listOf } from '../connection/lists.js';
import {
  CertsError,
  OrderDiffersError,
  OutcomeUnknownError,
  ValidationError,
  type WaitError,
} from '../errors/classes.js';
import { errorOf } from '../errors/dto.js';
import { checkForm, checkObject, checkSignal, checkTexts, isList, isTexts, refuse } from '../errors/refuse.js';
import type { Sending } from '../host/sends.js';
import { soundOrder, soundReissue } from '../pki/check.js';
import { parseBundle } from '../pki/functions.js';
import type {
  CallOptions,
  ExpiringOptions,
  InferredCallOptions,
  OnceOptions,
  OnceOutcome,
  OrderOrId,
  PagePromise,
  WaitOptions,
} from '../types/client.js';
import type { Bundle } from '../types/pki.js';
import type * as service from '../types/service.js';
import type { Done } from '../wasm/instance.js';
import { GuardedGoal, type OrderGoal } from './goal.js';
import { HistoryOf } from './history.js';

/** Whether an order is checked before it is sent. */
export interface Checking {
  /** Default true: an order that would be refused is not sent. False sends it as it is. */
  check?: boolean | undefined;
}

/** One of several orders that were waited for: the order as it settled, or why it did not. */
export interface Settled {
  /** The id of the order. */
  id: string;
  /** The order as it settled. */
  order?: service.Order;
  /** Why it can no longer reach the goal. */
  error?: WaitError;
}

/** Orders, and the certificates that come of them (guide 7.4). */
export class Orders {
  readonly #connection: Connection;
  /** What changed, and who changed it. */
  readonly history: HistoryOf;

  /** @internal */
  constructor(connection: Connection) {
    this.#connection = connection;
    this.history = new HistoryOf(connection, 'orders');
  }

  /**
   * Creates an order (guide 7.4.1). It costs money, so one whose outcome is unknown is never sent again: the error's
   * `mayHaveBeenApplied` says so, and `createOnce` finds out. Its CSR is sent as `inspectCsr` shows it (`csr.pem`), however it
   * was pasted.
   *
   * @param options With `check: false` the order is sent as it is.
   * @throws ValidationError The service or the certificate authority would refuse it; `findings` holds all that is wrong.
   * @throws BadRequestError The service refused it; `problems` says why.
   *
   * @example
   * const { id, status } = await client.orders.create({ organizationId, contacts, certType: 'SSL_OV_BASIC', locale: 'en', provider: 'DIGICERT', cert: { commonName: 'example.com', csr } });
   */
  async create(order: service.NewOrder, options: CallOptions & Checking = {}): Promise<service.Order> {
    const { check, rest } = split(options);
    checkForm('order', order);
    const body = check ? await soundOrder(order, rest.signal) : order;
    return await this.#connection.call('orders.create', { body }, rest);
  }

  /**
   * Creates the order, unless the same order exists and is pending or has a certificate in force: then that one is returned. The
   * same is an order of the same names, type and organization for the key of the same CSR; `replaces`, `notBefore` and `same`
   * change what counts. Orders of one name are created one at a time, by all clients of this process and by all processes that
   * share the client's `store`. An order of which nobody can tell whether it was placed is never placed again.
   *
   * It is found again by the record in the store, by a marker in its comments, and among the orders of its name and those
   * under way; by the latter two also after the process has ended without a store that outlives it. What is not covered
   * then: a request that was lost on its way, and takes effect when all looks for it are over; a rerun in another process
   * that shares no store, while the service's lists do not show the order yet; and an order that was placed elsewhere, without
   * a marker.
   *
   * @throws OrderDiffersError One for this key is there, of other names, another type or organization; nothing was sent.
   * @throws OutcomeUnknownError One may be there, and nobody can tell: `assumeNotPlaced: true` creates it all the same.
   * @throws CertsError As `create`; with `mayHaveBeenApplied` it may be there. `store_failed`: nothing was sent.
   *
   * @example
   * const order = await client.orders.createOnce(newOrder); // safe to call again after a crash, with the same CSR
   */
  async createOnce(order: service.NewOrder, options: OnceOptions & Checking = {}): Promise<service.Order> {
    return (await this.#once(order, options)).order;
  }

  /**
   * The same as `createOnce`, with the same that is not covered, and says what came of it: the order was placed, or given
   * back, or refused with its differences, or its outcome is unknown, as it is of a call that `signal` ends on its way.
   *
   * @throws CertsError Nothing was sent, or the service refused it.
   *
   * @example
   * const outcome = await client.orders.placeOnce(newOrder, { onceId });
   * if (outcome.kind === 'unknown') console.warn(outcome.error.message);
   */
  async placeOnce(order: service.NewOrder, options: OnceOptions & Checking = {}): Promise<OnceOutcome> {
    let mayBeSent = false;
    try {
      const { order: found, placed } = await this.#once(order, options, () => {
        mayBeSent = true;
      });
      return { kind: placed ? 'placed' : 'givenBack', order: found };
    } catch (error) {
      if (error instanceof OrderDiffersError) {
        return { kind: 'differs', order: error.order, differences: error.differences, error };
      }
      if (error instanceof CertsError && error.mayHaveBeenApplied) return { kind: 'unknown', error };
      if (mayBeSent && options.signal?.aborted && !(error instanceof CertsError)) {
        const message = 'It was aborted, and nobody can tell whether the order is placed: call it again.';
        const unknown = { code: 'outcome_unknown', message, cause: error, mayHaveBeenApplied: true } as const;
        return { kind: 'unknown', error: new OutcomeUnknownError(unknown) };
      }
      throw error;
    }
  }

  async #once(order: service.NewOrder, options: OnceOptions & Checking, onSend?: () => void) {
    const { check, rest } = split(options);
    checkForm('order', order);
    const plain = checkedOnce(rest);
    const body = check ? await soundOrder(order, rest.signal) : order;
    const stop = onSend && this.#connection.watchSends(isOrderOf(body), onSend);
    try {
      return await this.#connection.ask<{ order: service.Order; placed: boolean }>(rest, (client, done) => {
        client.createOnce(body, plain, done);
      });
    } finally {
      stop?.();
    }
  }

  /**
   * The new order that renews an old one (guide 8.5): all as it was, but for the CSR and what you change. Its contacts are
   * asked which roles they have; one that has none in an order, such as Markmonitor's technical contact, is left out.
   *
   * @throws ValidationError The old order lacks what a new one needs.
   *
   * @example
   * const renewed = await client.orders.createOnce(await client.orders.renewal(order, { csr }));
   */
  renewal(
    order: service.Order,
    changes: { csr: string } & Partial<service.NewOrder>,
    options: CallOptions = {},
  ): Promise<service.NewOrder> {
    return this.#connection.ask(options, (client, done) => client.renewal(order, changes, options, done));
  }

  /**
   * Gets an order (guide 7.4.2).
   *
   * @throws NotFoundError There is no order with this id.
   *
   * @example
   * const { status, cert } = await client.orders.get(id);
   */
  get(id: string, options?: CallOptions): Promise<service.Order> {
    return this.#connection.call('orders.get', { path: { id } }, options);
  }

  /**
   * Lists orders (guide 7.4.3). *Inferred*: the name of the filter `validUntil`.
   *
   * @throws BadRequestError A filter has a value that the service does not take; `problems` says which.
   *
   * @example
   * for await (const order of client.orders.list({ statuses: ['DIGI_ISSUED'], size: 100 })) console.log(order.id);
   */
  list(filter: service.OrderFilter = {}, options?: CallOptions): PagePromise<service.Order> {
    return listOf(this.#connection, { operation: 'orders.list', query: filter }, options);
  }

  /**
   * What each certificate type costs (guide 7.4.4).
   *
   * @throws ApiError The service refused it.
   *
   * @example
   * const cheapest = (await client.orders.prices()).sort((a, b) => (a.totalPrice ?? 0) - (b.totalPrice ?? 0))[0];
   */
  prices(options?: CallOptions): Promise<service.Price[]> {
    return this.#connection.call('orders.prices', {}, options);
  }

  /**
   * Downloads the certificate (guide 7.4.5), as the service sends it.
   *
   * @throws NotFoundError There is no order with this id.
   * @throws ConflictError There is no certificate of it yet.
   *
   * @example
   * await writeFile('example_com.p7b', await client.orders.download(id, 'p7b'));
   */
  async download(id: string, format: service.DownloadFormat, options?: CallOptions): Promise<Uint8Array> {
    // A later service may know others: a short word goes through.
    if (typeof format !== 'string' || !/^[\w.-]{1,32}$/.test(format)) {
      throw refuse('invalid_argument', 'format', "`format` must be 'p7b' or 'pem_all'.");
    }
    return await this.#connection.call('orders.download', { path: { id }, query: { format } }, options);
  }

  /**
   * Downloads the certificate with its chain (guide 7.4.5), read and put in order: leaf first, root last.
   *
   * @throws NotFoundError There is no order with this id.
   * @throws ConflictError There is no certificate of it yet.
   * @throws ParseError What was downloaded holds no certificates.
   *
   * @example
   * const { leaf, intermediates, pem } = await client.orders.certificate(order);
   */
  async certificate(id: OrderOrId, options?: CallOptions): Promise<Bundle> {
    return parseBundle(await this.download(idOf(id), 'pem_all', options));
  }

  /**
   * Cancels an order, or a reissue, that is still pending (guide 7.4.8.1).
   *
   * @throws ValidationError The status of the order in hand forbids it (`action_not_allowed`); nothing was sent.
   * @throws ConflictError The service found it in another status.
   *
   * @example
   * await client.orders.cancel(order);
   */
  cancel(id: OrderOrId, options?: CallOptions): Promise<service.Order> {
    return this.#change(id, 'cancel', undefined, options);
  }

  /**
   * Revokes an issued certificate (guide 7.4.8.2).
   *
   * @param confirm `{ permanent: true }`: this cannot be undone.
   * @throws ValidationError It was not confirmed, or the status of the order in hand forbids it; nothing was sent.
   * @throws ConflictError There is no certificate to revoke.
   *
   * @example
   * await client.orders.revoke(order, { permanent: true });
   */
  async revoke(id: OrderOrId, confirm: { permanent: true }, options?: CallOptions): Promise<service.Order> {
    // For callers without types, and for those who pass options in its place.
    if (confirm?.permanent !== true) throw unconfirmed();
    return this.#change(id, 'revoke', undefined, options);
  }

  /**
   * Replaces an issued certificate by a new one (guide 7.4.8.3); its common name stays.
   *
   * @param changes What is to be different; nothing means the same again.
   * @param options With `check: false` the changes are sent as they are.
   * @throws ValidationError The changes would be refused, or the status of the order in hand forbids it; `findings` holds all
   *   that is wrong, and nothing was sent.
   * @throws ConflictError The service found it in another status.
   *
   * @example
   * const reissued = await client.orders.waitUntil(await client.orders.reissue(order, { cert: { csr } }), 'reissued');
   */
  async reissue(
    id: OrderOrId,
    changes: service.Reissue = {},
    options: CallOptions & Checking = {},
  ): Promise<service.Order> {
    const { check, rest } = split(options);
    checkForm('changes', changes);
    const body = check ? await soundReissue(changes, knownOf(id), rest.signal) : changes;
    return await this.#change(id, 'reissue', body, rest);
  }

  /**
   * Sends the emails for the validation of the domains again (guide 7.4.8.4). *Inferred*: the request has no fields.
   *
   * @throws ValidationError The status of the order in hand forbids it (`action_not_allowed`); nothing was sent.
   * @throws ConflictError The service found it in another status.
   *
   * @example
   * await client.orders.sendDcvEmail(order);
   */
  sendDcvEmail(id: OrderOrId, options?: InferredCallOptions): Promise<service.Order> {
    return this.#change(id, 'sendDcvEmail', undefined, options);
  }

  /**
   * Submits domains for validation, of an OV or EV order (guide 7.4.8.5). *Inferred*: the name of the request's field. Which
   * statuses allow it the guide does not say, so none is refused before it is sent.
   *
   * @throws BadRequestError A domain is not one of the order's; `problems` says which.
   *
   * @example
   * await client.orders.validateDomains(order, ['example.com']);
   */
  async validateDomains(id: OrderOrId, domains: string[], options?: InferredCallOptions): Promise<service.Order> {
    checkTexts('domains', domains, "'www.example.com'");
    return await this.#change(id, 'validateDomains', { domains }, options);
  }

  /**
   * Replaces the further email addresses that are notified of the order (guide 7.4.8.6). *Inferred*: the name of the request's
   * field. Which statuses allow it the guide does not say, so none is refused before it is sent.
   *
   * @throws BadRequestError An address is not one; `problems` says which.
   *
   * @example
   * await client.orders.updateAdditionalEmails(order, ['ops@example.com']);
   */
  async updateAdditionalEmails(id: OrderOrId, emails: string[], options?: InferredCallOptions): Promise<service.Order> {
    checkTexts('emails', emails, "'ops@example.com'");
    return await this.#change(id, 'updateAdditionalEmails', { additionalEmails: emails }, options);
  }

  /**
   * Sends the issued certificate by email to the order's contacts (guide 7.4.8.7). *Inferred*: the request has no fields.
   *
   * @throws ValidationError The order in hand is not issued (`action_not_allowed`); nothing was sent.
   * @throws ConflictError The service found it in another status.
   *
   * @example
   * await client.orders.sendCertificateEmail(order);
   */
  sendCertificateEmail(id: OrderOrId, options?: InferredCallOptions): Promise<service.Order> {
    return this.#change(id, 'sendCertificateEmail', undefined, options);
  }

  /**
   * Waits until an order has come so far, looking at it now and then under the rate limit (guide 8.2).
   *
   * @param id The order or its id. The goal 'reissued' compares with the certificate that is replaced, so it needs the order
   *   as it was before, or as `reissue` returned it.
   * @throws WaitError It cannot any more, a person has to do something first, it cannot be looked at, or `maxWait` passed;
   *   `last` is the order, and `cause` why the last look failed, if it did. What the service refuses, such as an id that it
   *   does not know, is the error of that call. What a goal of your own throws ends the waiting and comes through as it is;
   *   what `onPoll` throws becomes an uncaught error, as of every listener.
   *
   * @example
   * const issued = await client.orders.waitUntil(order, 'issued', { maxWait: 3 * 24 * 3_600_000 });
   */
  async waitUntil(id: OrderOrId, goal: OrderGoal, options: WaitOptions<service.Order> = {}): Promise<service.Order> {
    const guarded = new GuardedGoal(goal);
    const order = await this.#connection.ask<service.Order>(options, (client, done) => {
      client.waitForOrder(id, guarded.goal, heard(options), done);
    });
    guarded.rethrow();
    return order;
  }

  /**
   * The same for many orders, with lists rather than one look at each; yields each as it settles. Every `error` is a
   * WaitError; where a look failed its `cause` says why.
   *
   * @param orders Orders or their ids; the goal 'reissued' needs the orders, as they were before.
   * @throws ValidationError An option, the goal or the list is wrong; nothing was sent. What a goal of your own throws ends
   *   the waiting and comes through as it is.
   *
   * @example
   * for await (const { id, order, error } of client.orders.waitUntilAll(ids, 'issued')) console.log(id, order?.status ?? error?.reason);
   */
  waitUntilAll(
    orders: readonly OrderOrId[],
    goal: OrderGoal,
    options: WaitOptions<service.Order> = {},
  ): AsyncGenerator<Settled> {
    const guarded = new GuardedGoal(goal);
    return this.#connection.each(
      heard(options),
      (client, options) => {
        // A copy: what throws in the list does not do so in the core.
        return client.waitForOrders(isList(orders) ? [...orders] : undefined, guarded.goal, options);
      },
      ({ error, ...settled }) => {
        guarded.rethrow();
        return [error === undefined ? settled : { ...settled, error: errorOf(error) as WaitError }];
      },
    );
  }

  /**
   * Yields the order now, and each time its status or certificate changes, until it settles.
   *
   * @throws WaitError It cannot be looked at, or `maxWait` passed; `cause` says why the last look failed.
   * @throws NotFoundError There is no order with this id.
   *
   * @example
   * for await (const { status } of client.orders.watch(id)) console.log(status);
   */
  watch(id: OrderOrId, options: WaitOptions<service.Order> = {}): AsyncGenerator<service.Order> {
    return this.#connection.each(
      heard(options),
      (client, options) => client.watchOrder(idOf(id), options),
      ({ order, error }) => {
        if (order === undefined) throw errorOf(error);
        return [order];
      },
    );
  }

  /**
   * Issued orders whose certificate ends within so many days by the service's clock, the soonest first (guide 8.5).
   *
   * @throws ValidationError `withinDays` is not a number of days; nothing was sent.
   *
   * @example
   * for (const order of await client.orders.expiring({ withinDays: 30 })) console.log(order.cert?.commonName);
   */
  expiring(options: ExpiringOptions): Promise<service.Order[]> {
    return this.#connection.ask<service.Order[]>(options, (client, done) => {
      checkFilter({ query: options?.filter ?? {} });
      client.expiring('orders', options, done as Done<object[]>);
    });
  }

  async #change(
    order: OrderOrId,
    action: service.OrderAction,
    guess: object | undefined,
    options?: InferredCallOptions,
  ): Promise<service.Order> {
    checkObject(options ?? {});
    const { body = guess, ...rest } = options ?? {};
    const known = knownOf(order);
    const call = { path: { id: idOf(order) }, ...(body !== undefined && { body }), ...(known && { known }) };
    return await this.#connection.call(`orders.${action}`, call, rest);
  }
}

/** The options of the call, without what is for the look before it. */
function split<T extends { signal?: AbortSignal | undefined }>(
  options: (T & Checking) | undefined,
): { check: boolean; rest: Omit<T & Checking, 'check'> } {
  checkObject(options ?? {});
  const { check = true, ...rest } = options ?? ({} as T & Checking);
  if (typeof check !== 'boolean') throw refuse('invalid_option', 'check', '`check` must be true or false.');
  checkSignal(options?.signal);
  return { check, rest };
}

/**
 * The options of an order that is created once. The core reads a date that is none as no date, and any text as an id; of
 * lists it reads none.
 */
function checkedOnce(options: OnceOptions): object {
  const { notBefore, replaces, same } = options;
  if (typeof replaces === 'string' && !isUuid(replaces)) {
    throw refuse('invalid_id', 'replaces', '`replaces` must be the id of an order, a UUID.');
  }
  const rest = isTexts('same', same) ? { ...options, same: String(same) } : options;
  if (notBefore === undefined || notBefore === null) return rest;
  const date = notBefore instanceof Date || typeof notBefore === 'string' ? dateOf(notBefore) : undefined;
  // A year of more than four digits is none of ISO 8601 without an agreement.
  if (!date || !/^\d{4}-/.test(date.toISOString())) {
    const message = "`notBefore` must be a Date, or a date as text such as '2026-12-01' or '2026-12-01T08:00:00Z'.";
    throw refuse('invalid_option', 'notBefore', message);
  }
  return { ...rest, notBefore: date.toISOString() };
}

/** Whether what is sent is this order, or another for the same key. */
function isOrderOf({ cert }: service.NewOrder): (sent: Sending) => boolean {
  const own = JSON.stringify(cert?.csr ?? cert?.commonName ?? '');
  return ({ method, url, payload }) => method === 'POST' && url.endsWith('/order') && payload.includes(own);
}

/** The order, where the caller has it in hand. */
function knownOf(order: OrderOrId): service.Order | undefined {
  return typeof order === 'object' ? order : undefined;
}

function unconfirmed(): ValidationError {
  const message = 'Revoking is permanent: pass { permanent: true } as the second argument if that is meant.';
  const source = 'guide 7.4.8.2';
  const finding = { severity: 'error', code: 'revoke_unconfirmed', message, field: 'confirm', source } as const;
  return new ValidationError({ code: 'invalid', message, findings: [finding] });
}
