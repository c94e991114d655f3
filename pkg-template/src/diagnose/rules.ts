/**
 * What was seen, beside the readings of docs/contract.md: for each the ways to read it that fit. A way is left out only if
 * something that was seen cannot be so.
 */
import { dateOf } from '../client/dates.js';
import type { readings } from '../generated/sandbox.js';
import { values } from '../generated/shapes.js';
import { isPage } from '../host/environment.js';
import { at, countsOf, type Exchange, idsOf, isSame, itemsOf, wordOf } from './exchange.js';
import { type Seen, sampleOf, statusToFilter } from './steps.js';

type Name = keyof typeof readings;

/** The ways that fit; nothing if what was seen does not tell. */
type Rule<N extends Name> = (seen: Seen) => readonly (typeof readings)[N][number][] | undefined;

/** A rule, or why there is none. */
export const rules: { readonly [N in Name]: Rule<N> | string } = {
  refresh: (seen) => refreshOf(seen.get('refresh')),
  tokenExpiry: (seen) => expiryOf(seen.get('authenticate')),
  refreshedToken: 'It would take a call with the token that was replaced.',
  refusedToken: 'It would take a call with a wrong token.',
  refusedKey: 'It would take a call with a wrong key.',
  freshCert: 'It would take an order.',
  freshOrder: 'It would take an order.',
  createReply: 'It would take an order.',
  duplicateOrder: 'It would take an order.',
  listItems: (seen) => {
    const order = seen.get('order')?.json;
    const item = itemsOf(sampleOf(seen)).find((item) => at(item, 'id') === at(order, 'id'));
    if (item === undefined || !at(order, 'cert', 'commonName')) return undefined;
    if (!at(item, 'cert')) return ['without-cert'];
    return at(item, 'cert', 'commonName') === undefined ? ['without-details'] : ['whole'];
  },
  names: (seen) => {
    const certs = ordersOf(seen).map((order) => at(order, 'cert'));
    const list = (cert: unknown) => (Array.isArray(at(cert, 'dnsNames')) ? (at(cert, 'dnsNames') as unknown[]) : []);
    const all = certs
      .flatMap((cert) => [at(cert, 'commonName'), ...list(cert)])
      .filter((name) => typeof name === 'string');
    if (all.length === 0) return undefined;
    if (all.some((name) => /[a-z]/.test(name))) {
      const isLower = all.every((name) => name === name.toLowerCase());
      const hasOwn = certs.every((cert) => !at(cert, 'commonName') || list(cert).includes(at(cert, 'commonName')));
      return [
        'as-sent',
        ...(isLower ? (['lower-case'] as const) : []),
        ...(hasOwn ? (['with-common-name'] as const) : []),
      ];
    }
    return ['upper-case'];
  },
  orderContacts: (seen) => {
    const contacts = ordersOf(seen).flatMap((order) => (at(order, 'contacts') ?? []) as unknown[]);
    if (contacts.length === 0) return undefined;
    if (contacts.every((contact) => typeof contact === 'string')) return ['ids'];
    return contacts.every((contact) => typeof at(contact, 'id') === 'string') ? ['objects'] : [];
  },
  dcvToken: (seen) => {
    const cert = at(seen.get('pending')?.json, 'cert');
    if (!/_TOKEN$/.test(wordOf(at(cert, 'dcvMethod')))) return undefined;
    const history = itemsOf(seen.get('history')).map((entry) => String(at(entry, 'text')));
    if (Object.keys(cert as object).some((name) => /token$/i.test(name))) return ['in-cert'];
    return history.some((text) => /_TOKEN\b/.test(text)) ? ['in-history'] : ['nowhere'];
  },
  endedOrder: (seen) => {
    const now =
      dateOf(sampleOf(seen)?.headers.get('date')) ?? new Date(Date.parse(dateHeader(seen) ?? '') || Date.now());
    const ended = ordersOf(seen).filter((order) => (dateOf(at(order, 'cert', 'dateValidUntil')) ?? now) < now);
    const statuses = new Set(ended.map((order) => wordOf(at(order, 'status'))));
    if (statuses.has('DIGI_EXPIRED')) return ['expired'];
    return statuses.has('DIGI_ISSUED') ? ['issued'] : undefined;
  },
  revokedOrder: (seen) => {
    const revoked = ordersOf(seen).filter((order) => wordOf(at(order, 'cert', 'revokeStatus')) === 'REVOKED');
    if (revoked.length === 0) return undefined;
    return revoked.every((order) => wordOf(at(order, 'status')) === 'DIGI_ISSUED')
      ? ['issued']
      : ['revoked', 'at-once'];
  },
  download: (seen) => {
    const [p7b, pem] = [seen.get('p7b'), seen.get('pem_all')];
    if (p7b?.status !== 200 || pem?.status !== 200) return undefined;
    if (p7b.bytes[0] === 0x30) return ['der'];
    if (/\r\n/.test(pem.text)) return ['crlf'];
    const leaf = bodyOf(String(at(seen.get('order')?.json, 'cert', 'endEntityCert')));
    const blocks = pem.text
      .split(/(?=-----BEGIN )/)
      .map(bodyOf)
      .filter(Boolean);
    if (!leaf || blocks.length < 2) return ['pem', 'root-first'];
    if (blocks[0] === leaf) return ['pem'];
    return blocks.at(-1) === leaf ? ['root-first'] : [];
  },
  actionReply: 'It would take a change.',
  deleteReply: 'It would take a change.',
  actionEffect: 'It would take a change.',
  unsaidActions: 'It would take a change.',
  listBodies: 'It would take a change.',
  pageForm: (seen) => {
    const { json } = sampleOf(seen) ?? {};
    if (Array.isArray(json)) return ['bare'];
    if (!Array.isArray(at(json, 'content'))) return json === undefined ? undefined : [];
    if (at(json, 'page', 'totalElements') !== undefined) return ['nested'];
    return at(json, 'totalElements') !== undefined ? ['flat'] : ['no-counts'];
  },
  firstPage: (seen) => {
    const pages = smallPages(seen);
    if (pages === undefined || isSame(pages[1], pages[2])) return undefined;
    return isSame(pages[0], pages[1]) ? ['1'] : ['0'];
  },
  page: (seen) => {
    const pages = smallPages(seen);
    if (pages === undefined) return undefined;
    if (!isSame(pages[1], pages[2])) return ['honoured'];
    if (!isSame(pages[0], pages[1])) return undefined;
    const { total } = countsOf(seen.get('page0'));
    if (pages[0].length <= 2 || (total !== undefined && pages[0].length < total)) return ['first'];
    return ['first', 'all'];
  },
  pageSize: (seen) => {
    const sample = seen.get('large');
    if (sample?.status === 400) return ['refused'];
    const [pages, held] = [smallPages(seen), itemsOf(sample).length];
    if (pages === undefined || (isSame(pages[0], pages[1]) && isSame(pages[1], pages[2]))) return undefined;
    if (pages[0].length > 2) return ['ignored'];
    if (pages[0].length < 2) return ['fewer'];
    const { total } = countsOf(sample);
    if (held >= 100 || held === total) return ['honoured'];
    if (total !== undefined) return ['capped'];
    const more = idsOf(seen.get('more'));
    if (more.length === 0) return ['honoured'];
    return isSame(more, idsOf(sample)) ? ['honoured', 'capped'] : ['capped'];
  },
  emptyPage: (seen) => {
    const late = seen.get('late');
    if (late?.status !== 200) return undefined;
    return itemsOf(late).length === 0 ? ['before-the-last'] : ['none'];
  },
  pastLastPage: (seen) => {
    const [past, pages] = [seen.get('past'), smallPages(seen)];
    if (past?.status === 404) return ['404'];
    if (past?.status === 400) return ['400'];
    if (past?.status !== 200 || pages === undefined) return undefined;
    if (itemsOf(past).length === 0) return ['empty'];
    return isSame(pages[1], pages[2]) ? undefined : ['last'];
  },
  emptyList: (seen) => {
    const found = seen.get('noContacts');
    if (found === undefined || found.status === 400) return undefined;
    if (found.status === 404) return ['404'];
    if (found.status === 204) return ['204'];
    if (found.text === '') return ['empty'];
    return itemsOf(found).length === 0 ? ['page'] : undefined;
  },
  sort: (seen) => {
    const [up, down] = [seen.get('ascending'), seen.get('descending')];
    if (up?.status === 400 && down?.status === 400) return ['refused'];
    if (up?.status === 422 && down?.status === 422) return ['422'];
    if (up?.status !== 200 || down?.status !== 200 || itemsOf(up).length < 2) return undefined;
    return isSame(idsOf(up), idsOf(down)) ? ['ignored'] : ['honoured'];
  },
  filters: (seen) => {
    const [status, filtered] = [statusToFilter(seen), seen.get('filtered')];
    if (filtered?.status === 400 && sampleOf(seen)?.status === 200) return ['without-statuses'];
    if (status === undefined || filtered?.status !== 200) return undefined;
    const others = itemsOf(filtered).filter((order) => wordOf(at(order, 'status')) !== status);
    return others.length > 0 ? ['ignored'] : ['honoured'];
  },
  inferredFilters: (seen) => {
    const found = seen.get('noContacts');
    if (found?.status === 400) return ['refused'];
    if (!isList(found) || itemsOf(seen.get('contacts')).length === 0 || areIgnored(seen)) return undefined;
    return itemsOf(found).length > 0 ? ['ignored'] : ['honoured'];
  },
  validUntil: (seen) => {
    const [ended, sample] = [seen.get('ended'), sampleOf(seen)];
    if (ended?.status === 400 && sample?.status === 200) return ['refused'];
    if (!isList(ended) || sample?.status !== 200 || areIgnored(seen)) return undefined;
    if (itemsOf(ended).length === 0) return itemsOf(sample).length === 0 ? undefined : ['ends-by'];
    if (!isSame(idsOf(ended), idsOf(sample))) return ['valid-then'];
    const ends = itemsOf(sample).map((order) => dateOf(at(order, 'cert', 'dateValidUntil')) !== undefined);
    return ends.includes(true) && ends.includes(false) ? ['ignored'] : ['ignored', 'valid-then'];
  },
  dates: (seen) => {
    const forms = new Set([...seen.values()].flatMap(({ json }) => datesIn(json)).map(dateForm));
    if (forms.size === 0) return undefined;
    const [form] = forms;
    return forms.size === 1 && form !== undefined ? [form] : [];
  },
  absent: (seen) => {
    const orders = ordersOf(seen);
    const parts = orders.flatMap((order) => [order, at(order, 'cert')]).filter((part) => typeof part === 'object');
    const held = parts.flatMap((part) => Object.values(part ?? {}));
    if (orders.length === 0) return undefined;
    const found = [held.includes(null) && 'null', held.includes('') && 'empty-text'].filter(Boolean);
    if (found.length === 2) return [];
    if (found.length === 1) return found as ('null' | 'empty-text')[];
    const isMissing = orders.some((order) => at(order, 'cert') === undefined || at(order, 'groupId') === undefined);
    return isMissing ? ['left-out'] : undefined;
  },
  statuses: (seen) => {
    const statuses = ordersOf(seen).map((order) => at(order, 'status'));
    if (statuses.length === 0) return undefined;
    if (statuses.some((status) => typeof status === 'string' && /[a-z]/.test(status))) return ['lower-case'];
    if (statuses.includes('DIGI_CANCELLED')) return ['british'];
    const isKnown = (status: unknown) => values.OrderStatus?.includes(String(status));
    if (!statuses.every(isKnown)) return ['unseen'];
    const unseen = statuses.includes('DIGI_PROCESSING') ? [] : (['unseen'] as const);
    return ['known', ...unseen, ...(statuses.includes('DIGI_CANCELED') ? [] : (['british'] as const))];
  },
  types: (seen) => {
    const types = ordersOf(seen).map((order) => String(at(order, 'certType')));
    if (types.length === 0) return undefined;
    if (types.some((type) => /[a-z]/.test(type))) return ['lower-case'];
    return types.every((type) => values.CertType?.includes(type)) ? ['known'] : ['unseen'];
  },
  validated: (seen) => {
    const organizations = itemsOf(seen.get('organizations'));
    const all = organizations.flatMap((organization) => (at(organization, 'validations') ?? []) as unknown[]);
    const done = all.filter((validation) => dateOf(at(validation, 'dateValidatedUntil')) !== undefined);
    if (done.length === 0) return undefined;
    const words = new Set(done.map((validation) => wordOf(at(validation, 'status'))));
    const known = ['active', 'valid', 'completed', 'validated'] as const;
    const [word] = words;
    if (words.size > 1) return [];
    return word === '' ? ['only-date'] : known.filter((way) => way.toUpperCase() === word);
  },
  csrLocality: 'It would take a POST.',
  errorBody: (seen) => refusalOf(seen.get('missing')),
  validations: (seen) => {
    const found = at(seen.get('malformed')?.json, 'validations');
    if (seen.get('malformed')?.status !== 400 || typeof found !== 'object' || found === null) return undefined;
    if (Array.isArray(found)) return ['list'];
    return Object.values(found).every(Array.isArray) ? ['map-of-lists'] : ['map'];
  },
  conflict: 'It would take a change.',
  limitWindow: 'It would use up the limit.',
  limitScope: 'It would use up the limit.',
  limitTokens: 'It would use up the limit.',
  limitUnauthorized: 'It would use up the limit.',
  limitRefused: 'It would use up the limit.',
  retryAfter: 'It would use up the limit.',
  dateHeader: (seen) => {
    if (dateHeader(seen) !== undefined) return ['sent'];
    // A page is not shown it, unless the service says that it may be.
    return seen.size === 0 || isPage() ? undefined : ['absent'];
  },
};

