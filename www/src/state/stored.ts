import { effect, type Signal, signal } from '@preact/signals';

/**
 * A storage of the browser. Where it is forbidden it is empty, and says so to who wants something kept: what is only
 * looked at needs none.
 */
export function storageOf(name: 'localStorage' | 'sessionStorage'): Storage {
  try {
    return window[name];
  } catch (reason) {
    const setItem = () => {
      throw reason;
    };
    return { length: 0, key: () => null, getItem: () => null, setItem, removeItem() {}, clear() {} };
  }
}

/** A signal that survives a reload. For choices and public data: never for a secret. */
export function stored<T>(name: string, initial: T, storage: () => Storage = () => localStorage): Signal<T> {
  const key = `markmonitor-certs:${name}`;
  const state = signal(initial);
  // Where storage is full, forbidden or spoilt, the page works without it.
  const attempt = (step: () => void) => {
    try {
      step();
    } catch {}
  };
  attempt(() => {
    state.value = JSON.parse(storage().getItem(key) ?? JSON.stringify(initial));
  });
  effect(() => {
    const text = JSON.stringify(state.value);
    attempt(() => storage().setItem(key, text));
  });
  return state;
}
