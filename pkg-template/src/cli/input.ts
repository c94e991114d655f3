/** What commands read: files, standard input, secrets. */
import { readFile } from 'node:fs/promises';
import { usage } from './failure.js';
import type { Terminal } from './terminal.js';

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'this user may not read it',
  EISDIR: 'it is a folder',
};

/** A file's bytes; `-` is standard input. */
export async function readInput(file: string, { stdin }: Terminal): Promise<Uint8Array> {
  if (file !== '-') {
    try {
      return await readFile(file);
    } catch (error) {
      const { code = '', message } = error as NodeJS.ErrnoException;
      throw usage(`Cannot read ${file}: ${reasons[code] ?? message}.`);
    }
  }
  const chunks: Buffer[] = [];
  for await (const chunk of stdin) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** A file's text, without a mark of byte order; of UTF-16 as well, as PowerShell writes it. */
export async function readText(file: string, terminal: Terminal): Promise<string> {
  const bytes = await readInput(file, terminal);
  const isWide = bytes[0] === 0xff && bytes[1] === 0xfe;
  return new TextDecoder(isWide ? 'utf-16le' : 'utf-8').decode(bytes);
}

/** The object in a file of JSON. */
export async function readObject<T extends object>(file: string, terminal: Terminal): Promise<T> {
  const text = await readText(file, terminal);
  const name = file === '-' ? 'standard input' : file;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    // The engine's message quotes the text, which may hold a secret.
    const [, at] = /position (\d+)/.exec((error as Error).message) ?? [];
    const where = at === undefined ? '' : `, at ${placeOf(text, Number(at))}`;
    throw usage(`${name} is not JSON${where}.`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw usage(`${name} must hold one JSON object, \`{ … }\`.`);
  }
  return value as T;
}

function placeOf(text: string, at: number): string {
  const before = text.slice(0, at).split('\n');
  return `line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`;
}

/** A secret from a file, without the ends of lines after it. */
export async function readSecret(file: string, terminal: Terminal): Promise<string> {
  const secret = (await readText(file, terminal)).replace(/[\r\n]+$/, '');
  if (secret === '') throw usage(`${file} is empty: it must hold the secret.`);
  return secret;
}
