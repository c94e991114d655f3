/** The parts of a wasm module (WebAssembly Core 5.2 and 5.5), as far as the build changes them. */

const MAGIC_AND_VERSION = 8;

/** The numbers of the kinds of sections. */
export const CUSTOM = 0;
export const IMPORTS = 2;
export const EXPORTS = 7;
export const CODE = 10;

/** The sections of a module: each with its kind's number, its content, and all of its octets. */
export function sectionsOf(module) {
  const reader = read(module, MAGIC_AND_VERSION);
  const sections = [];
  while (!reader.isAtEnd) {
    const start = reader.at;
    const [id, content] = [reader.octet(), reader.sized()];
    sections.push({ id, content, whole: module.subarray(start, reader.at) });
  }
  return sections;
}

/** A section of this kind and content. */
export const section = (id, content) => ({ id, content, whole: Buffer.from([id, ...leb(content.length), ...content]) });

/** The module with these sections in place of its own. */
export const withSections = (module, sections) =>
  Buffer.concat([module.subarray(0, MAGIC_AND_VERSION), ...sections.map(({ whole }) => whole)]);

/** Reads the parts one after the other. */
export function read(bytes, at = 0) {
  const reader = {
    get at() {
      return at;
    },
    get isAtEnd() {
      return at >= bytes.length;
    },
    octet: () => bytes[at++],
    number() {
      let [value, shift] = [0, 0];
      for (;;) {
        const octet = bytes[at++];
        value |= (octet & 0x7f) << shift;
        if (octet < 0x80) return value >>> 0;
        shift += 7;
      }
    },
    take(length) {
      at += length;
      return bytes.subarray(at - length, at);
    },
    sized: () => reader.take(reader.number()),
    text: () => reader.sized().toString(),
  };
  return reader;
}

/** The imports of a module: of each its module, its name, and the octets of its type, which begin with its kind. */
export function importsOf(content) {
  const reader = read(content);
  const limits = () => {
    const hasMaximum = reader.octet() & 1;
    reader.number();
    if (hasMaximum) reader.number();
  };
  const types = [
    () => reader.number(),
    () => {
      reader.octet();
      limits();
    },
    limits,
    () => reader.take(2),
  ];
  return Array.from({ length: reader.number() }, () => {
    const [module, name, start] = [reader.text(), reader.text(), reader.at];
    const kind = reader.octet();
    if (!types[kind]) throw new Error(`The module imports something of kind ${kind}, which is not known here.`);
    types[kind]();
    return { module, name, type: content.subarray(start, reader.at) };
  });
}

/** The exports of a module: of each its name, and the octets of its kind and number. */
export function exportsOf(content) {
  const reader = read(content);
  return Array.from({ length: reader.number() }, () => {
    const [name, start] = [reader.text(), reader.at];
    reader.octet();
    reader.number();
    return { name, number: content.subarray(start, reader.at) };
  });
}

/** A number as the format writes it. */
export function leb(number) {
  const octets = [];
  for (let left = number; ; left >>>= 7) {
    if (left < 0x80) return [...octets, left];
    octets.push((left & 0x7f) | 0x80);
  }
}

/** A name as the format writes it. */
export const text = (value) => [...leb(Buffer.byteLength(value)), ...Buffer.from(value)];

/** A list as the format writes it, of the octets of each item. */
export const list = (items) => [...leb(items.length), ...items.flat()];
