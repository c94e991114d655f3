import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it, test } from 'node:test';
import ts from 'typescript';
import { generate } from './generate.mjs';

const described = (schemas, more = '') => generate(`${more}\ncomponents:\n  schemas:\n${schemas}`);

/** A description with one of each kind. */
const text = await described(`
    Color: { type: string, enum: [RED, BLUE], description: A color. }
    OptionalColor: { oneOf: [{ $ref: "#/components/schemas/Color" }, { type: "null" }] }
    Number: { type: integer, x-typescript: number | string }
    Line: { type: string, pattern: S, description: A text. }
    Errors: { type: object, x-typescript: false, properties: { code: { type: string } } }
    Part: { type: object, additionalProperties: true, properties: { size: { type: number } } }
    Thing:
      type: object
      description: "What */ ends a comment."
      additionalProperties: true
      required: [id]
      properties:
        id: { type: string, format: uuid }
        color: { $ref: "#/components/schemas/OptionalColor", description: Its color. }
        shade: { type: [string, "null"], enum: [DARK, null] }
        number: { $ref: "#/components/schemas/Number" }
        note: { type: [string, "null"] }
        part: { oneOf: [{ $ref: "#/components/schemas/Part" }, { type: "null" }] }
        parts: { type: array, items: { $ref: "#/components/schemas/Part" } }
    NewThing:
      type: object
      required: [name]
      properties:
        name: { $ref: "#/components/schemas/Line", description: "Its\\n name." }
        note: { type: [string, "null"] }
        tags: { type: array, items: { $ref: "#/components/schemas/Line" } }
`);
const has = (line) => assert.ok(text.includes(line), `${line}\nis not in\n${text}`);
const hasNot = (words) => assert.doesNotMatch(text, words);

describe('the types of a description', () => {
  it('say where they come from', () => {
    assert.match(text, /^\/\/ Generated from docs\/openapi\.yaml: do not edit\.\n/);
    has("import type { Open } from '../types/open.js';");
  });

  it('are the same every time', async () => {
    const file = new URL('../../docs/openapi.yaml', import.meta.url);
    const yaml = readFileSync(file, 'utf8');
    assert.equal(await generate(yaml), await generate(yaml));
  });

  it('take values that are not known yet', () => {
    has("export type Color = Open<'RED' | 'BLUE'>;");
    has("shade?: Open<'DARK'> | null;");
  });

  it('name null where it is seen', () => {
    has('color?: Color | null;');
    has('note?: string | null;');
    has('part?: Part | null;');
  });

  it('require what the description requires, and nothing else', () => {
    has('    id: string;');
    has('    parts?: Part[];');
  });

  it('keep unknown fields of what the service sends', () => {
    has('export interface Part {\n    size?: number;\n    readonly [unknown: string]: unknown;\n}');
    has('    parts?: Part[];\n    readonly [unknown: string]: unknown;\n}');
  });

  it('let what is sent name a field and leave it undefined, and no other field', () => {
    has('    note?: string | null | undefined;\n    tags?: string[] | undefined;\n}');
  });

  it('are those that the description asks for', () => {
    has('export type Number = number | string;');
    has('number?: Number;');
    hasNot(/Errors|OptionalColor|Line|components/);
  });

  it('are documented', () => {
    has('/** A color. */\nexport type Color');
    has('    /** Its color. */\n    color?');
    has('    /** Its name. */\n    name: string;');
    hasNot(/Format:|@/);
  });

  it('cannot be ended by a description', () => has('/** What *\\/ ends a comment. */\nexport interface Thing {'));
});

test('the actions are the operations with their tag', async () => {
  const paths = `
paths:
  /things/{id}/paint: { parameters: [{ name: id }], patch: { tags: [Actions] } }
  /things/{id}/break: { patch: { tags: [Actions] } }
  /things/{id}: { get: { tags: [Things] } }
tags: [{ name: Actions, description: What can be done. }]`;
  const actions = await described('    Color: { type: string, enum: [RED] }', paths);
  assert.ok(actions.endsWith("/** What can be done. */\nexport type OrderAction = 'paint' | 'break';\n"), actions);
});

