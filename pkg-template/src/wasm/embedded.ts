import { version } from '../version.js';

type Bytes = Uint8Array<ArrayBuffer>;

/** What decodes base64 natively, where there is such a thing: a wasm is half a megabyte. */
interface Natives {
  Buffer?: { from(text: string, encoding: 'base64'): Bytes };
  Uint8Array: { fromBase64?(text: string): Bytes };
}

/** Where the scripts of `dist/embedded` leave each wasm, in base64, by its name. */
const key = Symbol.for(`markmonitor-certs@${version}/embedded`);

/** The octets of a wasm whose script has run. */
export function embeddedWasm(name: string): Bytes {
  const text = (globalThis as { [key]?: Record<string, string> })[key]?.[name];
  if (text === undefined) throw new Error(`the script embedded/${name}.js of this package was left out of the bundle`);
  return bytesOfBase64(text);
}

/** The octets of base64. */
export function bytesOfBase64(text: string): Bytes {
  const natives = globalThis as unknown as Natives;
  if (natives.Buffer) return natives.Buffer.from(text, 'base64');
  if (natives.Uint8Array.fromBase64) return natives.Uint8Array.fromBase64(text);
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let at = 0; at < binary.length; at += 1) bytes[at] = binary.charCodeAt(at);
  return bytes;
}
