import { useEffect, useState } from 'preact/hooks';
import { type Answer, ask, askAgain, createQueries } from '../portal/queries.js';
import type { Outcome } from './outcome.js';
import { connect, mode, type Service, touch, touched } from './service.js';

/** The answers of the service, shared by all views. */
const queries = createQueries(mode.peek() === 'sandbox' ? 'always' : 'online');
touched.subscribe((count) => count > 0 && askAgain(queries));

export type Look<T> = (service: Service, signal: AbortSignal) => Promise<T>;

/** How long to wait in ms until the next look; undefined: until the user changes something. */
export type Pause<T> = (seen: T | undefined) => number | undefined;

/** Looks now, and again and again, until the function given back is called. */
export function follow<T>(
  key: string,
  look: Look<T>,
  pause: Pause<T>,
  tell: (seen: Answer<T>) => void,
  known?: T,
): () => void {
  const load = async (signal: AbortSignal) => look(await connect(), signal);
  return ask(queries, { key: key.split(' '), load, every: pause, known }, tell);
}

/** What `look` sees, kept up to date; `known` is shown until then, and what was seen before stays until there is more. */
export function useLive<T>(key: string, look: Look<T>, pause: Pause<T> = () => undefined, known?: T): Outcome<T> {
  const [seen, setSeen] = useState<Answer<T> & { key: string }>({ key, value: known });
  // `look` and `pause` are new functions each time; `key` says when they mean something else.
  useEffect(() => follow(key, look, pause, (answer) => setSeen({ ...answer, key }), known), [key]);
  const { value, error } = seen.key === key ? seen : { value: known, error: undefined };
  return { value, error, retry: touch };
}
