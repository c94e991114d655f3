import type { FaultRule, SandboxOptions } from '../types/sandbox.js';

const knownOptions: Record<keyof SandboxOptions, true> = {
  autoAdvance: true,
  demo: true,
  latencyMs: true,
  now: true,
  rateLimit: true,
  readings: true,
  seed: true,
  users: true,
};

/** What a value has to be, in words, and whether one is. */
type Kind = readonly [words: string, fits: (value: unknown) => boolean];

const text: Kind = ['a text', (value) => typeof value === 'string'];
const count: Kind = [
  'a whole number that is not negative',
  (value) => Number.isSafeInteger(value) && Number(value) >= 0,
];
const share: Kind = ['a number from 0 to 1', (value) => typeof value === 'number' && value >= 0 && value <= 1];
const texts: Kind = ['an object of texts', (value) => isObject(value) && Object.values(value).every(text[1])];
const moment: Kind = ["'before' or 'after'", (value) => value === 'before' || value === 'after'];

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
  checkNames('createSandbox', options, knownOptions);
}

/** The same for a fault, and for its values. */
export function checkFault(rule: FaultRule): void {
  if (!isObject(rule)) throw new TypeError('fault takes an object, such as { status: 503, times: 1 }.');
  checkNames('fault', rule, knownFaults);
  for (const [name, value] of Object.entries(rule)) {
    const [words, fits] = knownFaults[name as keyof FaultRule];
    if (value !== undefined && !fits(value)) throw new TypeError(`The option ${name} of fault must be ${words}.`);
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function checkNames(what: string, given: object, known: object): void {
  const unknown = Object.keys(given).filter((name) => !Object.hasOwn(known, name));
  if (unknown.length === 0) return;
  throw new TypeError(`${what} knows no option ${unknown.join(', ')}; it knows ${Object.keys(known).join(', ')}.`);
}
