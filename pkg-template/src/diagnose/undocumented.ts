/** What replies hold that docs/openapi.yaml does not name. Values are shown by their form, never as they are. */
import { shapes, values } from '../generated/shapes.js';
import { at, itemsOf } from './exchange.js';
import type { Seen } from './steps.js';

/** What each step's reply holds. */
const held: Readonly<Record<string, string>> = {
  large: 'Order',
  smaller: 'Order',
  page0: 'Order',
  page1: 'Order',
  order: 'Order',
  pending: 'Order',
  history: 'History',
  organizations: 'Organization',
  contacts: 'Contact',
  groups: 'Group',
  prices: 'Price',
};

/** Those are one thing each, the others are lists. */
const single = new Set(['order', 'pending']);

export function undocumented(seen: Seen): { fields: string[]; values: string[] } {
  const found = { fields: new Set<string>(), values: new Set<string>() };
  for (const [step, shape] of Object.entries(held)) {
    const exchange = seen.get(step);
    if (exchange?.status !== 200) continue;
    for (const thing of single.has(step) ? [exchange.json] : itemsOf(exchange)) look(thing, shape, shape, found);
  }
  return { fields: [...found.fields].sort(), values: [...found.values].sort() };
}

type Found = Record<'fields' | 'values', Set<string>>;

function look(thing: unknown, shape: string, path: string, found: Found): void {
  const known = shapes[shape];
  if (typeof thing !== 'object' || thing === null || known === undefined) return;
  for (const [name, value] of Object.entries(thing)) {
    const inside = known[name];
    if (inside === undefined) found.fields.add(`${path}.${shownWord(name)}: ${formOf(value)}`);
    else if (inside in shapes) for (const part of [value].flat()) look(part, inside, `${path}.${name}`, found);
    else if (inside in values) for (const part of [value].flat()) checkValue(part, inside, found);
  }
}

function checkValue(value: unknown, name: string, found: Found): void {
  if (value === null || value === '' || values[name]?.includes(String(value))) return;
  found.values.add(`${name}: ${typeof value === 'string' ? shownWord(value) : formOf(value)}`);
}

/** Names of fields and words of enumerations are shown, if they look like some. */
const shownWord = (text: string) => (/^[A-Za-z][\w.-]{0,40}$/.test(text) ? text : formOf(text));

/** What a value is like. */
export function formOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return value.length === 0 ? 'list' : `list of ${formOf(at(value, 0))}`;
  if (typeof value === 'object') return 'object';
  if (typeof value !== 'string') return typeof value;
  if (/^\d+$/.test(value)) return 'digits';
  if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(value)) return 'UUID';
  if (/^\d{4}-\d\d-\d\d/.test(value)) return 'date';
  if (/^\S+@\S+$/.test(value)) return 'email';
  if (/^https?:/.test(value)) return 'URL';
  return value === '' ? 'empty text' : 'text';
}
