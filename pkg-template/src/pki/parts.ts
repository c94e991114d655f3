import { loadPart } from '../wasm/part.js';

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
  parts.suffixes ??= (await loadPart('table of domain suffixes', () => import('domain-suffixes'))).default;
  return parts.suffixes;
}

/** What makes requests and files, loaded once. */
export async function creation(): Promise<Parts['creation']> {
  parts.creation ??= await loadPart('part that makes requests', () => import('./creation.js'));
  return parts.creation;
}
