import type { Lease, Store } from '../types/store.js';
import { shared } from '../wasm/shared.js';
import { storePatienceMs } from './patience.js';

/**
 * A store whose locks also keep out the other clients of this process: each may have been given a store of its own, which
 * knows nothing of the others. What lacks a method stays as it is, and is refused by the core.
 *
 * @param underWay What is ended when the instance breaks that locks.
 */
export function lockedHereToo(store: Store, underWay: Set<() => void>): Store {
  const here = shared().store;
  const { get, set, update, lock } = Object(store) as Store;
  if ([get, set, update, lock].some((method) => typeof method !== 'function')) return store;
  // Whoever has it gives it back, or breaks: behind a slow limit a look takes longer than any lease.
  const lockHere = async (key: string): Promise<Lease | undefined> => {
    const lease = await here.lock(key, Number.POSITIVE_INFINITY);
    if (!lease) return undefined;
    const release = () => {
      underWay.delete(release);
      return lease.release();
    };
    underWay.add(release);
    return { release };
  };
  if (store === here) return { get, set, update, lock: lockHere };
  return {
    get: get.bind(store),
    set: set.bind(store),
    update: update.bind(store),
    async lock(key, leaseMs): Promise<Lease | undefined> {
      const held = await lockHere(key);
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
