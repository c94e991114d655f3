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
export function functionsOf(file) {
  const [section] = WebAssembly.Module.customSections(new WebAssembly.Module(readFileSync(file)), 'name');
  if (!section) throw new Error(`${file} has no names.`);
  const names = new Set();
  const sections = cursor(new Uint8Array(section));
  while (!sections.isAtEnd()) {
    const [id, content] = [sections.byte(), sections.bytes(sections.number())];
    if (id !== functionNames) continue;
    const entries = cursor(content);
    for (let left = entries.number(); left > 0; left -= 1) {
      entries.number();
      names.add(entries.name().replace(/::h[0-9a-f]{16}$/, ''));
    }
  }
  return names;
}
