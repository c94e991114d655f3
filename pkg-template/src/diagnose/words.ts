/**
 * Which words of a reply are the service's own. All others may be an account's, as the keys of a map often are (tokens by domain,
 * prices by customer), and are not shown.
 */
import { shapes } from '../generated/shapes.js';

const partsOf = (names: string): string[] =>
  (names.match(/[A-Z]?[a-z]+|[^_-]/g) ?? []).map((part) => part.toLowerCase());

/** What names of fields and claims are made of: those of the documented ones, and some that are usual. */
const known = new Set(
  partsOf(
    `${JSON.stringify(shapes)} token url code value reason record count currency key iss sub aud exp nbf iat jti scope user client tenant`,
  ).filter((part) => part.length > 1),
);

/** A name, if it is made of words that fields are called by; else what is shown in its place. */
export const shownName = (name: string): string => (partsOf(name).every((part) => known.has(part)) ? name : '*');

/** Whether a name has the form of a field's. A key of a map may have it, too. */
export const isFieldName = (name: string): boolean => /^[a-z][A-Za-z_-]{0,39}$/.test(name);

/** Whether a text has the form of an enumeration's word: `DIGI_VETTING`, `SHA256`. */
export const isConstant = (text: string): boolean => /^[A-Z][A-Z_]{0,39}\d{0,4}$/.test(text);
