import makeGlue from 'wasm-glue:core';
import type { CoreClientConstructor } from './core-client.js';
import type { PkiWasm } from './pki/reader.js';
import type { DcvInstructions, Finding, NewOrder, Order, OrderAction } from './types/index.js';
import { sharedLoader, type WasmLoader } from './wasm-loader.js';

/** What the wasm core exports, as this package uses it. */
export interface Core extends PkiWasm {
  Client: CoreClientConstructor;
  allowedActions(order: Order): OrderAction[];
  checkOrder(order: NewOrder): Finding[];
  renewalOf(order: Order, changes: { csr: string } & Partial<NewOrder>): NewOrder;
  dcvInstructions(domain: string, method: string, token: string | undefined): DcvInstructions;
}

/** The loader of the core; every copy of this package in the process has the same. */
export function coreLoader(): WasmLoader<Core> {
  return sharedLoader<Core>('core', makeGlue);
}
