/** Runs something in a caller's context: what `AsyncLocalStorage` keeps for it, such as the span of a trace or the user. */
export type Within = <R>(work: () => R) => R;

/** `AsyncLocalStorage`, which Node has among its modules, and the edge runtime of Next among the globals. */
interface Storages {
  readonly AsyncLocalStorage?: { snapshot?(): Within };
  readonly process?: { getBuiltinModule?(name: 'node:async_hooks'): Storages | undefined };
}

/**
 * The context of who calls now, where there is such a thing. The calls of a client take turns in the core, so that each would
 * send in the context of whoever was first.
 */
export function callersContext(): Within | undefined {
  try {
    const world = globalThis as Storages;
    const { AsyncLocalStorage } = world.AsyncLocalStorage
      ? world
      : (world.process?.getBuiltinModule?.('node:async_hooks') ?? {});
    return AsyncLocalStorage?.snapshot?.();
  } catch {
    // Next's throws where it has no module of Node's.
    return undefined;
  }
}
