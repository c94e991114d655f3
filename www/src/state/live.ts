import { useEffect, useState } from 'preact/hooks';
import { connect, type Service, touched } from './service.js';

/** What is known of something that is looked at again and again. */
export interface Live<T> {
  value: T | undefined;
  /** Why the last look failed; `value` is then what was seen before. */
  error: unknown;
  /** Looks again now. */
  retry: () => void;
}

/** How to look, and how long to wait in ms until the next look; undefined: until the user changes something. */
export interface Looking<T> {
  look: (service: Service, signal: AbortSignal) => Promise<T>;
  every: (value: T | undefined) => number | undefined;
}

/**
 * Looks now, then again and again while the page is visible, and at once when the user changed something. All of it
 * waits for the rate limit. Another `key` begins anew.
 */
export function useLive<T>(key: string, { look, every }: Looking<T>): Live<T> {
  const [state, setState] = useState<{ key: string; value?: T | undefined; error?: unknown }>({ key });
  const [attempt, setAttempt] = useState(0);
  // `look` and `every` are new functions each time; `key` says when they mean something else.
  useEffect(
    () => follow({ look, every }, (change) => setState((state) => nextState(state, key, change))),
    [key, attempt],
  );
  const current = state.key === key ? state : { value: undefined, error: undefined };
  return { value: current.value, error: current.error, retry: () => setAttempt((count) => count + 1) };
}

type Change<T> = { value: T } | { error: unknown };

function nextState<T>(state: { key: string; value?: T | undefined }, key: string, change: Change<T>) {
  if ('value' in change) return { key, value: change.value };
  return { key, value: state.key === key ? state.value : undefined, error: change.error };
}

/** Keeps looking until the function given back is called. */
export function follow<T>({ look, every }: Looking<T>, tell: (change: Change<T>) => void): () => void {
  const ended = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isLooking = false;
  let lookAgain = false;

  const round = async () => {
    if (document.hidden) return;
    if (isLooking) {
      lookAgain = true;
      return;
    }
    clearTimeout(timer);
    isLooking = true;
    let seen: T | undefined;
    try {
      seen = await look(await connect(), ended.signal);
      if (!ended.signal.aborted) tell({ value: seen });
    } catch (error) {
      if (!ended.signal.aborted) tell({ error });
    }
    isLooking = false;
    if (ended.signal.aborted) return;
    const pause = lookAgain ? 0 : every(seen);
    if (pause !== undefined) timer = setTimeout(round, pause);
    lookAgain = false;
  };

  document.addEventListener('visibilitychange', round, { signal: ended.signal });
  addEventListener('online', round, { signal: ended.signal });
  // Runs at once, and whenever something was touched.
  const unsubscribe = touched.subscribe(() => void round());
  return () => {
    ended.abort();
    clearTimeout(timer);
    unsubscribe();
  };
}
