import type { Lease, Store } from 'markmonitor-certs';

/** What of `Storage` is used. */
type Place = Pick<Storage, 'getItem' | 'setItem' | 'removeItem' | 'key' | 'length'>;

/** A value, and until when it is needed, in ms since 1970; for ever without. */
type Kept = { value: string; until?: number };

/**
 * A `Store` for the client in a page, over the storage of the browser: what is placed once survives a reload.
 *
 * @param prefix What every key begins with, so that the store can be cleared: one for each account.
 * @param locks The browser's locks, which the tabs share and which end with the tab. A page that came over http has none;
 *   then a lock holds within the tab alone.
 */
export function createBrowserStore(place: Place, prefix: string, locks?: LockManager): Store & { clear(): void } {
  const held = new Set<string>();
  const get = (key: string): string | undefined => {
    const { value, until = Number.POSITIVE_INFINITY }: Partial<Kept> = JSON.parse(place.getItem(prefix + key) ?? '{}');
    return until > Date.now() ? value : undefined;
  };
  const set = (key: string, value: string | undefined, keepMs?: number) => {
    const kept = { value, ...(keepMs !== undefined && { until: Date.now() + keepMs }) };
    if (value === undefined) place.removeItem(prefix + key);
    else place.setItem(prefix + key, JSON.stringify(kept));
  };
  return {
    get,
    set,
    async update(key, replace, keepMs) {
      const work = () => set(key, replace(get(key), Date.now()), keepMs);
      await (locks ? locks.request(`${prefix}update ${key}`, work) : work());
    },
    lock(key, leaseMs) {
      const name = `${prefix}lock ${key}`;
      if (locks) return lockOf(locks, name, leaseMs);
      if (held.has(name)) return undefined;
      held.add(name);
      return leased(() => held.delete(name), leaseMs);
    },
    clear() {
      const keys = Array.from({ length: place.length }, (_, index) => place.key(index) ?? '');
      for (const key of keys) if (key.startsWith(prefix)) place.removeItem(key);
    },
  };
}

/** Gives back when it is asked to, and at the end of the lease. */
function leased(giveBack: () => void, leaseMs: number): Lease {
  const timer = setTimeout(giveBack, leaseMs);
  return {
    release() {
      clearTimeout(timer);
      giveBack();
    },
  };
}

/** The browser holds a lock for as long as a promise is open. */
function lockOf(locks: LockManager, name: string, leaseMs: number): Promise<Lease | undefined> {
  return new Promise((resolve, reject) => {
    const hold = (lock: Lock | null) => {
      if (!lock) return resolve(undefined);
      return new Promise<void>((release) => resolve(leased(release, leaseMs)));
    };
    locks.request(name, { ifAvailable: true }, hold).catch(reject);
  });
}
