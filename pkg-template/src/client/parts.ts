import { loadPart } from '../wasm/part.js';

/** What few programs use: it is loaded when one first does, unless the entry has brought it, as one that is a single file does. */
interface Parts {
  readonly diagnosis: typeof import('../diagnose/diagnose.js');
  readonly renewals: typeof import('../renewals/unattended.js');
}

let brought: Partial<Parts> = {};

/** Takes the parts from an entry. Bundlers then put them where the entry is. */
export function takeParts(parts: Parts): void {
  brought = parts;
}

export const diagnosis = async () =>
  brought.diagnosis ?? (await loadPart('part that diagnoses', () => import('../diagnose/diagnose.js')));
export const renewals = async () =>
  brought.renewals ?? (await loadPart('part that renews', () => import('../renewals/unattended.js')));
