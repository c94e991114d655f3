import { CertsError } from '../errors/classes.js';

/** What is loaded when it is first needed, unless the entry has brought it, as one that is a single file does. */
interface Parts {
  /** The table of domain suffixes. */
  suffixes: string;
  creation: typeof import('./creation.js');
}

/** Those that are there. */
export const parts: Partial<Parts> = {};

/** Takes the parts from an entry. Bundlers then put them where the entry is. */
export function takeParts(brought: Parts): void {
  Object.assign(parts, brought);
}

/** The table, loaded once. */
export async function suffixTable(): Promise<string> {
  parts.suffixes ??= (await loaded('table of domain suffixes', import('domain-suffixes'))).default;
  return parts.suffixes;
}

/** What makes requests and files, loaded once. */
export async function creation(): Promise<Parts['creation']> {
  parts.creation ??= await loaded('part that makes requests', import('./creation.js'));
  return parts.creation;
}

async function loaded<T>(what: string, part: Promise<T>): Promise<T> {
  try {
    return await part;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const message =
      `The ${what}, a file of this package beside its code, could not be loaded: ${reason}. ` +
      'The next use tries again.';
    throw new CertsError({ code: 'wasm_load_failed', message, cause });
  }
}
