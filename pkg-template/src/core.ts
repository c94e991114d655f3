import makeGlue from 'wasm-glue:core';
import type { CoreClientConstructor } from './core-client.js';
import { errorOfDto, InternalError } from './errors.js';
import type {
  Bundle,
  Certificate,
  CreatedCsr,
  Csr,
  CsrInspection,
  CsrRequest,
  DcvInstructions,
  Finding,
  InspectionContext,
  NewOrder,
  Order,
  OrderAction,
} from './types/index.js';
import { type Glue, sharedLoader, type WasmLoader } from './wasm-loader.js';

/** What the wasm core exports, as this package uses it. */
export interface Core extends Glue {
  Client: CoreClientConstructor;
  parseCsr(input: string | Uint8Array): Csr;
  parseCertificate(input: string | Uint8Array): Certificate;
  parseBundle(input: string | Uint8Array): Bundle;
  sameKey(a: string | Uint8Array, b: string | Uint8Array): boolean;
  inspectCsr(input: string | Uint8Array, context: InspectionContext | undefined): Promise<CsrInspection>;
  createCsr(request: CsrRequest): Promise<CreatedCsr>;
  allowedActions(order: Order): OrderAction[];
  checkOrder(order: NewOrder): Finding[];
  renewalOf(order: Order, changes: { csr: string } & Partial<NewOrder>): NewOrder;
  dcvInstructions(domain: string, method: string, token: string | undefined): DcvInstructions;
}

/** The loader of the core; every copy of this package in the process has the same. */
export function coreLoader(): WasmLoader<Core> {
  return sharedLoader<Core>('core', makeGlue);
}

/** Runs a function of the core, loading it first if it has to be. */
export async function withCore<T>(use: (core: Core) => T | Promise<T>): Promise<T> {
  const core = await coreLoader().get();
  try {
    return await use(core);
  } catch (reason) {
    throw errorOf(reason, core);
  }
}

/** The error to throw for what the core threw. */
export function errorOf(reason: unknown, core: Core, signal?: AbortSignal): unknown {
  if (isTrap(reason)) {
    coreLoader().drop(core);
    const message = 'The core failed; this is a mistake of the package. Please report it.';
    return new InternalError({ code: 'internal', message, cause: reason });
  }
  return isAbort(reason) ? signal?.reason : errorOfDto(reason);
}

// A Rust panic ends as a trap, and leaves the instance in no state to go on with.
function isTrap(reason: unknown): boolean {
  return reason instanceof Error && reason.name === 'RuntimeError';
}

function isAbort(reason: unknown): boolean {
  return typeof reason === 'object' && reason !== null && 'type' in reason && reason.type === 'Aborted';
}
