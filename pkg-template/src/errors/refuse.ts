import type { FindingCode } from '../generated/core.js';
import { ValidationError } from './classes.js';
import { nearest } from './nearest.js';

/** A refusal for one reason. */
export function refuse(code: FindingCode, field: string, message: string): ValidationError {
  return new ValidationError({ code: 'invalid', message, findings: [{ severity: 'error', code, message, field }] });
}

/** Refuses what is not an object of options. */
export function checkObject(given: unknown): asserts given is object {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw refuse('invalid_option', 'options', 'The options must be an object.');
  }
}

/** Refuses options with other names than these. */
export function checkNames(given: unknown, names: readonly string[], path = ''): void {
  checkObject(given);
  for (const name of Object.keys(given)) {
    if (names.includes(name)) continue;
    const given = `${path}${shown(name)}`;
    const near = name.length > longest ? undefined : nearest(name, names);
    const instead = near ? `: did you mean \`${near}\`?` : `; there are ${names.join(', ')}.`;
    throw refuse('unknown_option', given, `There is no option \`${given}\`${instead}`);
  }
}

/**
 * A name that a caller made up, as a message shows it: no longer than names are, and none that is a key or a certificate, which
 * may well be a secret in the wrong place.
 */
export function shown(name: unknown): string {
  if (typeof name !== 'string') return typeof name === 'symbol' ? name.toString().slice(0, longest) : typeof name;
  if (/-----|PRIVATE KEY/i.test(name)) return '[PEM]';
  return name.length > longest ? `${name.slice(0, longest)}…` : name;
}

const longest = 40;

/** Refuses what is not a signal: nobody could wait for it to abort. */
export function checkSignal(signal: unknown): void {
  if (signal === undefined || signal === null) return;
  if (typeof (signal as Partial<AbortSignal>).addEventListener !== 'function') {
    throw refuse('invalid_option', 'signal', '`signal` must be an AbortSignal.');
  }
}
