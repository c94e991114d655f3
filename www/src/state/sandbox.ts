import { createSandbox, type Sandbox } from 'markmonitor-certs/sandbox';

/** The sandbox with its demo world. */
export function openSandbox(): Promise<Sandbox> {
  return createSandbox({ demo: true, seed: 1 });
}
