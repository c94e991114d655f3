import type { Store } from '../types/store.js';

/** What of a page is used here, where it is there at all: a page without storage throws when it is only looked at. */
interface Page {
  readonly localStorage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;
  readonly navigator: {
    locks?: { request(name: string, options: { steal?: boolean }, work: () => void): Promise<void> };
  };
}

/** An update takes no time: a lock that is held for longer is that of a tab that stands still, in milliseconds. */
const longestUpdate = 1000;

/**
 * What the tabs of one origin share, in `localStorage`. A lock of the browser is held for each update and no longer: a tab
 * that is frozen holds up no other. Nothing where the browser has none of it.
 */
export function tabsStore(): Store | undefined {
  try {
    const { localStorage, navigator } = globalThis as unknown as Page;
    const locks = navigator.locks;
    if (!locks || typeof localStorage.getItem !== 'function') return undefined;
    const get = (key: string) => localStorage.getItem(key) ?? undefined;
    const set = (key: string, value: string | undefined) =>
      value === undefined ? localStorage.removeItem(key) : localStorage.setItem(key, value);
    const update: Store['update'] = async (key, replace) => {
      let isDone = false;
      let steal = false;
      while (!isDone) {
        const askedAt = performance.now();
        const work = () => {
          // A tab that stood still sees for a moment what was stored before: it asks once more.
          if (isDone || performance.now() - askedAt > longestUpdate) return;
          set(key, replace(get(key), Date.now()));
          isDone = true;
        };
        let timer: ReturnType<typeof setTimeout> | undefined;
        const late = new Promise<boolean>((resolve) => {
          timer = setTimeout(resolve, longestUpdate, true);
        });
        const asked: Promise<boolean> = locks.request(key, { steal }, work).then(
          () => false,
          (reason) => {
            // Another tab took it away: once more.
            if ((reason as { name?: unknown } | undefined)?.name === 'AbortError') return false;
            throw reason;
          },
        );
        steal = await Promise.race([asked, late]);
        clearTimeout(timer);
      }
    };
    return {
      get,
      set,
      update,
      async lock(key, leaseMs) {
        let until: string | undefined;
        await update(key, (held) => {
          const isFree = Number(held ?? 0) <= Date.now();
          until = isFree ? String(Date.now() + leaseMs) : undefined;
          return until ?? held;
        });
        return until === undefined
          ? undefined
          : { release: () => update(key, (held) => (held === until ? undefined : held)) };
      },
    };
  } catch {
    return undefined;
  }
}
