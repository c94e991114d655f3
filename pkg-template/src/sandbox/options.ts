import { hasFields } from '../errors/refuse.js';
import type { FaultRule, SandboxOptions } from '../types/sandbox.js';

/** What a value has to be, in words, and whether one is. */
type Kind = readonly [words: string, fits: (value: unknown) => boolean];

const text: Kind = ['a text', (value) => typeof value === 'string'];
const count: Kind = [
  'a whole number that is not negative',
  (value) => Number.isSafeInteger(value) && Number(value) >= 0,
];
const share: Kind = ['a number from 0 to 1', (value) => typeof value === 'number' && value >= 0 && value <= 1];
const texts: Kind = ['an object of texts', (value) => hasFields(value) && Object.values(value).every(text[1])];
const moment: Kind = ["'before' or 'after'", (value) => value === 'before' || value === 'after'];

const flag: Kind = ['true or false', (value) => typeof value === 'boolean'];
/** The sandbox counts in 32 bits. */
const small: Kind = ['a whole number from 0 to 4294967295', (value) => count[1](value) && Number(value) < 2 ** 32];
const isAbove0 = (value: unknown) => small[1](value) && Number(value) > 0;

const knownOptions: Record<keyof SandboxOptions, Kind> = {
  autoAdvance: flag,
  demo: flag,
  latencyMs: small,
  now: ['a valid Date', isValidDate],
  rateLimit: ['true, false or { limit, windowMs }, both whole numbers from 1 on', isLimit],
  readings: ["an object of texts, such as { dates: 'epoch-ms' }", areReadings],
  seed: small,
  users: ['a list of { username, password, apiKey }, one at least', areUsers],
};

const knownFaults: Record<keyof FaultRule, Kind> = {
  body: text,
  delayMs: count,
  drop: moment,
  headers: texts,
  method: text,
  path: text,
  probability: share,
  status: [
    'a status from 100 to 599',
    (value) => Number.isInteger(value) && Number(value) >= 100 && Number(value) < 600,
  ],
  times: count,
};

/** Refuses options that nobody would read: a misspelt one would be a silent surprise. */
export function checkOptions(options: SandboxOptions): void {
  if (!hasFields(options)) throw new TypeError('createSandbox takes an object, such as { seed: 1 }.');
  check('createSandbox', options, knownOptions);
}

/** The same for a fault, and for its values. */
export function checkFault(rule: FaultRule): void {
  if (!hasFields(rule)) throw new TypeError('fault takes an object, such as { status: 503, times: 1 }.');
  check('fault', rule, knownFaults);
}

function check(what: string, given: object, known: Readonly<Record<string, Kind>>): void {
  checkNames(what, given, known);
  for (const [name, value] of Object.entries(given)) {
    const [words, fits] = known[name] as Kind;
    if (value !== undefined && !fits(value)) throw new TypeError(`The option ${name} of ${what} must be ${words}.`);
  }
}

/** Also one of another realm, as under Jest. */
function isValidDate(value: unknown): boolean {
  return Object.prototype.toString.call(value) === '[object Date]' && !Number.isNaN(Number(value));
}

/** Which ones there are, the sandbox knows. */
function areReadings(value: unknown): boolean {
  return hasFields(value) && Object.values(value).every((reading) => text[1](reading ?? ''));
}

/** The rest of a limit is read in the sandbox. */
function isLimit(value: unknown): boolean {
  if (typeof value === 'boolean') return true;
  const { limit, windowMs } = Object(value) as Record<string, unknown>;
  return isAbove0(limit) && isAbove0(windowMs);
}

function areUsers(value: unknown): boolean {
  const isUser = (user: unknown) => {
    const { username, password, apiKey } = Object(user) as Record<string, unknown>;
    return [username, password, apiKey].every((part) => text[1](part) && part !== '');
  };
  return Array.isArray(value) && value.length > 0 && value.every(isUser);
}

function checkNames(what: string, given: object, known: object): void {
  const unknown = Object.keys(given).filter((name) => !Object.hasOwn(known, name));
  if (unknown.length === 0) return;
  throw new TypeError(`${what} knows no option ${unknown.join(', ')}; it knows ${Object.keys(known).join(', ')}.`);
}
