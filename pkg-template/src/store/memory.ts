import type { Lease, Store } from '../types/store.js';

/**
 * A store in memory: for several clients of one process, and for tests. It forgets when the process ends.
 *
 * @example
 * const client = new CertsClient({ auth, store: createMemoryStore() });
 */
export function createMemoryStore(): Store {
  const values = new Map<string, string>();
  const locks = new Map<string, { until: number }>();
  const put = (key: string, value: string | undefined) => {
    if (value === undefined) values.delete(key);
    else values.set(key, value);
  };
  return {
    get: (key) => values.get(key),
    set: put,
    update: (key, replace) => put(key, replace(values.get(key))),
    lock(key, leaseMs): Lease | undefined {
      const now = performance.now();
      if ((locks.get(key)?.until ?? now) > now) return undefined;
      const lock = { until: now + leaseMs };
      locks.set(key, lock);
      return {
        release() {
          if (locks.get(key) === lock) locks.delete(key);
        },
      };
    },
  };
}
