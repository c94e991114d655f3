/** Texts for numbers and dates, and what is written in text fields. The date formats are the reader's own. */

export const dayMs = 86_400_000;

/** A date, or as a certificate has it. What the service calls a date goes through `dateOf` first. */
export type Time = Date | string | undefined;

export function timeOf(time: Time): Date | undefined {
  const value = new Date(time ?? '');
  return Number.isNaN(value.getTime()) ? undefined : value;
}

function formatter(style: Intl.DateTimeFormatOptions): (time: Time) => string {
  const format = new Intl.DateTimeFormat(undefined, style);
  return (time) => {
    const value = timeOf(time);
    return value ? format.format(value) : '–';
  };
}

/** A date, without and with its time and the zone that it is in; `–` where there is none. */
export const formatDate = formatter({ dateStyle: 'medium' });
export const formatDateTime = formatter({
  ...{ year: 'numeric', month: 'short', day: 'numeric', hour: 'numeric', minute: '2-digit', timeZoneName: 'short' },
});

/** What is said of something in a phrase of the package, as a sentence with dates as they are shown elsewhere. */
export const sentenceOf = (phrase: string): string =>
  `${phrase.charAt(0).toUpperCase()}${phrase.slice(1)}.`
    .replace(/\b\d{4}-\d\d-\d\d\b/g, (day) => formatDate(`${day}T00:00`))
    .replace(/\.\.$/, '.');

/** The day of a time as `2026-11-23`, in the zone in which all dates are shown. */
export function dayOf(time: Time): string | undefined {
  const value = timeOf(time);
  if (!value) return undefined;
  return [value.getFullYear(), value.getMonth() + 1, value.getDate()]
    .map((part) => `${part}`.padStart(2, '0'))
    .join('-');
}

/** Whole days from one time to another, rounded down. */
export function daysUntil(time: Time, from: Date): number | undefined {
  const value = timeOf(time);
  return value && Math.floor((value.getTime() - from.getTime()) / dayMs);
}

const relative = new Intl.RelativeTimeFormat('en', { style: 'short' });
const units: [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 365 * dayMs],
  ['month', 30 * dayMs],
  ['day', dayMs],
  ['hour', 3_600_000],
  ['minute', 60_000],
];

/** `3 min. ago`, as seen from a time. */
export function formatAgo(time: Time, from: Date): string {
  const value = timeOf(time);
  if (!value) return '–';
  const span = value.getTime() - from.getTime();
  const [unit, size] = units.find(([, size]) => Math.abs(span) >= size) ?? [];
  return unit && size ? relative.format(Math.trunc(span / size), unit) : 'just now';
}

/** A number of things: `1 order`, `12 orders`. */
export const count = (number: number, one: string): string =>
  `${number.toLocaleString('en')} ${one}${number === 1 ? '' : 's'}`;

/** The names or addresses of a text, however they are set apart. */
export const wordsOf = (text: string): string[] => text.split(/[\s,;]+/).filter(Boolean);
