import { checkNames, isList, refuse } from '../errors/refuse.js';
import { operations as known, reading } from './route.js';

/** What the caller may do, each limit as it was written. */
export interface Permission {
  readonly user: string;
  readonly operations: readonly string[];
  /** Absent: all of them. */
  readonly organizations?: readonly string[];
}

/**
 * Reads what `authorize` returned. A limit that is misspelt, misplaced or undefined is not the absence of one: what is not
 * understood lets nobody in.
 *
 * @throws ValidationError Something in it is wrong.
 */
export function permissionOf(authorized: object): Permission {
  const { user, allow = {} } = fieldsOf(authorized, 'authorize()', ['user', 'allow']);
  if (typeof user !== 'string' || user === '') throw wrong('authorize().user', 'must be a string that is not empty');
  const limits = fieldsOf(allow, 'authorize().allow', ['operations', 'organizations']);
  const organizations = textsOf(limits, 'organizations');
  const operations = textsOf(limits, 'operations') ?? readingOf(organizations);
  const unknown = operations.filter((operation) => !known.has(operation));
  if (unknown.length > 0) throw wrong('authorize().allow.operations', `names no operation: ${unknown.join(', ')}`);
  return { user, operations, ...(organizations && { organizations }) };
}

/** The fields of a plain object: a promise that nobody awaited, a class or a list may mean anything. */
function fieldsOf(given: unknown, path: string, names: readonly string[]): Record<string, unknown> {
  const prototype = Object.getPrototypeOf(Object(given));
  const isPlain = typeof given === 'object' && (prototype === null || Object.getPrototypeOf(prototype) === null);
  if (!isPlain) throw wrong(path, 'must be a plain object');
  checkNames(given, names, `${path}.`);
  for (const [name, value] of Object.entries(given as object)) {
    if (value === undefined || value === null)
      throw wrong(`${path}.${name}`, `is ${value}: leave it out, or name what is allowed`);
  }
  return given as Record<string, unknown>;
}

function textsOf(limits: Record<string, unknown>, name: string): readonly string[] | undefined {
  const given = limits[name];
  if (given === undefined) return undefined;
  if (isList(given) && given.every((item) => typeof item === 'string')) return given as string[];
  throw wrong(`authorize().allow.${name}`, 'must be a list of strings');
}

/** What belongs to no organization, a user of some has only where it is named. */
function readingOf(organizations: unknown): readonly string[] {
  const ofNone = ['orders.prices', 'groups.list', 'certs.parse'];
  return organizations ? reading.filter((operation) => !ofNone.includes(operation)) : reading;
}

const wrong = (field: string, message: string) => refuse('invalid_argument', field, `\`${field}\` ${message}.`);
