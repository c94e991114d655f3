/** Texts for numbers and dates, and what is written in text fields. The date formats are the reader's own. */

export const dayMs = 86_400_000;

type Time = string | Date | null | undefined;

function valid(time: Time): Date | undefined {
  // From null, `Date` would make 1970.
  const value = new Date(time ?? '');
  return Number.isNaN(value.getTime()) ? undefined : value;
}

function formatter(style: Intl.DateTimeFormatOptions): (time: Time) => string {
  const format = new Intl.DateTimeFormat(undefined, style);
  return (time) => {
    const value = valid(time);
    return value ? format.format(value) : '–';
  };
}

/** A date, without and with its time; `–` where there is none. */
export const formatDate = formatter({ dateStyle: 'medium' });
export const formatDateTime = formatter({ dateStyle: 'medium', timeStyle: 'short' });

/** Whole days from one time to another, rounded down. */
export function daysUntil(time: Time, from: Date): number | undefined {
  const value = valid(time);
  return value && Math.floor((value.getTime() - from.getTime()) / dayMs);
}

const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto', style: 'short' });
const units: [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 365 * dayMs],
  ['month', 30 * dayMs],
  ['day', dayMs],
  ['hour', 3_600_000],
  ['minute', 60_000],
];

/** `3 min. ago`, as seen from a time. */
export function formatAgo(time: Time, from: Date): string {
  const value = valid(time);
  if (!value) return '–';
  const span = value.getTime() - from.getTime();
  const [unit, size] = units.find(([, size]) => Math.abs(span) >= size) ?? [];
  return unit && size ? relative.format(Math.trunc(span / size), unit) : 'just now';
}

/** A number of things: `1 order`, `12 orders`. */
export const count = (number: number, one: string): string =>
  `${number.toLocaleString('en')} ${one}${number === 1 ? '' : 's'}`;

/** The names or addresses of a text, however they are set apart. */
export const wordsOf = (text: string): string[] => text.split(/[\s,]+/).filter(Boolean);
