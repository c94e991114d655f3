import type { Store } from '../types/store.js';

/** The name of the database and of what is in it. */
const name = 'markmonitor-certs';

/**
 * What the tabs and workers of one origin share, in IndexedDB: its transactions see what every other one has written, and
 * nothing else that a page keeps does so in every moment. `localStorage` is copied into each tab, and a tab that stood still
 * reads an old copy for a while, whatever lock it holds. Nothing where the browser has none of it.
 */
export function tabsStore(): Store | undefined {
  const { indexedDB } = globalThis;
  if (!indexedDB) return undefined;
  let opening: Promise<IDBDatabase> | undefined;
  const database = () => {
    opening ??= open(indexedDB, () => {
      opening = undefined;
    });
    return opening;
  };
  const get: Store['get'] = async (key) => {
    const values = (await database()).transaction(name).objectStore(name);
    return resultOf<string | undefined>(values.get(key));
  };
  const update: Store['update'] = async (key, replace) => {
    // Relaxed: it outlives the tab, and need not outlive a power cut.
    const transaction = (await database()).transaction(name, 'readwrite', { durability: 'relaxed' });
    const values = transaction.objectStore(name);
    const done = endOf(transaction);
    const found = values.get(key);
    found.onsuccess = () => {
      const value = replace(found.result, Date.now());
      if (value === undefined) values.delete(key);
      else values.put(value, key);
    };
    await done;
  };
  return {
    get,
    set: (key, value) => update(key, () => value),
    update,
    async lock(key, leaseMs) {
      let until: string | undefined;
      await update(key, (held, now = 0) => {
        until = Number(held ?? 0) <= now ? String(now + leaseMs) : undefined;
        return until ?? held;
      });
      return until === undefined
        ? undefined
        : { release: () => update(key, (held) => (held === until ? undefined : held)) };
    },
  };
}

/** @param onClose The browser closed it, or somebody deletes it: to be opened again. */
async function open(factory: IDBFactory, onClose: () => void): Promise<IDBDatabase> {
  try {
    const request = factory.open(name, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(name);
    const database = await resultOf(request);
    database.onclose = onClose;
    database.onversionchange = () => {
      database.close();
      onClose();
    };
    return database;
  } catch (reason) {
    onClose();
    throw reason;
  }
}

function resultOf<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

function endOf(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error ?? new Error('The transaction was aborted.'));
  });
}
