/** Runs something in a caller's context: what `AsyncLocalStorage` keeps for it, such as the span of a trace or the user. */
export type Within = <R>(work: () => R) => R;

/** `node:async_hooks`, as far as it is there. */
interface AsyncHooks {
  readonly AsyncResource?: new (type: string) => { runInAsyncScope: Within };
  readonly AsyncLocalStorage?: { snapshot?(): Within };
}

interface Globals extends AsyncHooks {
  readonly process?: { getBuiltinModule?(name: 'node:async_hooks'): AsyncHooks | undefined };
}

let hooks: AsyncHooks | undefined;

/**
 * The context of who calls now, where there is such a thing. The calls of a client take turns in the core, so that each would
 * send in the context of whoever was first.
 */
export function callersContext(): Within | undefined {
  hooks ??= asyncHooks();
  const { AsyncResource, AsyncLocalStorage } = hooks;
  // A snapshot takes Node 20 two hundred times as long.
  if (!AsyncResource) return AsyncLocalStorage?.snapshot?.();
  const resource = new AsyncResource('CertsClient');
  return (work) => resource.runInAsyncScope(work);
}

/** Node has them in a module, the edge runtime of Next what it has of them among the globals. */
function asyncHooks(): AsyncHooks {
  const world = globalThis as Globals;
  try {
    return (world.AsyncLocalStorage ? world : world.process?.getBuiltinModule?.('node:async_hooks')) ?? {};
  } catch {
    // Next's throws where it has no module of Node's.
    return {};
  }
}
