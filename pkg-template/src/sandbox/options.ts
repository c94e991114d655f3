import type { FaultRule, SandboxOptions } from '../types/sandbox.js';

const knownOptions: Record<keyof SandboxOptions, true> = {
  autoAdvance: true,
  demo: true,
  latencyMs: true,
  now: true,
  rateLimit: true,
  readings: true,
  seed: true,
  users: true,
};

const knownFaults: Record<keyof FaultRule, true> = {
  body: true,
  delayMs: true,
  drop: true,
  headers: true,
  method: true,
  path: true,
  probability: true,
  status: true,
  times: true,
};

/** Refuses options that nobody would read: a misspelt one would be a silent surprise. */
export function checkOptions(options: SandboxOptions): void {
  checkNames('createSandbox', options, knownOptions);
}

/** The same for a fault. */
export function checkFault(rule: FaultRule): void {
  checkNames('fault', rule, knownFaults);
}

function checkNames(what: string, given: object, known: object): void {
  const unknown = Object.keys(given).filter((name) => !Object.hasOwn(known, name));
  if (unknown.length === 0) return;
  throw new TypeError(`${what} knows no option ${unknown.join(', ')}; it knows ${Object.keys(known).join(', ')}.`);
}
