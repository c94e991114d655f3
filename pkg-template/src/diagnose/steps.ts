/** The calls of a diagnosis. All are readings: GET, and what fetches a token. */
import type { Client } from '../client/client.js';
import { dateOf } from '../client/dates.js';
import type { CallOptions } from '../types/client.js';
import { at, countsOf, type Exchange, itemsOf, wordOf } from './exchange.js';

/** What was answered to each step that was made. */
export type Seen = ReadonlyMap<string, Exchange>;

export interface Step {
  readonly name: string;
  /** What is asked, for people; nothing where a step is a part of the one before. */
  readonly plan?: string;
  /** Makes the call; nothing if what was seen so far leaves nothing to ask. */
  ask(client: Client, seen: Seen, options: CallOptions): Promise<unknown> | undefined;
}

/** Ids that nobody has. */
const nobody = '00000000-0000-4000-8000-000000000000';

type Query = Readonly<Record<string, string | number>>;

const get =
  (path: string, query: Query | ((seen: Seen) => Query | undefined) = {}): Step['ask'] =>
  (client, seen, options) => {
    const asked = typeof query === 'function' ? query(seen) : query;
    return asked && client.request({ method: 'GET', path, query: asked }, options);
  };

/** Small pages of the orders. */
const small = (page: number): Query => ({ page, size: 2 });

/** As many orders as a page has. */
export const sampleOf = (seen: Seen): Exchange | undefined => seen.get('smaller') ?? seen.get('large');

/** The page that the sample is. */
const sizeOf = (seen: Seen): Query => ({ page: 0, size: seen.has('smaller') ? 50 : 100 });

/** An order of the sample that this is true of. */
function orderWhere(seen: Seen, test: (order: unknown) => boolean): string | undefined {
  const found = itemsOf(sampleOf(seen)).find(test);
  const id = at(found, 'id');
  return typeof id === 'string' ? id : undefined;
}

const hasStatus = (status: string) => (order: unknown) => wordOf(at(order, 'status')) === status;

/** The latest order that is under way: the one whose history and token of validation tell most. */
function latestPending(seen: Seen): string | undefined {
  const since = (order: unknown) => dateOf(at(order, 'dateCreated'))?.getTime() ?? 0;
  // The first page may be that of the oldest.
  const lists = [sampleOf(seen), seen.get('ascending'), seen.get('descending')].flatMap(itemsOf);
  const pending = lists.filter(hasStatus('DIGI_PENDING'));
  const [latest] = pending.sort((a, b) => since(b) - since(a));
  const id = at(latest, 'id');
  return typeof id === 'string' ? id : orderWhere(seen, () => true);
}

const ofOrder =
  (choose: (seen: Seen) => string | undefined, call: (id: string) => Step['ask']): Step['ask'] =>
  (client, seen, options) => {
    const id = choose(seen);
    return id === undefined ? undefined : call(id)(client, seen, options);
  };

const issued = (seen: Seen) => orderWhere(seen, hasStatus('DIGI_ISSUED'));
const shown = (seen: Seen) => issued(seen) ?? orderWhere(seen, () => true);

/** A status that some orders of the sample have, and others do not. */
export function statusToFilter(seen: Seen): string | undefined {
  const known = new Set([
    'DIGI_ISSUED',
    'DIGI_PENDING',
    'DIGI_EXPIRED',
    'DIGI_REVOKED',
    'DIGI_FAILED',
    'DIGI_REJECTED',
  ]);
  const statuses = itemsOf(sampleOf(seen)).map((order) => wordOf(at(order, 'status')));
  return new Set(statuses).size < 2 ? undefined : statuses.find((status) => known.has(status));
}

export const steps: readonly Step[] = [
  {
    name: 'token',
    plan: 'Fetch a token (POST /auth/authenticate), and renew it once (GET /auth/refresh). All else is a GET, too.',
    ask: async (client, _, options) => {
      // All else of the client is read-only.
      const { tokens } = client.withOptions({ readOnly: false });
      await tokens.authenticate(options);
      return await tokens.refresh(options);
    },
  },
  { name: 'large', plan: 'List orders, up to a hundred (GET /order).', ask: get('/order', { page: 0, size: 100 }) },
  {
    name: 'smaller',
    ask: get('/order', (seen) => (seen.get('large')?.status === 400 ? { page: 0, size: 50 } : undefined)),
  },
  {
    name: 'more',
    ask: get('/order', (seen) => {
      const isWhole = countsOf(seen.get('large')).total !== undefined || itemsOf(seen.get('large')).length === 0;
      return isWhole ? undefined : { page: 1, size: 100 };
    }),
  },
  {
    name: 'page0',
    plan: 'List small pages of them: the first three, late ones, sorted ones.',
    ask: get('/order', small(0)),
  },
  { name: 'page1', ask: get('/order', small(1)) },
  { name: 'page2', ask: get('/order', small(2)) },
  {
    name: 'late',
    ask: get('/order', (seen) => {
      const { pages } = countsOf(seen.get('page0'));
      const first = at(seen.get('page0')?.json, 'page', 'number') ?? at(seen.get('page0')?.json, 'number');
      if (pages === undefined || pages < 4 || typeof first !== 'number') return undefined;
      return small(pages - 2 + first);
    }),
  },
  { name: 'past', ask: get('/order', small(1_000_000)) },
  { name: 'ascending', ask: get('/order', { ...small(0), sort: 'dateCreated,asc' }) },
  { name: 'descending', ask: get('/order', { ...small(0), sort: 'dateCreated,desc' }) },
  {
    name: 'filtered',
    plan: 'List them by a status, and by an end that none has.',
    ask: get('/order', (seen) => {
      const status = statusToFilter(seen);
      return status === undefined ? undefined : { ...sizeOf(seen), statuses: status };
    }),
  },
  { name: 'ended', ask: get('/order', (seen) => ({ ...sizeOf(seen), validUntil: '1990-01-01' })) },
  {
    name: 'order',
    plan: 'Look at two orders, and at the history of one (GET /order/{id}, GET /order/{id}/history).',
    ask: ofOrder(shown, (id) => get(`/order/${id}`)),
  },
  { name: 'pending', ask: ofOrder(latestPending, (id) => get(`/order/${id}`)) },
  { name: 'history', ask: ofOrder(latestPending, (id) => get(`/order/${id}/history`, { size: 50 })) },
  {
    name: 'p7b',
    plan: 'Download a certificate, in both formats.',
    ask: ofOrder(issued, (id) => (client, _, options) => client.orders.download(id, 'p7b', options)),
  },
  {
    name: 'pem_all',
    ask: ofOrder(issued, (id) => (client, _, options) => client.orders.download(id, 'pem_all', options)),
  },
  {
    name: 'missing',
    plan: 'Ask for an order that is not there, and for a list with a wrong parameter: to see how it refuses.',
    ask: get(`/order/${nobody}`),
  },
  { name: 'malformed', ask: get('/order', { size: 'none', statuses: 'NO_SUCH_STATUS' }) },
  {
    name: 'organizations',
    plan: 'List organizations, contacts, groups and prices.',
    ask: get('/organization', { size: 50 }),
  },
  { name: 'contacts', ask: get('/contact', { size: 2 }) },
  { name: 'noContacts', ask: get('/contact', { size: 2, email: 'nobody@example.invalid' }) },
  {
    name: 'groups',
    ask: (client, _, options) => client.request({ service: 'auth', method: 'GET', path: '/group' }, options),
  },
  { name: 'prices', ask: get('/order/prices') },
];
