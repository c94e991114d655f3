/** Values that options take: spans of time, numbers, one of several words. */
import { usage } from './failure.js';

const units: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** A hundred years: longer ones are slips, and nothing that takes a span has to reckon with more. */
const longestDays = 36_500;

/** `30d`, `12h`, `90s`: a span in milliseconds. */
export function span(text: string): number {
  const [, digits = '', unit = ''] = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(text) ?? [];
  const ms = Number(digits) * (units[unit] ?? Number.NaN);
  if (digits === '') throw usage(`\`${text}\` is not a span of time: write 30d, 12h, 45m, 90s or 500ms.`);
  if (ms > longestDays * 86_400_000) throw usage(`it must be ${longestDays}d at most.`);
  return ms;
}

/** A span between two others, which are written as it is. */
export const spanWithin =
  (least: string, most: string) =>
  (text: string): number => {
    const ms = span(text);
    if (ms < span(least) || ms > span(most)) throw usage(`it must be between ${least} and ${most}.`);
    return ms;
  };

/** Any text but the empty one, which a variable leaves that is not set. */
export function filled(text: string): string {
  if (text === '') throw usage('it is empty.');
  return text;
}

/** A whole number, from `low` on. */
export const whole =
  (low: number, high = Number.MAX_SAFE_INTEGER) =>
  (text: string): number => {
    const number = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (!(number >= low && number <= high)) {
      const range = high === Number.MAX_SAFE_INTEGER ? `${low} or more` : `${low} to ${high}`;
      throw usage(`\`${text}\` is not a whole number of ${range}.`);
    }
    return number;
  };

/** An amount of money: digits, perhaps with cents. */
export function amount(text: string): number {
  if (!/^\d{1,12}(\.\d{1,2})?$/.test(text)) throw usage(`\`${text}\` is not an amount: write 500 or 499.50.`);
  return Number(text);
}

/** One of these words. */
export const oneOf =
  <T extends string>(...words: readonly T[]) =>
  (text: string): T => {
    const word = words.find((known) => known === text);
    if (word === undefined) throw usage(`\`${text}\` is not one of ${words.join(', ')}.`);
    return word;
  };
