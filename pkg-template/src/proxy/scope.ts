import { isUuid } from '../connection/id.js';
import type { Result } from './answer.js';
import { pageOf } from './paging.js';
import type { Caller } from './queue.js';
import { notFound, Refusal, unnamed } from './refusal.js';
import type { Query, Route } from './route.js';
import type { Service } from './service.js';

/** What the service sends, as far as it is looked at here. */
type Thing = { readonly id?: unknown; readonly organizationId?: unknown };

/**
 * What a user may see and do of whom only some organizations are. What belongs to another one is not there, as far as the
 * user can tell; what does not say whose it is might be anybody's, and is not shown.
 */
export class Scope {
  readonly #service: Service;
  readonly #caller: Caller;
  readonly #own: ReadonlySet<string>;

  constructor(service: Service, caller: Caller, organizations: readonly string[]) {
    this.#service = service;
    this.#caller = caller;
    this.#own = new Set(organizations.map((id) => id.toLowerCase()));
  }

  /** The reply of a call that reads, without what is not the user's. */
  async read(route: Route, query: Query): Promise<Result> {
    const { endpoint, path, ids } = route;
    const [resource, ...rest] = endpoint.operation.split('.');
    const id = ids.id ?? '';
    switch (endpoint.operation) {
      case 'organizations.list':
        return this.#organizations(query);
      case 'contacts.list':
        return this.#contacts(query);
      case 'orders.list':
        return this.#orders(query);
      case 'orders.prices':
      case 'groups.list':
        return this.#service.get(this.#caller, path, query, endpoint.service, endpoint.list);
    }
    await this.#checkOwn(resource, id);
    if (endpoint.operation === 'orders.download') return this.#service.file(this.#caller, id, query);
    if (rest.join('.') === 'history.get') return this.#historyEntry(route);
    return this.#service.get(this.#caller, path, query, endpoint.service, endpoint.list);
  }

  /** Refuses a change of what is not the user's, or with what is not. */
  async checkChange({ endpoint, ids }: Route, body: unknown): Promise<void> {
    const { operation } = endpoint;
    if (operation === 'organizations.create') {
      throw new Refusal(403, 'not_allowed', 'Only some organizations are yours to use: nobody would see a new one.');
    }
    const { organizationId } = Object(body) as Thing;
    const makes = operation === 'orders.create' || operation === 'contacts.create';
    if (makes && !this.#isOwn(organizationId)) throw notFound();
    if (ids.id) await this.#checkOwn(operation.split('.')[0], ids.id);
    const named = idsNamedIn(body);
    if (named.organizations.some((id) => !this.#isOwn(id))) throw notFound();
    for (const contact of named.contacts) {
      if (!isUuid(contact)) throw notFound();
      await this.#checkOwn('contacts', contact.toLowerCase());
    }
  }

  /** What `certs.parse` is given: requests, in PEM or as the base64 of one, and no id of anything. */
  checkParse(body: unknown): void {
    const { csrs = body, ...more } = Object(body) as { csrs?: unknown };
    const isCsr = (csr: unknown) => typeof csr === 'string' && /-----BEGIN |^\s*M[A-P][\w+/=\s]{100,}$/.test(csr);
    if (Array.isArray(csrs) && csrs.every(isCsr) && (csrs === body || Object.keys(more).length === 0)) return;
    throw new Refusal(400, 'no_csrs', 'Nothing was sent: `csrs` takes certificate requests, in PEM or base64, alone.');
  }

  #isOwn(organization: unknown): boolean {
    return typeof organization === 'string' && this.#own.has(organization.toLowerCase());
  }

  /** Asked each time, for it may have moved; those who ask at the same time ask once. */
  async #checkOwn(resource: string | undefined, id: string): Promise<void> {
    if (resource === 'organizations') {
      if (!this.#own.has(id)) throw notFound();
      return;
    }
    const path = resource === 'orders' ? `/order/${id}` : `/contact/${id}`;
    this.#check((await this.#service.get(this.#caller, path)).value, id);
  }

  #check(thing: unknown, id: string): void {
    const { id: named, organizationId } = Object(thing) as Thing;
    if (typeof organizationId !== 'string' || String(named).toLowerCase() !== id) throw unnamed();
    if (!this.#isOwn(organizationId)) throw notFound();
  }

  /** An entry is looked for in its own history: the service may show it under any. */
  async #historyEntry({ endpoint, ids }: Route): Promise<Result> {
    const resource = endpoint.operation.split('.')[0] as 'orders' | 'contacts' | 'organizations';
    const entries = await this.#service.all(this.#caller, `history ${resource} ${ids.id}`, (client, options) =>
      client[resource].history.list(ids.id ?? '', {}, options),
    );
    const entry = entries.find(({ id }) => String(id).toLowerCase() === ids.historyId);
    if (!entry) throw notFound();
    return made(entry);
  }

  async #orders(query: Query): Promise<Result> {
    const { organizationId, page, size, sort, ...filter } = query;
    if (organizationId !== undefined && !this.#isOwn(organizationId)) throw notFound();
    const wanted = organizationId === undefined ? [...this.#own] : [String(organizationId).toLowerCase()];
    const lists = wanted.map((id) =>
      this.#service.all(this.#caller, `orders ${id} ${JSON.stringify([filter, sort])}`, (client, options) =>
        client.orders.list({ ...filter, ...(sort && { sort }), organizationId: id, size: 100 } as never, options),
      ),
    );
    return made(pageOf(this.#ownOf((await Promise.all(lists)).flat()), query));
  }

  async #contacts(query: Query): Promise<Result> {
    const { page, size, sort: _, ...filter } = query;
    const all = await this.#service.all(this.#caller, `contacts ${JSON.stringify(filter)}`, (client, options) =>
      client.contacts.list({ ...filter, size: 100 } as never, options),
    );
    return made(pageOf(this.#ownOf(all), query));
  }

  async #organizations(query: Query): Promise<Result> {
    const { page, size, sort: _, ...filter } = query;
    const all = await this.#service.all(this.#caller, `organizations ${JSON.stringify(filter)}`, (client, options) =>
      client.organizations.list({ ...filter, size: 100 } as never, options),
    );
    return made(
      pageOf(
        all.filter(({ id }) => this.#isOwn(id)),
        query,
      ),
    );
  }

  /** Each once: a service that does not filter sends the same list for each organization. */
  #ownOf<T extends Thing>(things: readonly T[]): T[] {
    if (things.some(({ organizationId }) => typeof organizationId !== 'string')) throw unnamed();
    const own = things.filter(({ organizationId }) => this.#isOwn(organizationId));
    return [...new Map(own.map((thing) => [thing.id, thing])).values()];
  }
}

/** A reply that the proxy made of others. */
const made = (value: unknown): Result => ({ value, info: { status: 200, headers: [] } as unknown as Result['info'] });

/** Every organization and every contact that a body names, whatever fields it has. */
function idsNamedIn(body: unknown): { organizations: unknown[]; contacts: unknown[] } {
  const named = { organizations: [] as unknown[], contacts: [] as unknown[] };
  const idsOf = (value: unknown): unknown[] =>
    Array.isArray(value) ? value.flatMap(idsOf) : [typeof value === 'object' ? (Object(value) as Thing).id : value];
  const look = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    for (const [name, field] of Object.entries(value)) {
      if (field !== null && /^organi[sz]ations?(_?ids?)?$/i.test(name)) named.organizations.push(...idsOf(field));
      if (field !== null && /^contacts?(_?ids?)?$/i.test(name)) named.contacts.push(...idsOf(field));
      look(field);
    }
  };
  look(body);
  return named;
}
