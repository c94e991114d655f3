/** What replies hold that docs/openapi.yaml does not name. Values are shown by their form, never as they are. */
import { isUuid } from '../connection/id.js';
import { shapes, values } from '../generated/shapes.js';
import { at, itemsOf } from './exchange.js';
import type { Seen } from './steps.js';
import { isConstant, isFieldName, shownName } from './words.js';

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
  const found: Found = { fields: new Set(), values: new Set() };
  const replies: Kinds[] = [];
  for (const [step, shape] of Object.entries(held)) {
    const exchange = seen.get(step);
    if (exchange?.status !== 200) continue;
    const kinds: Kinds = new Map();
    for (const thing of single.has(step) ? [exchange.json] : itemsOf(exchange)) look(thing, shape, shape, kinds, found);
    replies.push(kinds);
  }
  // What a list shows to be a field is one in all replies.
  const places = replies.flatMap((kinds) => [...kinds]);
  const common = new Set(places.flatMap(commonNames));
  for (const [path, { others }] of places) {
    for (const [name, { forms }] of others) {
      const shown = common.has(`${path}.${name}`) ? name : shownName(name);
      for (const form of forms) found.fields.add(`${path}.${shown}: ${form}`);
    }
  }
  return { fields: [...found.fields].sort(), values: [...found.values].sort() };
}

type Found = Record<'fields' | 'values', Set<string>>;

/** The objects in one place of a reply. */
interface Kind {
  /** How many there are with a documented field. Others may be maps. */
  objects: number;
  /** What nobody documented: in how many of those it is, and its forms. */
  readonly others: Map<string, { count: number; readonly forms: Set<string> }>;
}

type Kinds = Map<string, Kind>;

function look(thing: unknown, shape: string, path: string, kinds: Kinds, found: Found): void {
  const fields = shapes[shape];
  if (typeof thing !== 'object' || thing === null || fields === undefined) return;
  const kind = kinds.get(path) ?? { objects: 0, others: new Map() };
  kinds.set(path, kind);
  const isOfShape = Object.keys(thing).some((name) => Object.hasOwn(fields, name));
  if (isOfShape) kind.objects += 1;
  for (const [name, value] of Object.entries(thing)) {
    const inside = Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (inside === undefined) {
      const other = kind.others.get(name) ?? { count: 0, forms: new Set() };
      kind.others.set(name, other);
      if (isOfShape) other.count += 1;
      other.forms.add(formOf(value));
    } else if (inside in shapes) for (const part of [value].flat()) look(part, inside, `${path}.${name}`, kinds, found);
    else if (inside in values) for (const part of [value].flat()) checkValue(part, inside, found);
  }
}

/** The names that most objects of a place have, as they have a field and no key of a map. */
function commonNames([path, { objects, others }]: [string, Kind]): string[] {
  const common = [...others].filter(([name, { count }]) => count > 2 && count * 2 > objects && isFieldName(name));
  return common.map(([name]) => `${path}.${name}`);
}

function checkValue(value: unknown, name: string, found: Found): void {
  const known = values[name] ?? [];
  if (value === null || value === '' || known.includes(String(value))) return;
  const isWord = typeof value === 'string' && (isConstant(value) || known.includes(value.toUpperCase()));
  found.values.add(`${name}: ${isWord ? value : formOf(value)}`);
}

/** What a value is like. */
export function formOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return value.length === 0 ? 'list' : `list of ${formOf(at(value, 0))}`;
  if (typeof value === 'object') return 'object';
  if (typeof value !== 'string') return typeof value;
  if (/^\d+$/.test(value)) return 'digits';
  if (isUuid(value)) return 'UUID';
  if (/^\d{4}-\d\d-\d\d/.test(value)) return 'date';
  if (/^\S+@\S+$/.test(value)) return 'email';
  if (/^https?:/.test(value)) return 'URL';
  return value === '' ? 'empty text' : 'text';
}
