/** Texts for numbers and dates. The date formats are the reader's own. */

const dayMs = 86_400_000;
const dateTime = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });
const dateOnly = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' });
const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto', style: 'short' });

function valid(date: string | Date | undefined): Date | undefined {
  const value = date === undefined ? undefined : new Date(date);
  return value && !Number.isNaN(value.getTime()) ? value : undefined;
}

/** A date with its time; `–` where there is none. */
export function formatDateTime(date: string | Date | undefined): string {
  const value = valid(date);
  return value ? dateTime.format(value) : '–';
}

/** A date; `–` where there is none. */
export function formatDate(date: string | Date | undefined): string {
  const value = valid(date);
  return value ? dateOnly.format(value) : '–';
}

/** Whole days from one time to another, rounded down. */
export function daysUntil(date: string | undefined, from: Date): number | undefined {
  const value = valid(date);
  return value && Math.floor((value.getTime() - from.getTime()) / dayMs);
}

const units: [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 365 * dayMs],
  ['month', 30 * dayMs],
  ['day', dayMs],
  ['hour', 3_600_000],
  ['minute', 60_000],
];

/** `3 min. ago`, as seen from a time. */
export function formatAgo(date: string | undefined, from: Date): string {
  const value = valid(date);
  if (!value) return '–';
  const span = value.getTime() - from.getTime();
  const [unit, size] = units.find(([, size]) => Math.abs(span) >= size) ?? ['second', 1_000];
  if (unit === 'second') return 'just now';
  return relative.format(Math.trunc(span / size), unit);
}

/** A number of things: `1 order`, `12 orders`. */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${number.toLocaleString('en')} ${number === 1 ? one : many}`;
}
