/**
 * Takes the model types (the interfaces and type aliases that come from Rust structs) out of a generated d.ts.
 * The wasm-bindgen classes stay behind: they would need `esnext.disposable` in every user's tsconfig.
 */
import ts from 'typescript';

/** Declared by wasm-bindgen for its own loader. */
const loader = new Set(['InitInput', 'InitOutput', 'SyncInitInput']);

/** @param {string} declarations the text of a d.ts; gives the text of a module with its models, each exported. */
export function extractModels(declarations) {
  const source = ts.createSourceFile('core.d.ts', declarations, ts.ScriptTarget.Latest, true);
  const models = source.statements.filter(
    (statement) =>
      (ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement)) &&
      !loader.has(statement.name.text),
  );
  const texts = models.map((statement) => {
    const isExported = statement.modifiers?.some((modifier) => modifier.kind === ts.SyntaxKind.ExportKeyword);
    const [comment, code] = [statement.getStart(source, true), statement.getStart(source)];
    return `${declarations.slice(comment, code)}${isExported ? '' : 'export '}${openEnums(statement.getText())}`;
  });
  return ['// Generated from the Rust types by tools/models.mjs: do not edit.', ...texts, ''].join('\n\n');
}

/** The open enumerations hold one untagged variant, which tsify writes as if it were tagged. */
const openEnums = (text) => text.replaceAll('{ Other: string & {} }', '(string & {})');
