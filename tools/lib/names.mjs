/**
 * The names that the types of the package promise: what each entry exports, and of each type its members or its values, divided
 * by spaces.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

/** The unions of codes: no release takes a name from them. */
const codes = ['ErrorCode', 'FindingCode', 'WarningCode'];

/** Of an installed package: `project` is the folder that has it in its node_modules. */
export function namesOf(project) {
  const manifest = JSON.parse(readFileSync(join(project, 'node_modules', 'markmonitor-certs', 'package.json'), 'utf8'));
  const withTypes = Object.keys(manifest.exports).filter((entry) => !/\.(json|wasm)$/.test(entry));
  const file = join(project, 'names.mts');
  const specifiers = withTypes.map((entry) => entry.replace('.', 'markmonitor-certs'));
  writeFileSync(file, specifiers.map((name) => `import '${name}';\n`).join(''));
  const program = ts.createProgram([file], {
    module: ts.ModuleKind.NodeNext,
    lib: ['lib.es2022.d.ts', 'lib.dom.d.ts'],
    types: [],
  });
  const checker = program.getTypeChecker();
  const entries = {};
  const members = {};
  for (const statement of program.getSourceFile(file).statements) {
    const module = checker.getSymbolAtLocation(statement.moduleSpecifier);
    const exported = checker.getExportsOfModule(module);
    entries[statement.moduleSpecifier.text] = exported
      .map(({ name }) => name)
      .sort()
      .join(' ');
    for (const symbol of exported) members[symbol.name] = membersOf(checker, symbol);
  }
  return {
    entries,
    members: Object.fromEntries(
      Object.entries(members)
        .filter(([, names]) => names)
        .sort(),
    ),
  };
}

function membersOf(checker, symbol) {
  const target = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  if (!(target.flags & ts.SymbolFlags.Type)) return '';
  const type = checker.getDeclaredTypeOfSymbol(target);
  const parts = type.isUnion() ? type.types : [type];
  const values = parts.filter((part) => part.isStringLiteral()).map(({ value }) => value);
  // Those of a union of objects that all have.
  const isObject = parts.some((part) => part.flags & ts.TypeFlags.Object);
  const properties = isObject ? checker.getPropertiesOfType(type) : [];
  const own = properties.filter(isOfPackage).map(({ name }) => name);
  return [...values, ...own.filter((name) => /^\w+$/.test(name))].sort().join(' ');
}

/** Not of an error, a text or an array that the language has. */
const isOfPackage = ({ declarations = [] }) =>
  declarations.some((declaration) => /markmonitor-certs[\\/]dist/.test(declaration.getSourceFile().fileName));

/** Whether `version` may take names away that `released` had: the first number that is not zero is another. */
const mayBreak = (released, version) => {
  const [was, is] = [released, version].map((text) => text.split('.').map(Number));
  return was[0] !== is[0] || (was[0] === 0 && was[1] !== is[1]);
};

/** What `now` lacks of the last release, and may not lack in this version. */
export function taken(released, now, version) {
  const isMajor = mayBreak(released.version, version);
  const missing = (was, is) =>
    Object.entries(was).flatMap(([name, parts]) => {
      const left = new Set(is[name]?.split(' '));
      return parts.split(' ').flatMap((part) => (left.has(part) ? [] : [{ name, part }]));
    });
  return [...missing(released.entries, now.entries), ...missing(released.members, now.members)]
    .filter(({ name }) => !isMajor || codes.includes(name))
    .map(({ name, part }) => `${name}: ${part}`);
}