function ordersOf(seen: Seen): unknown[] {
  const single = [seen.get('order'), seen.get('pending')].map((exchange) => exchange?.json);
  const lists = [sampleOf(seen), seen.get('page0'), seen.get('page1')].flatMap(itemsOf);
  return [...single, ...lists].filter((order) => typeof at(order, 'id') === 'string');
}

const dateHeader = (seen: Seen): string | undefined =>
  [...seen.values()].map(({ headers }) => headers.get('date')).find((date) => date !== undefined);

/** The ids of the first three small pages; nothing if there are too few orders to tell. */
function smallPages(seen: Seen): [unknown[], unknown[], unknown[]] | undefined {
  const all = ['page0', 'page1', 'page2'].map((name) => seen.get(name));
  if (!all.every((page) => page?.status === 200)) return undefined;
  const [a = [], b = [], c = []] = all.map(idsOf);
  const isEnough = a.length > 0 && b.length > 0 && c.length > 0;
  return isEnough ? [a, b, c] : undefined;
}

/** Whether every filter is ignored: then those with names that are a guess tell nothing. */
function areIgnored(seen: Seen): boolean {
  const { filters } = rules;
  return typeof filters === 'function' && filters(seen)?.[0] === 'ignored';
}

/** Whether it is a list, in whichever way one says that nothing is in it. */
const isList = (seen: Exchange | undefined): seen is Exchange => [200, 204, 404].includes(seen?.status ?? 0);

