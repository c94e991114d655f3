/**
 * Writes the TypeScript types of the service's shapes: docs/openapi.yaml → pkg-template/src/generated/service.ts.
 *
 *   node tools/types/generate.mjs
 *
 * openapi-typescript translates each schema. What it is given and what is done with it here makes the types users'
 * own: each schema is exported by its name, enumerations are open, and unknown fields of what the service sends are kept.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import openapiTS, { addJSDocComment, tsModifiers, tsUnion, UNDEFINED, UNKNOWN } from 'openapi-typescript';
import ts from 'typescript';
import { parse } from 'yaml';

const { factory } = ts;
const PREFIX = '#/components/schemas/';
const HEADER = "// Generated from docs/openapi.yaml: do not edit.\n\nimport type { Open } from '../types/open.js';\n";
/** The tag of the operations that are actions on an order. */
const ACTIONS = 'Actions';

/** The text of a TypeScript module with the types of an OpenAPI description, given as YAML. */
export async function generate(description) {
  const { schemas: shapes, operations, parameters, tags } = read(parse(description));
  const schemas = { ...shapes, ...filters(operations, parameters) };
  const isType = ([, schema]) => becomesType(schema);
  const types = Object.fromEntries(Object.entries(schemas).filter(isType));
  const prepared = Object.entries(types).map(([name, schema]) => [name, prepare(schema, schemas, name)]);
  const nodes = await openapiTS(
    {
      openapi: '3.1.0',
      info: { title: 'shapes', version: '0' },
      paths: {},
      components: { schemas: Object.fromEntries(prepared) },
    },
    { transform, silent: true },
  );
  const declarations = membersOf(nodes).map((member) => declare(member, types[member.name.text]));
  return [HEADER, ...[...declarations, actions(operations, tags)].filter(Boolean).map(print)].join('\n');
}

function read({ paths = {}, components = {}, tags = [] }) {
  const operations = Object.entries(paths).flatMap(([path, item]) =>
    Object.values(item).map((operation) => ({ path, operation })),
  );
  return { schemas: components.schemas ?? {}, operations, parameters: components.parameters ?? {}, tags };
}

/** What every list takes: which page to ask for. */
const PAGING = ['page', 'size', 'sort'];

/**
 * The filter of each list, as an object schema: `orders.list` has an `OrderFilter`, every `….history.list` the same
 * `HistoryFilter`, and `things.parts` would have a `PartFilter`. A list that takes nothing but a page has none: `Paging` is what it takes.
 */
function filters(operations, shared) {
  const found = {};
  for (const { operation } of operations) {
    const query = (operation.parameters ?? [])
      .map((parameter) => (parameter.$ref ? shared[parameter.$ref.split('/').at(-1)] : parameter))
      .filter(({ in: place }) => place === 'query');
    if (!query.some(({ name }) => name === 'page')) continue;
    const properties = Object.fromEntries(
      query.map(({ name, description, schema, 'x-typescript': own }) => [
        name,
        { ...schema, description, ...(own && { 'x-typescript': own }) },
      ]),
    );
    const paging = Object.fromEntries(PAGING.map((name) => [name, properties[name]]).filter(([, schema]) => schema));
    found.Paging ??= { type: 'object', description: 'Which page of a list to ask for.', properties: paging };
    if (query.every(({ name }) => PAGING.includes(name))) continue;
    const list = operation.operationId
      .replace(/\.list$/, '')
      .split('.')
      .at(-1);
    const item = list.replace(/s$/, '');
    const name = `${item[0].toUpperCase()}${item.slice(1)}Filter`;
    found[name] ??= { type: 'object', description: `Which ${list} to list, and which page.`, properties };
  }
  return found;
}

/** Objects and enumerations are types; so is what says which. Every other schema is written out where it is used. */
function becomesType({ type, enum: values, 'x-typescript': own }) {
  return own === undefined ? type === 'object' || values !== undefined : own !== false;
}

/**
 * The schema as openapi-typescript is to see it: only what makes a type. A description becomes the title, which it prints
 * as the text of the doc comment.
 */
