/**
 * Writes what is documented of the service's replies, for a program that looks for what is not: docs/openapi.yaml →
 * pkg-template/src/generated/shapes.ts.
 *
 *   node tools/types/shapes.mjs
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

const HEADER = '// Generated from docs/openapi.yaml: do not edit.\n';

/** The text of a TypeScript module with the fields of what the service sends, and the values of its enumerations. */
export function shapesOf(description) {
  const schemas = parse(description).components?.schemas ?? {};
  const isShape = ({ additionalProperties, properties }) => additionalProperties === true && properties !== undefined;
  const isEnumeration = ({ enum: values, type }) => values !== undefined && type === 'string';
  /** The shape or enumeration that a field holds, by its name; empty for any other value. */
  const nameOf = ({ $ref, items, oneOf }) => {
    if (items) return nameOf(items);
    if (oneOf) return oneOf.map(nameOf).find((name) => name !== '') ?? '';
    const name = $ref?.split('/').at(-1);
    if (name === undefined) return '';
    return isShape(schemas[name]) || isEnumeration(schemas[name]) ? name : nameOf(schemas[name]);
  };
  const shapes = Object.entries(schemas)
    .filter(([, schema]) => isShape(schema))
    .map(([name, { properties }]) => {
      const fields = Object.entries(properties).map(([field, schema]) => `${field}: '${nameOf(schema)}'`);
      return `  ${name}: { ${fields.join(', ')} },`;
    });
  const values = Object.entries(schemas)
    .filter(([, schema]) => isEnumeration(schema))
    .map(([name, { enum: values }]) => `  ${name}: [${values.map((value) => `'${value}'`).join(', ')}],`);
  return [
    HEADER,
    '/** The fields of what the service sends; of each the shape or the enumeration that it holds, if it holds one. */',
    `export const shapes: Readonly<Record<string, Readonly<Record<string, string>>>> = {\n${shapes.join('\n')}\n};\n`,
    '/** The known values of enumerations. */',
    `export const values: Readonly<Record<string, readonly string[]>> = {\n${values.join('\n')}\n};\n`,
  ].join('\n');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const root = new URL('../../', import.meta.url);
  const target = fileURLToPath(new URL('pkg-template/src/generated/shapes.ts', root));
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, shapesOf(readFileSync(new URL('docs/openapi.yaml', root), 'utf8')));
}