const bodyOf = (pem: string) =>
  /-----BEGIN CERTIFICATE-----([\s\S]*?)-----END/.exec(pem)?.[1]?.replace(/\s/g, '') ?? '';

function refreshOf(exchange: Exchange | undefined): readonly (typeof readings)['refresh'][number][] | undefined {
  if (exchange === undefined) return undefined;
  const { status, text, json } = exchange;
  if (status === 401) return ['refused'];
  if (status === 403) return ['forbidden'];
  if (status === 404) return ['missing'];
  if (status >= 500) return ['error'];
  if (text === '') return ['empty'];
  if (typeof json === 'string') return ['json-text'];
  if (typeof at(json, 'token') === 'string') return ['as-authenticate'];
  if (typeof at(json, 'jwt') === 'string') return ['jwt'];
  if (typeof at(json, 'accessToken') === 'string') return ['access-token'];
  if (typeof at(json, 'access_token') === 'string') return ['snake-case'];
  if (/^\s*</.test(text)) return ['html'];
  return json === undefined && !/\s/.test(text) ? ['text'] : [];
}

function expiryOf(exchange: Exchange | undefined): readonly (typeof readings)['tokenExpiry'][number][] | undefined {
  if (exchange?.status !== 200 || typeof exchange.json !== 'object') return undefined;
  const value = at(exchange.json, 'expiresIn');
  if (value === undefined || value === null) return ['absent'];
  // A token lives ninety minutes (guide 5.2.2), so more than a day of seconds is milliseconds.
  if (typeof value === 'number') return value < 100_000 ? ['seconds'] : ['milliseconds'];
  if (typeof value !== 'string') return [];
  return /^\d+$/.test(value) ? ['text'] : dateOf(value) ? ['date'] : [];
}

