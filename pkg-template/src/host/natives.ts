/** What turns octets into text and back, as far as it is used here. */
export interface Codecs {
  readonly TextDecoder: new (label?: string, options?: TextDecoderOptions) => Pick<TextDecoder, 'decode'>;
  readonly TextEncoder: new () => Pick<TextEncoder, 'encode' | 'encodeInto'>;
}

/** Node's, which Jest leaves in the globals of jsdom, where neither of the standard two is. */
interface NodeBuffer {
  from(text: string, encoding: 'utf8'): Uint8Array<ArrayBuffer>;
  from(buffer: ArrayBufferLike, offset: number, length: number): { toString(encoding: 'utf8'): string };
}

interface NodeProcess {
  getBuiltinModule?(name: 'node:crypto'): { webcrypto: Crypto } | undefined;
}

/**
 * WebCrypto as this environment has it, which may be nowhere: Node's, where jsdom has put one in its place that makes no
 * keys.
 *
 * @internal
 */
export function webCrypto(): Crypto {
  const { crypto, process } = globalThis as { crypto?: Crypto; process?: NodeProcess };
  return (!crypto?.subtle && process?.getBuiltinModule?.('node:crypto')?.webcrypto) || (crypto as Crypto);
}

/** UTF-8 as this environment has it. */
export function codecs(): Codecs {
  const { TextDecoder, TextEncoder, Buffer } = globalThis as Partial<Codecs> & { Buffer?: NodeBuffer };
  if (TextDecoder && TextEncoder) return { TextDecoder, TextEncoder };
  if (Buffer) return codecsOf(Buffer);
  throw new Error(
    'there is no TextDecoder or TextEncoder here: set both in the globals before this package is used, such as ' +
      "Object.assign(globalThis, require('node:util'))",
  );
}

function codecsOf(buffers: NodeBuffer): Codecs {
  return {
    TextDecoder: class {
      readonly #mark: RegExp;

      constructor(_?: string, { ignoreBOM = false }: TextDecoderOptions = {}) {
        this.#mark = ignoreBOM ? /(?!)/ : /^\uFEFF/;
      }

      decode(bytes: ArrayBufferView = new Uint8Array()): string {
        const { buffer, byteOffset, byteLength } = bytes;
        return buffers.from(buffer, byteOffset, byteLength).toString('utf8').replace(this.#mark, '');
      }
    },
    TextEncoder: class {
      encode(text = ''): Uint8Array<ArrayBuffer> {
        return buffers.from(text, 'utf8');
      }

      encodeInto(text: string, target: Uint8Array): { read: number; written: number } {
        const whole = this.encode(text);
        const pieces = whole.length <= target.length ? [text] : text;
        let [read, written] = [0, 0];
        for (const piece of pieces) {
          const bytes = this.encode(piece);
          if (written + bytes.length > target.length) break;
          target.set(bytes, written);
          read += piece.length;
          written += bytes.length;
        }
        return { read, written };
      }
    },
  };
}
