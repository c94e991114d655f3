import type { Lease, Store } from '../types/store.js';

interface Kept {
  readonly value: string;
  /** On the monotonic clock. */
  readonly until: number;
}

/**
 * A store in memory: for several clients of one process, and for tests. It forgets when the process ends.
 *
 * @example
 * const client = new CertsClient({ auth, store: createMemoryStore() });
 */
export function createMemoryStore(): Store {
  const values = new Map<string, Kept>();
  const locks = new Map<string, { until: number }>();
  let sweepAt = 100;
  const get = (key: string) => {
    const kept = values.get(key);
    return kept && kept.until > performance.now() ? kept.value : undefined;
  };
  const put = (key: string, value: string | undefined, keepMs = Number.POSITIVE_INFINITY) => {
    if (value === undefined) values.delete(key);
    else values.set(key, { value, until: performance.now() + keepMs });
    if (values.size < sweepAt) return;
    // When there are twice as many as were left: a value costs the same however many there are.
    for (const name of [...values.keys()]) if (get(name) === undefined) values.delete(name);
    sweepAt = Math.max(100, 2 * values.size);
  };
  return {
    get,
    set: put,
    update: (key, replace, keepMs) => put(key, replace(get(key)), keepMs),
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
