// From here on a number is in milliseconds since 1970, below it in seconds: the year 5138 in one, 1973 in the other.
const leastMilliseconds = 1e11;

const form = /^(\d{4})-(\d\d)-(\d\d)(?:[Tt ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d+))?)?(?:[Zz]|([+-])(\d\d):?(\d\d)?)?)?$/;

/**
 * The moment that a value of a reply is. Calls hand on dates as the service wrote them, and nobody knows all the ways in
 * which it does: text of ISO 8601, with or without time and zone (without one, in UTC); seconds or milliseconds since 1970;
 * year, month, day and so on as a list. What cannot be read is undefined; nothing throws.
 *
 * The core reads dates in the same way where it decides by them (tests/dates.json).
 *
 * @example
 * const ends = dateOf(order.cert?.dateValidUntil);
 */
export function dateOf(value: unknown): Date | undefined {
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? undefined : value;
  if (typeof value === 'number') return ofNumber(value);
  if (Array.isArray(value)) return value.every((part) => typeof part === 'number') ? ofParts(value) : undefined;
  if (typeof value !== 'string') return undefined;
  // Java's ZonedDateTime names the zone behind the offset.
  const text = value.trim().replace(/\[.*$/, '');
  // Without hyphens: as seconds it would be in the years before 1974.
  if (/^\d{8}$/.test(text)) return ofParts([text.slice(0, 4), text.slice(4, 6), text.slice(6)].map(Number));
  if (/^-?\d+$/.test(text)) return ofNumber(Number(text));
  const found = form.exec(text);
  if (!found) return undefined;
  const [, year, month, day, hour, minute, second, fraction, sign, hours, minutes] = found;
  const local = ofParts([year, month, day, hour, minute, second].filter((part) => part !== undefined).map(Number));
  if (!local || Number(hours ?? 0) > 23 || Number(minutes ?? 0) > 59) return undefined;
  const east = (Number(hours ?? 0) * 60 + Number(minutes ?? 0)) * (sign === '-' ? -60_000 : 60_000);
  const ms = Number(`${fraction ?? ''}000`.slice(0, 3));
  return new Date(local.getTime() - east + ms);
}

function ofNumber(value: number): Date | undefined {
  const date = new Date(Math.trunc(Math.abs(value) < leastMilliseconds ? value * 1000 : value));
  return Number.isNaN(date.getTime()) ? undefined : date;
}

/** Year, month and day, and perhaps hour, minute and second, in UTC; a day that the calendar lacks is not a date. */
function ofParts([year, month, day, hour = 0, minute = 0, second = 0]: number[]): Date | undefined {
  if (year === undefined || month === undefined || day === undefined) return undefined;
  // A leap second counts as the one before it.
  const date = new Date(Date.UTC(year, month - 1, day, hour, minute, second === 60 ? 59 : second));
  const isRight =
    date.getUTCMonth() === month - 1 && date.getUTCDate() === day && hour <= 23 && minute <= 59 && second <= 60;
  return isRight ? date : undefined;
}
