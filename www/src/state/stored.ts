import { effect, type Signal, signal } from '@preact/signals';

/** A signal that survives a reload. For choices and public data: never for a secret. */
export function stored<T>(name: string, initial: T, storage: () => Storage = () => localStorage): Signal<T> {
  const key = `markmonitor-certs:${name}`;
  const state = signal(read(key, initial, storage));
  effect(() => {
    const text = JSON.stringify(state.value);
    try {
      storage().setItem(key, text);
    } catch {
      // Storage is full or forbidden: the page works without it.
    }
  });
  return state;
}

function read<T>(key: string, initial: T, storage: () => Storage): T {
  try {
    const text = storage().getItem(key);
    return text === null ? initial : (JSON.parse(text) as T);
  } catch {
    return initial;
  }
}
