import { tell } from '../connection/listener.js';

/** Listeners, by the events that they want to hear of. */
export class Emitter<E extends object> {
  readonly #listeners = new Map<PropertyKey, Set<(event: never) => void>>();
  readonly #onChange: (heard: (keyof E)[]) => void;

  /** Calls `onChange` with the events that somebody listens to, whenever they may have changed. */
  constructor(onChange: (heard: (keyof E)[]) => void) {
    this.#onChange = onChange;
  }

  /** Adds a listener; the returned function removes it. */
  on<K extends keyof E>(name: K, listener: (event: E[K]) => void): () => void {
    const listeners = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, listeners);
    // Wrapped, so that the same function added twice is called twice and removed once.
    const entry = (event: E[K]) => listener(event);
    listeners.add(entry);
    this.#change();
    return () => {
      listeners.delete(entry);
      this.#change();
    };
  }

  #change(): void {
    const heard = [...this.#listeners].filter(([, listeners]) => listeners.size > 0);
    this.#onChange(heard.map(([name]) => name as keyof E));
  }

  /** Calls every listener that there is now and is not removed meanwhile. */
  emit<K extends keyof E>(name: K, event: E[K]): void {
    const listeners = this.#listeners.get(name) ?? new Set();
    for (const listener of [...listeners]) {
      if (listeners.has(listener)) tell(listener, event as never);
    }
  }
}
