import { shared } from '../shared.js';
import type {
  Bundle,
  Certificate,
  CreatedCsr,
  Csr,
  CsrInspection,
  CsrRequest,
  InspectionContext,
} from '../types/index.js';
import { type Glue, notProvided, type WasmLoader } from '../wasm-loader.js';

/** What is read, in a form that the wasm knows. */
type Input = string | Uint8Array;

/** What reads requests and certificates: a part of the core, and all of `pki.wasm`. */
export interface PkiWasm extends Glue {
  parseCsr(input: Input): Csr;
  parseCertificate(input: Input): Certificate;
  parseBundle(input: Input, csr: Input | undefined): Promise<Bundle>;
  sameKey(a: Input, b: Input): boolean;
  inspectCsr(input: Input, context: InspectionContext | undefined): Promise<CsrInspection>;
  createCsr(request: CsrRequest): Promise<CreatedCsr>;
}

/** Runs a function of whichever wasm can read: the core if it is loaded already, else the smaller one if it is at hand. */
export async function withReader<T>(use: (reader: PkiWasm) => T | Promise<T>): Promise<T> {
  const { loaders } = shared();
  const core = loaders.get('core');
  const loader = core?.loaded ? core : (loaders.get('pki') ?? core);
  if (!loader) throw notProvided('core');
  return (loader as WasmLoader<PkiWasm>).use(use);
}
