import type { FindingCode } from '../generated/core.js';
import { ValidationError } from './classes.js';
import { nearest } from './nearest.js';

/** A refusal for one reason. */
export function refuse(code: FindingCode, field: string, message: string): ValidationError {
  return new ValidationError({ code: 'invalid', message, findings: [{ severity: 'error', code, message, field }] });
}

/**
 * Whether something is an object with fields of its own, or a module. A map, a date, a signal or a promise would be read as one
 * without any.
 */
export function hasFields(given: unknown): given is object {
  const tag = tagOf(given);
  return tag === 'Object' || tag === 'Module';
}

/** Refuses what is not an object of options. */
export function checkObject(given: unknown, path = ''): asserts given is object {
  if (hasFields(given)) return;
  const what = path ? `\`${path}\`` : 'The options';
  const found = typeof given === 'object' && given ? ` with fields of its own, found ${shown(tagOf(given))}` : '';
  throw refuse('invalid_option', path || 'options', `${what} must be an object${found}.`);
}

/** Refuses options with other names than these. */
export function checkNames(given: unknown, names: readonly string[], path = ''): void {
  checkObject(given, path.slice(0, -1));
  for (const name of Object.keys(given)) {
    if (names.includes(name)) continue;
    const given = `${path}${shown(name)}`;
    const near = name.length > longest ? undefined : nearest(name, names);
    const instead = near ? `: did you mean \`${near}\`?` : `; there are ${names.join(', ')}.`;
    throw refuse('unknown_option', given, `There is no option \`${given}\`${instead}`);
  }
}

/**
 * A name that a caller made up, as a message shows it. What a person would not call a name may well be a secret in the wrong
 * place: it is not shown. The core does the same.
 */
export function shown(name: unknown): string {
  if (typeof name !== 'string') return typeof name;
  if (/-----|PRIVATE KEY/i.test(name)) return '[PEM]';
  return /^\w{0,32}$/.test(name) ? name : '…';
}

/** Refuses events that there are not, and what cannot be called when one happens. */
export function checkListener(names: readonly string[], event: unknown, listener: unknown): void {
  if (!names.includes(event as string)) {
    const message = `There is no event \`${shown(event)}\`; there are ${names.join(', ')}.`;
    throw refuse('invalid_argument', 'event', message);
  }
  if (typeof listener !== 'function') {
    const message = 'Pass a function as the second argument.';
    throw refuse('invalid_argument', 'listener', message);
  }
}

/** By tag, which does not throw for a proxy that was revoked, and knows what another realm made. */
function tagOf(given: unknown): string | undefined {
  try {
    return Object.prototype.toString.call(given).slice(8, -1);
  } catch {
    return undefined;
  }
}

/** Whether something is a list; what cannot be looked at is none. */
export const isList = (given: unknown): given is unknown[] => tagOf(given) === 'Array';

/** Refuses what has no fields to send: nothing, a list, a map, a promise that nobody awaited. */
export function checkForm(field: string, given: unknown): void {
  const tag = tagOf(given);
  if (tag === 'Object') {
    readable(field, () => JSON.stringify(given));
    return;
  }
  const found = tag === 'Promise' ? ', found a promise: await it first' : ' of the fields to send';
  throw refuse('invalid_argument', field, `\`${field}\` must be an object${found}.`);
}

/** What is read of an argument, whose getters and proxies may throw. */
export function readable<T>(field: string, read: () => T): T {
  try {
    return read();
  } catch (thrown) {
    throw refuse('invalid_argument', field, `\`${field}\` cannot be read: ${String(thrown)}`);
  }
}

/** Whether something is a list of strings. */
export const isTexts = (field: string, given: unknown): boolean =>
  isList(given) && readable(field, () => [...given].every((item) => typeof item === 'string'));

/** Refuses what is not a list of strings. */
export function checkTexts(field: string, given: unknown, such: string): void {
  if (isTexts(field, given)) return;
  throw refuse('invalid_argument', field, `\`${field}\` must be a list of strings, such as [${such}].`);
}

const longest = 40;

/** Refuses what is not a signal: nobody could wait for it to abort. */
export function checkSignal(signal: unknown): void {
  if (signal === undefined || signal === null) return;
  if (typeof (signal as Partial<AbortSignal>).addEventListener !== 'function') {
    throw refuse('invalid_option', 'signal', '`signal` must be an AbortSignal.');
  }
}