describe('a description is refused', () => {
  const refused = {
    'whose reference leads nowhere': [
      '    Thing: { type: object, properties: { a: { $ref: "#/components/schemas/Nobody" } } }',
      /Thing\.a: there is no #\/components\/schemas\/Nobody/,
    ],
    'that puts an object without a name into another': [
      '    Thing: { type: object, properties: { a: { type: object, properties: { b: { type: string } } } } }',
      /Thing\.a: an object in another one needs a name of its own/,
    ],
    'whose type holds an object that becomes none': [
      `    Hidden: { type: object, x-typescript: false }
    Thing: { type: object, properties: { a: { $ref: "#/components/schemas/Hidden" } } }`,
      /Thing\.a: Hidden is an object that becomes no type/,
    ],
  };
  for (const [what, [schemas, message]] of Object.entries(refused)) {
    it(what, () => assert.rejects(described(schemas), { message }));
  }
});

describe("the service's types", () => {
  /** What the compiler says of a program that imports them. */
  const complaints = async (program) => {
    const files = {
      '/generated/service.ts': await generate(
        readFileSync(new URL('../../docs/openapi.yaml', import.meta.url), 'utf8'),
      ),
      '/types/open.ts': 'export type Open<T extends string> = T | (string & {});',
      '/program.ts': program,
    };
    const options = {
      ...{ strict: true, exactOptionalPropertyTypes: true, noEmit: true, types: [] },
      ...{ target: ts.ScriptTarget.ES2022, lib: ['lib.es2022.d.ts'], module: ts.ModuleKind.ESNext },
      moduleResolution: ts.ModuleResolutionKind.Bundler,
    };
    const host = ts.createCompilerHost(options);
    const { getSourceFile, fileExists, readFile } = host;
    host.getSourceFile = (name, version) =>
      name in files ? ts.createSourceFile(name, files[name], version) : getSourceFile(name, version);
    host.fileExists = (name) => name in files || fileExists(name);
    host.readFile = (name) => files[name] ?? readFile(name);
    // Otherwise the compiler does not look into folders that are not there.
    host.directoryExists = undefined;
    const diagnostics = ts.getPreEmitDiagnostics(ts.createProgram(Object.keys(files), options, host));
    return diagnostics.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
  };
  const names = 'Cert, CertType, Contact, ContactChanges, NewCert, NewOrder, Order';
  const imports = `import type { ${names} } from './generated/service.js';\n`;

  it('fit together', async () => {
    const program = `${imports}
      declare const [contact, order, cert]: [Contact, Order, Cert];
      export const changes: ContactChanges[] = [contact, { ...contact, firstName: 'Grace' }, { firstName: undefined }];
      export const ids: string[] = [order].map(({ id }) => id);
      export const status: string = order.status;
      export const common: string | undefined = order.cert?.commonName;
      export const tomorrow: unknown = order.fieldOfTomorrow ?? order.cert?.another ?? order.history?.[0]?.third;
      export const type: CertType = 'SSL_XV_NEW';
      export const again: NewCert = {
        commonName: cert.commonName ?? '', csr: cert.csr ?? '', dnsNames: cert.dnsNames, dcvEmails: cert.dcvEmails,
        dcvMethod: cert.dcvMethod, serverPlatform: cert.serverPlatform, rootHash: cert.rootHash,
      };
      export const more: Partial<NewOrder> = { comments: order.comments, groupId: order.groupId };`;
    assert.deepEqual(await complaints(program), []);
  });

  it('do not hide that there may be no certificate, or what is misspelt', async () => {
    const program = `${imports}
      declare const order: Order;
      order.cert.commonName;
      export const changes: ContactChanges = { firstname: 'Grace' };`;
    const [absent, misspelt, ...more] = await complaints(program);
    assert.match(absent, /'order.cert' is possibly 'null' or 'undefined'/);
    assert.match(misspelt, /'firstname' does not exist in type 'ContactChanges'/);
    assert.deepEqual(more, []);
  });
});