function prepare(schema, schemas, where) {
  const { $ref, description, type, enum: values, 'x-typescript': own, properties, required, items, oneOf } = schema;
  const title = description?.replace(/\s+/g, ' ').trim();
  if ($ref) {
    const name = $ref.replace(PREFIX, '');
    const target = schemas[name];
    if (!target) throw new Error(`${where}: there is no ${$ref}.`);
    if (becomesType(target)) return { $ref, title };
    if (target.type === 'object') throw new Error(`${where}: ${name} is an object that becomes no type.`);
    return { ...prepare(target, schemas, name), title };
  }
  const inside = (key) => (child) => prepare(child, schemas, `${where}.${key}`);
  if (own) return { type, title, own };
  if (values) return { type, title, own: openEnum(values) };
  if (oneOf) return { title, oneOf: oneOf.map(inside('oneOf')) };
  if (items) return { type, title, items: inside('items')(items) };
  if (!properties) return { type, title };
  if (where.includes('.')) throw new Error(`${where}: an object in another one needs a name of its own.`);
  return {
    type,
    title,
    required,
    properties: Object.fromEntries(Object.entries(properties).map(([key, child]) => [key, inside(key)(child)])),
  };
}

/** Known values with completion, and every value that the service may add. */
const openEnum = (values) => {
  const known = values.filter((value) => value !== null).map((value) => `'${value}'`);
  return [`Open<${known.join(' | ')}>`, ...(values.includes(null) ? ['null'] : [])].join(' | ');
};

/** What openapi-typescript takes in place of its own translation of a schema. */
const transform = ({ own }) => (own ? factory.createTypeReferenceNode(own) : undefined);

/** The properties of `components.schemas` in what openapi-typescript makes. */
function membersOf(nodes) {
  const { components } = Object.fromEntries(nodes.filter(({ name }) => name).map((node) => [node.name.text, node]));
  const schemas = components.members.find(({ name }) => name.text === 'schemas');
  return schemas.type.members ?? [];
}

/** One exported declaration of a schema: an interface if it is an object. */
function declare({ name, type }, schema) {
  const named = ts.visitNode(type, byName);
  const exported = tsModifiers({ export: true });
  const declaration = ts.isTypeLiteralNode(named)
    ? factory.createInterfaceDeclaration(exported, name.text, undefined, undefined, fields(named, schema))
    : factory.createTypeAliasDeclaration(exported, name.text, undefined, named);
  addJSDocComment({ title: prepare({ description: schema.description }).title }, declaration);
  return declaration;
}

/** `components["schemas"]["Order"]` → `Order`. */
function byName(node) {
  const isReference = ts.isIndexedAccessTypeNode(node) && ts.isIndexedAccessTypeNode(node.objectType);
  if (isReference) return factory.createTypeReferenceNode(node.indexType.literal.text);
  return ts.visitEachChild(node, byName, undefined);
}

/** What the service sends may have more fields. What is sent to it may name a field and leave it undefined. */
function fields({ members }, { additionalProperties: isOpen }) {
  if (isOpen) return [...members, unknownFields()];
  return members.map((member) => {
    if (!member.questionToken) return member;
    const { modifiers, name, questionToken, type } = member;
    const parts = ts.isUnionTypeNode(type) ? type.types : [type];
    const withUndefined = tsUnion([...parts, UNDEFINED]);
    return factory.updatePropertySignature(member, modifiers, name, questionToken, withUndefined);
  });
}

const unknownFields = () => {
  const key = factory.createParameterDeclaration(
    undefined,
    undefined,
    'unknown',
    undefined,
    factory.createKeywordTypeNode(ts.SyntaxKind.StringKeyword),
  );
  return factory.createIndexSignature(tsModifiers({ readonly: true }), [key], UNKNOWN);
};

/** What can be done with an order: the last part of the path of each operation under the tag. */
function actions(operations, tags) {
  const names = operations
    .filter(({ operation }) => operation.tags?.includes(ACTIONS))
    .map(({ path }) => `'${path.split('/').at(-1)}'`);
  if (names.length === 0) return undefined;
  const type = factory.createTypeReferenceNode(names.join(' | '));
  const declaration = factory.createTypeAliasDeclaration(tsModifiers({ export: true }), 'OrderAction', undefined, type);
  addJSDocComment({ title: tags.find(({ name }) => name === ACTIONS)?.description }, declaration);
  return declaration;
}

const printer = ts.createPrinter();
const print = (node) =>
  `${printer.printNode(ts.EmitHint.Unspecified, node, ts.createSourceFile('', '', ts.ScriptTarget.Latest))}\n`;

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const root = new URL('../../', import.meta.url);
  const target = fileURLToPath(new URL('pkg-template/src/generated/service.ts', root));
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, await generate(readFileSync(new URL('docs/openapi.yaml', root), 'utf8')));
}
