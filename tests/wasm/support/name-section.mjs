/** The names of a wasm's functions, of its custom section `name` (the specification's appendix on custom sections). */
import { readFileSync } from 'node:fs';

const functionNames = 1;

/** A reader of the binary format's two forms that are needed. */
function cursor(bytes) {
  let at = 0;
  const text = new TextDecoder();
  const self = {
    isAtEnd: () => at >= bytes.length,
    byte: () => bytes[at++],
    /** LEB128, unsigned. */
    number() {
      let value = 0;
      for (let shift = 0; ; shift += 7) {
        const byte = self.byte();
        value += (byte & 0x7f) * 2 ** shift;
        if (byte < 0x80) return value;
      }
    },
    bytes(length) {
      at += length;
      return bytes.subarray(at - length, at);
    },
    name: () => text.decode(self.bytes(self.number())),
  };
  return self;
}

/**
 * The names of all functions in a wasm file, without the hash that rustc ends them with.
 *
 * @returns {Set<string>} such as `js::convert::get` or `<finding::Finding as core::clone::Clone>::clone`
 */
export const functionsOf = (file) => new Set(namesIn(readFileSync(file), file).values());

/** The names by the functions' numbers, in which those that are imported come first. */
function namesIn(wasm, file) {
  const [section] = WebAssembly.Module.customSections(new WebAssembly.Module(wasm), 'name');
  if (!section) throw new Error(`${file} has no names.`);
  const names = new Map();
  const sections = cursor(new Uint8Array(section));
  while (!sections.isAtEnd()) {
    const [id, content] = [sections.byte(), sections.bytes(sections.number())];
    if (id !== functionNames) continue;
    const entries = cursor(content);
    for (let left = entries.number(); left > 0; left -= 1) {
      names.set(entries.number(), entries.name().replace(/::h[0-9a-f]{16}$/, ''));
    }
  }
  return names;
}

const header = 8;
const codeSection = 10;

/** The functions of a wasm file with their code. */
export function codeOf(file) {
  const wasm = readFileSync(file);
  const names = namesIn(wasm, file);
  const imports = WebAssembly.Module.imports(new WebAssembly.Module(wasm));
  let number = imports.filter(({ kind }) => kind === 'function').length;
  const sections = cursor(wasm.subarray(header));
  const functions = [];
  while (!sections.isAtEnd()) {
    const [id, content] = [sections.byte(), sections.bytes(sections.number())];
    if (id !== codeSection) continue;
    const bodies = cursor(content);
    for (let left = bodies.number(); left > 0; left -= 1) {
      functions.push({ name: names.get(number) ?? '', bytes: bodies.bytes(bodies.number()) });
      number += 1;
    }
  }
  return functions;
}
