/** Runs something in a caller's context: what `AsyncLocalStorage` keeps for it, such as the span of a trace or the user. */
export type Within = <R>(work: () => R) => R;

interface NodeProcess {
  getBuiltinModule?(name: 'node:async_hooks'): { AsyncLocalStorage: { snapshot?(): Within } } | undefined;
}

/**
 * The context of who calls now, where there is such a thing. The calls of a client take turns in the core, so that each would
 * send in the context of whoever was first.
 */
export function callersContext(): Within | undefined {
  const { process } = globalThis as { process?: NodeProcess };
  return process?.getBuiltinModule?.('node:async_hooks')?.AsyncLocalStorage.snapshot?.();
}
