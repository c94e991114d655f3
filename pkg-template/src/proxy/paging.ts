import type { Query } from './route.js';

/** As many items as the service shows on a page where nobody says how many. */
const usual = 20;

/** The page of a list that a query asks for, in the form of the service. */
export function pageOf<T extends object>(items: readonly T[], query: Query): object {
  const size = Math.max(1, wholeOf(query.size, usual));
  const number = wholeOf(query.page, 0);
  const sorted = sortedBy(items, query.sort);
  const totalPages = Math.ceil(items.length / size);
  const content = sorted.slice(number * size, (number + 1) * size);
  return { content, page: { size, totalElements: items.length, totalPages, number } };
}

function wholeOf(text: string | string[] | undefined, otherwise: number): number {
  return typeof text === 'string' && /^\d{1,9}$/.test(text) ? Number(text) : otherwise;
}

/** Sorted as `field,asc` or `field,desc` asks: lists of several organizations are put together here. */
function sortedBy<T extends object>(items: readonly T[], sort: string | string[] | undefined): readonly T[] {
  const [field, direction = 'asc'] = typeof sort === 'string' ? sort.split(',') : [];
  if (!field) return items;
  const sign = direction.toLowerCase() === 'desc' ? -1 : 1;
  const keyed = items.map((item) => ({ item, key: keyOf(item, field.split('.')) }));
  return keyed.sort((a, b) => sign * compare(a.key, b.key)).map(({ item }) => item);
}

function keyOf(item: object, path: readonly string[]): unknown {
  return path.reduce<unknown>((value, name) => (Object(value) as Record<string, unknown>)[name], item);
}

function compare(a: unknown, b: unknown): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  const [left, right] = [a, b].map((value) =>
    value === undefined || value === null ? '' : String(value).toLowerCase(),
  );
  return left === right ? 0 : (left ?? '') < (right ?? '') ? -1 : 1;
}
