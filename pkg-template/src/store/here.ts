import type { Lease, Store } from '../types/store.js';
import { shared } from '../wasm/shared.js';
import { storePatienceMs } from './patience.js';

/**
 * A store whose locks also keep out the other clients of this process: each may have been given a store of its own, which
 * knows nothing of the others. What lacks a method stays as it is, and is refused by the core.
 */
export function lockedHereToo(store: Store): Store {
  const here = shared().store;
  const { get, set, update, lock } = Object(store) as Store;
  if (store === here || [get, set, update, lock].some((method) => typeof method !== 'function')) return store;
  return {
    get: get.bind(store),
    set: set.bind(store),
    update: update.bind(store),
    async lock(key, leaseMs): Promise<Lease | undefined> {
      const held = await here.lock(key, leaseMs);
      if (!held) return undefined;
      let lease: Lease | undefined;
      let isGivenUp = false;
      // Whoever comes then is not kept out by who has gone.
      const timer = setTimeout(() => {
        isGivenUp = true;
        held.release();
      }, storePatienceMs);
      try {
        lease = await lock.call(store, key, leaseMs);
      } finally {
        clearTimeout(timer);
        if (typeof lease?.release !== 'function') await held.release();
      }
      const release = lease?.release;
      if (typeof release !== 'function') return lease;
      if (isGivenUp) {
        await release.call(lease);
        return undefined;
      }
      return {
        async release() {
          await held.release();
          await release.call(lease);
        },
      };
    },
  };
}
