/**
 * Which words of a reply are the service's own. All others may be an account's, as the keys of a map often are (`dcvTokens` by
 * domain, prices by customer), and are not shown.
 */
import { shapes } from '../generated/shapes.js';

/** Words that names of fields are made of, besides those of the documented ones. */
const usual = `
  account active amount approval approved approver attempt auth authenticated azp aud block body bundle ca canceled certificate chain
  challenge challenges claim client code content count created currency data deleted detail details dns domain domains enabled end
  error errors exp expires expiry family field fields file fingerprint flag form format given group groups hash host iat info
  instructions is iss issued issuer item items jti key kind language last level limit link links list locked max message method min
  model nbf next note notes number old on order orders owner page parent pending permission permissions preferred previous reason
  record records ref reference reissue reissued renewal renewed replaced replaces request requested required result revoked role
  roles san sans scope scopes score self serial service session sid signature size source start sub subject submitted tag tags task
  tenant term text thumbprint time timestamp tld token tokens total typ updated uri url user users uuid valid validated validation
  value values verified version zone`;

const wordsOf = (name: string): string[] =>
  name
    .split(/(?<=[a-z\d])(?=[A-Z])|[_-]+/)
    .filter(Boolean)
    .map((word) => word.toLowerCase().replace(/\d{1,2}$/, ''));

const known = new Set([...Object.values(shapes).flatMap(Object.keys).flatMap(wordsOf), ...usual.trim().split(/\s+/)]);

/** Whether a name is made of words that fields of any service are called by. */
export const isKnownName = (name: string): boolean =>
  /^[\w-]{1,40}$/.test(name) && wordsOf(name).every((word) => known.has(word));

/** Whether a name has the form of a field's. A key of a map may have it, too. */
export const isFieldName = (name: string): boolean =>
  name.length <= 40 && /^_?[a-z]+\d{0,2}(?:[_-]?[A-Za-z]+\d{0,2})*$/.test(name);

/** Whether a text has the form of an enumeration's word: `DIGI_VETTING`, `SHA256`. */
export const isConstant = (text: string): boolean =>
  text.length <= 40 && /^[A-Z]+\d{0,4}(?:_(?:[A-Z]+\d{0,4}|\d{1,4}))*$/.test(text);

/** What is shown in the place of a name. */
export const hidden = '*';