function refusalOf(exchange: Exchange | undefined): readonly (typeof readings)['errorBody'][number][] | undefined {
  if (exchange === undefined || exchange.status < 400) return undefined;
  const { text, json } = exchange;
  if (text === '') return ['empty'];
  if (json === undefined) return /^\s*</.test(text) ? ['html'] : ['text'];
  if (Array.isArray(at(json, 'errors'))) return ['errors'];
  if (at(json, 'fault') !== undefined) return ['fault'];
  if (typeof at(json, 'error') === 'object') return ['error'];
  if (typeof at(json, 'error_description') === 'string') return ['oauth'];
  if (typeof at(json, 'title') === 'string' || typeof at(json, 'type') === 'string') return ['problem'];
  return typeof at(json, 'message') === 'string' ? ['message'] : [];
}

/** Every date in a reply, by the name of its field. */
function datesIn(value: unknown): unknown[] {
  if (Array.isArray(value)) return value.flatMap(datesIn);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, held]) => {
    const isDate = /^date|Date/.test(name) && held !== null && held !== '';
    return isDate ? [held] : datesIn(held);
  });
}

function dateForm(value: unknown): (typeof readings)['dates'][number] | undefined {
  if (Array.isArray(value)) return 'list';
  // As `dateOf` has it.
  if (typeof value === 'number') return Math.abs(value) < 1e11 ? 'epoch-s' : 'epoch-ms';
  if (typeof value !== 'string' || dateOf(value) === undefined) return undefined;
  if (/^\d{4}-\d\d-\d\d$/.test(value)) return 'day';
  if (/z$/i.test(value)) return 'utc';
  return /[+-]\d\d(:?\d\d)?$/.test(value.slice(10)) ? 'offset' : 'without-zone';
}
