import makeGlue from 'wasm-glue:sandbox';
import { type Glue, sharedLoader, type WasmLoader } from '../wasm-loader.js';
import type { FaultRule, SandboxCredentials, SandboxOptions } from './options.js';

/** The service in memory, as the wasm exports it: pure, with the time as a parameter. */
export interface SandboxService {
  handle(method: string, url: string, headers: [string, string][], body: Uint8Array | undefined, nowMs: number): Reply;
  fault(rule: FaultRule): void;
  clearFaults(): void;
  credentials(): SandboxCredentials;
  /** When something next happens by itself, in milliseconds since 1970. */
  nextChange(nowMs: number): number | undefined;
}

/** What the service answers, and how late. */
export interface Reply {
  status: number;
  headers: [string, string][];
  body: Uint8Array<ArrayBuffer>;
  delayMs: number;
  drop?: 'before' | 'after';
}

/** What the sandbox's wasm exports. */
export interface SandboxWasm extends Glue {
  Sandbox: new (options: Omit<SandboxOptions, 'now' | 'autoAdvance'> & { now: number }) => SandboxService;
}

/** The loader of the sandbox's wasm. */
export function sandboxLoader(): WasmLoader<SandboxWasm> {
  return sharedLoader<SandboxWasm>('sandbox', makeGlue);
}
