import { useEffect, useState } from 'preact/hooks';
import type { Outcome } from './outcome.js';
import { connect, type Service, touch, touched } from './service.js';

type Look<T> = (service: Service, signal: AbortSignal) => Promise<T>;

/** How long to wait in ms until the next look; undefined: until the user changes something. */
type Pause<T> = (seen: T | undefined) => number | undefined;

/** What `look` sees, kept up to date as `follow` does; what was seen before stays until there is more. */
export function useLive<T>(key: string, look: Look<T>, pause: Pause<T> = () => undefined): Outcome<T> {
  const [seen, setSeen] = useState<Outcome<T>>({});
  // `look` and `pause` are new functions each time; `key` says when they mean something else.
  useEffect(() => follow(look, pause, (change) => setSeen((last) => ({ ...last, ...change }))), [key]);
  return { ...seen, retry: touch };
}

/**
 * Looks now, then again and again while the page is visible, and at once when the user changed something; until the
 * function given back is called. All of it waits for the rate limit.
 */
export function follow<T>(look: Look<T>, pause: Pause<T>, tell: (seen: Outcome<T>) => void): () => void {
  const ended = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isLooking = false;
  let lookAgain = false;

  const round = async () => {
    if (document.hidden) return;
    lookAgain = isLooking;
    if (isLooking) return;
    clearTimeout(timer);
    isLooking = true;
    const [seen] = await Promise.allSettled([connect().then((service) => look(service, ended.signal))]);
    isLooking = false;
    if (ended.signal.aborted) return;
    const isSeen = seen.status === 'fulfilled';
    tell(isSeen ? { value: seen.value, error: undefined } : { error: seen.reason });
    const wait = lookAgain ? 0 : pause(isSeen ? seen.value : undefined);
    if (wait !== undefined) timer = setTimeout(round, wait);
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
