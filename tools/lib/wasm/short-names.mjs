/**
 * The names by which a wasm module and its glue know each other. wasm-bindgen ends most of them with a hash, of which nothing
 * is repeated: after brotli they weigh a kilobyte in the module, and as much in the glue. A hash does tell when the two do not
 * belong together, as where a cache has kept one of them: a digest of the glue, from which the module imports, tells it too.
 */
import { createHash } from 'node:crypto';
import { EXPORTS, exportsOf, IMPORTS, importsOf, list, section, sectionsOf, text, withSections } from './sections.mjs';

/** Those that wasm-bindgen made, and no function of ours. */
const made = /^(?:__wb|wasm_bindgen__)/;

/** The module and the text of its glue, with a short name in place of each that wasm-bindgen made; and what each stands for. */
export function shortNames(module, glue) {
  const sections = sectionsOf(module);
  const contentOf = (wanted) => sections.find(({ id }) => id === wanted).content;
  const [imports, exports] = [importsOf(contentOf(IMPORTS)), exportsOf(contentOf(EXPORTS))];
  const names = [...imports, ...exports].map(({ name }) => name).filter((name) => made.test(name));
  // No name of the glue's own begins so.
  const short = new Map([...new Set(names)].map((name, at) => [name, `$${at.toString(36)}`]));
  const shortened = (name) => short.get(name) ?? name;

  const shortGlue = glue.replace(/\b\w+\b/g, shortened);
  const place = createHash('sha256').update(shortGlue).digest('hex').slice(0, 8);
  const renamed = {
    [IMPORTS]: list(imports.map(({ name, type }) => [...text(place), ...text(shortened(name)), ...type])),
    [EXPORTS]: list(exports.map(({ name, number }) => [...text(shortened(name)), ...number])),
  };
  return {
    module: withSections(
      module,
      sections.map((one) => (renamed[one.id] ? section(one.id, renamed[one.id]) : one)),
    ),
    glue: importedFrom(place, shortGlue, imports),
    names: Object.fromEntries([...short].map(([long, name]) => [name, long])),
  };
}

/** The glue with another name of the place that everything is imported from. */
function importedFrom(place, glue, imports) {
  const [former, ...others] = new Set(imports.map(({ module }) => JSON.stringify(module)));
  if (others.length > 0 || glue.split(former).length !== 2) throw new Error(`The glue does not name ${former} once.`);
  return glue.replace(former, JSON.stringify(place));
}
