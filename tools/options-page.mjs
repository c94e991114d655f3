/**
 * Writes docs/options.md: every option and event that the types of the package declare, with their comments.
 *
 *   node tools/options-page.mjs
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import ts from 'typescript';
import { path } from './lib/project.mjs';
import { Problem } from './lib/run.mjs';

export const page = join('docs', 'options.md');

/** The sections of the page: where an object is given, and the type that it has. */
const sections = [
  ['`new CertsClient(…)`', 'ClientOptions'],
  ['`rateLimit`', 'RateLimitOptions'],
  ['Every call', 'CallOptions'],
  ['`orders.createOnce` and `placeOnce`', 'OnceOptions'],
  ['`waitUntil`, `waitUntilAll`, `watch`', 'WaitOptions'],
  ['`organizations.waitUntilValidated`', 'ValidationWaitOptions'],
  ['`orders.expiring`, `organizations.expiring`', 'ExpiringOptions'],
  ['`renewals.plan`', 'RenewalPlanOptions'],
  ['`policy` of renewals', 'RenewalPolicy'],
  ['`renewals.run`', 'RenewalRunOptions'],
  ['`createCsr`', 'CsrRequest'],
  ['`createProxy`', 'ProxyOptions'],
  ['`createRedisStore`', 'RedisStoreOptions'],
  ['`createSandbox`', 'SandboxOptions'],
];

/** What is in a type beside what a section above has already. */
const based = {
  OnceOptions: 'CallOptions',
  WaitOptions: 'CallOptions',
  ValidationWaitOptions: 'WaitOptions',
  ExpiringOptions: 'CallOptions',
};

const entries = ['index.ts', 'proxy.ts', 'redis.ts', 'sandbox.ts'].map((name) => path('pkg-template', 'src', name));

export function optionsPage() {
  const configuration = ts.readConfigFile(path('pkg-template', 'tsconfig.json'), ts.sys.readFile).config;
  const { options } = ts.convertCompilerOptionsFromJson(configuration.compilerOptions, path('pkg-template'));
  const program = ts.createProgram(entries, { ...options, noEmit: true });
  const checker = program.getTypeChecker();
  const types = new Map();
  for (const entry of entries) {
    const exported = checker.getExportsOfModule(checker.getSymbolAtLocation(program.getSourceFile(entry)));
    for (const symbol of exported) {
      types.set(symbol.name, symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol);
    }
  }
  const membersOf = (name) => {
    const symbol = types.get(name);
    if (!symbol) throw new Problem(`tools/options-page.mjs names ${name}, which no entry exports.`);
    return checker.getPropertiesOfType(checker.getDeclaredTypeOfSymbol(symbol));
  };
  const commentOf = (symbol) =>
    ts.displayPartsToString(symbol.getDocumentationComment(checker)).replace(/\s+/g, ' ').replaceAll('|', '\\|');
  const typeOf = ({ declarations: [declaration] }) => {
    if (ts.isMethodSignature(declaration)) return 'function';
    const { type } = declaration;
    const parts = (ts.isUnionTypeNode(type) ? type.types : [type]).map(written).filter((text) => text !== 'undefined');
    return parts.join(' \\| ');
  };
  const row = (symbol) => {
    const isOptional = symbol.flags & ts.SymbolFlags.Optional;
    return `| \`${symbol.name}\`${isOptional ? '' : ' (required)'} | \`${typeOf(symbol)}\` | ${commentOf(symbol)} |`;
  };
  const table = (rows) => ['| option | type | meaning |', '|---|---|---|', ...rows].join('\n');

  const parts = sections.map(([title, name]) => {
    const known = based[name] ? new Set(membersOf(based[name]).map((symbol) => symbol.name)) : new Set();
    const own = membersOf(name).filter((symbol) => !known.has(symbol.name));
    const others = based[name] ? `\nBeside those of \`${based[name]}\` above.\n` : '';
    return `## ${title}\n\nThe type \`${name}\`. ${commentOf(types.get(name))}\n${others}\n${table(own.map(row))}\n`;
  });
  const events = membersOf('Events').map((event) => {
    const fields = checker
      .getPropertiesOfType(checker.getTypeOfSymbol(event))
      .filter(({ declarations }) =>
        declarations?.every((one) => one.getSourceFile().fileName.includes('pkg-template/src')),
      )
      .map((field) => `\`${field.name}\``);
    return `| \`${event.name}\` | ${commentOf(event)} | ${fields.join(', ')} |`;
  });
  return `# Options and events

Generated from the types of the package by \`node tools/options-page.mjs\`. An option that does not exist, or has a wrong value, is
refused by its name before anything is sent.

${parts.join('\n')}
## \`client.on(…)\`

${commentOf(types.get('Events'))}

| event | when | what it has |
|---|---|---|
${events.join('\n')}
`;
}

/** A function as what it is, and the words that users write: neither where a type is declared, nor that any text is allowed. */
function written(type) {
  const inner = ts.isParenthesizedTypeNode(type) ? type.type : type;
  if (ts.isFunctionTypeNode(inner)) return 'function';
  if (ts.isIntersectionTypeNode(inner)) return written(inner.types[0]);
  return inner
    .getText()
    .replaceAll(/\bcore\.|readonly | \| undefined/g, '')
    .replace(/\s+/g, ' ')
    .replaceAll('|', '\\|');
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) writeFileSync(path(page), optionsPage());
