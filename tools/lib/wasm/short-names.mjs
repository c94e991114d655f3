/**
 * The names by which a wasm module and its glue know each other. wasm-bindgen ends most of them with a hash, of which nothing
 * is repeated: after brotli they weigh a kilobyte in the module, and as much in the glue.
 */
import { EXPORTS, IMPORTS, importsOf, leb, read, section, sectionsOf, text, withSections } from './sections.mjs';

/** Those that wasm-bindgen made, and no function of ours. */
const made = /^(?:__wb|wasm_bindgen__)/;

/** The module and the text of its glue, with a short name in place of each that wasm-bindgen made; and what each stands for. */
export function shortNames(module, glue) {
  const short = new Map();
  const shortened = (name) => {
    if (!made.test(name)) return name;
    // No name of the glue's own begins so.
    if (!short.has(name)) short.set(name, `$${short.size.toString(36)}`);
    return short.get(name);
  };
  const sections = sectionsOf(module).map((one) => {
    const write = { [IMPORTS]: writtenImports, [EXPORTS]: writtenExports }[one.id];
    return write ? section(one.id, write(one.content, shortened)) : one;
  });
  return {
    module: withSections(module, sections),
    glue: glue.replace(/\b\w+\b/g, (word) => short.get(word) ?? word),
    names: Object.fromEntries([...short].map(([long, name]) => [name, long])),
  };
}

function writtenImports(content, shortened) {
  const imports = importsOf(content);
  const entries = imports.map(({ module, name, kind, type }) => [
    ...text(module),
    ...text(shortened(name)),
    kind,
    ...type,
  ]);
  return [...leb(imports.length), ...entries.flat()];
}

function writtenExports(content, shortened) {
  const reader = read(content);
  const count = reader.number();
  const entries = Array.from({ length: count }, () => [
    ...text(shortened(reader.text())),
    reader.octet(),
    ...leb(reader.number()),
  ]);
  return [...leb(count), ...entries.flat()];
}
