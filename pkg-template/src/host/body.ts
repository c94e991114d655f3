import { parseJson } from './json.js';
import { codecs } from './natives.js';

/** What a reply may have to be read with: a mock has one of these, a Response all of them. */
interface Readable {
  body?: { getReader?(): ReadableStreamDefaultReader<unknown> } | null;
  arrayBuffer?(): Promise<ArrayBuffer>;
  text?(): Promise<string>;
  json?(): Promise<unknown>;
}

/** What was read of a body. */
export type Read = { json: unknown } | { text: string } | Uint8Array | undefined;

/**
 * Reads the body of a reply, once, and never more than `limit` bytes of it. JSON is read as `Response.json()` reads it:
 * a byte order mark is dropped, octets that are not UTF-8 become U+FFFD, and escapes of lone surrogates stay. Whole numbers
 * beyond those that JavaScript can hold, which would become others, are read as texts.
 *
 * @returns A file as a Uint8Array; else `{ json }`, `{ text }` for what is not JSON, or undefined for an empty body.
 * @throws `{ tooLarge: true }`, else what the reply failed with.
 */
export function bodyOf(response: unknown, isFile: boolean, limit: number): Promise<Read> {
  const reply = response as Readable;
  return isFile ? readBytes(reply, limit) : readJson(reply, limit);
}

async function readJson(reply: Readable, limit: number): Promise<Read> {
  if (canStream(reply) || reply.arrayBuffer) return parsed(textOf(await readBytes(reply, limit)));
  if (reply.text) return parsed(withinLimit(await reply.text(), limit).replace(/^\uFEFF/, ''));
  const json = await reply.json?.();
  return json === undefined ? undefined : { json };
}

function parsed(text: string): Read {
  try {
    return { json: parseJson(text) };
  } catch {
    return text.trim() === '' ? undefined : { text };
  }
}

let decoder: Pick<TextDecoder, 'decode'> | undefined;

/** Decoded at once: V8 parses one flat text faster than many that were put together, and decodes it faster too. */
function textOf(bytes: Uint8Array): string {
  decoder ??= new (codecs().TextDecoder)();
  return decoder.decode(bytes);
}

/** Collects a body as it comes. */
class Bytes {
  readonly #chunks: Uint8Array[] = [];
  #length = 0;

  add(chunk: Uint8Array): void {
    this.#chunks.push(chunk);
    this.#length += chunk.byteLength;
  }

  end(): Uint8Array {
    const [first] = this.#chunks;
    if (first && this.#chunks.length === 1) return first;
    const whole = new Uint8Array(this.#length);
    let at = 0;
    for (const chunk of this.#chunks) {
      whole.set(chunk, at);
      at += chunk.byteLength;
    }
    return whole;
  }
}

function readBytes(reply: Readable, limit: number): Promise<Uint8Array> {
  return canStream(reply) ? readStream(reply.body.getReader(), limit) : readWhole(reply, limit);
}

async function readWhole(reply: Readable, limit: number): Promise<Uint8Array> {
  if (reply.arrayBuffer) {
    const buffer = await reply.arrayBuffer();
    if (buffer.byteLength > limit) throw tooLarge;
    return new Uint8Array(buffer);
  }
  if (!reply.text) return new Uint8Array();
  return new (codecs().TextEncoder)().encode(withinLimit(await reply.text(), limit));
}

async function readStream(reader: ReadableStreamDefaultReader<unknown>, limit: number): Promise<Uint8Array> {
  const collector = new Bytes();
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return collector.end();
    if (!isBytes(value)) throw new TypeError('the body of the reply yields something that is not bytes');
    length += value.byteLength;
    if (length > limit) {
      // Nobody waits for what cancelling comes to.
      reader.cancel().catch(() => {});
      throw tooLarge;
    }
    collector.add(value);
  }
}

const tooLarge = { tooLarge: true };

/** Whether a body could not be read because it is larger than it may be. */
export const isTooLarge = (reason: unknown): boolean => reason === tooLarge;

/** No text has fewer octets in UTF-8 than UTF-16 units. */
function withinLimit(text: string, limit: number): string {
  if (text.length > limit) throw tooLarge;
  return text;
}

function canStream(reply: Readable): reply is { body: { getReader(): ReadableStreamDefaultReader<unknown> } } {
  return typeof reply.body?.getReader === 'function';
}

/** By tag where instanceof says no: a test runner may have made it in another realm. */
export function isBytes(value: unknown): value is Uint8Array {
  return value instanceof Uint8Array || Object.prototype.toString.call(value) === '[object Uint8Array]';
}
