import { QueryClient, type QueryKey, QueryObserver } from '@tanstack/query-core';

/** A question that is asked for as long as somebody looks at its answer. */
export interface Question<T> {
  /** What it is about: what has the same key is asked once, and shared. */
  key: QueryKey;
  load: (signal: AbortSignal) => Promise<T>;
  /** How long to wait in ms until it is asked again; undefined: until something changes. */
  every?: ((answer: T | undefined) => number | undefined) | undefined;
  /** What is shown until the answer is there. */
  known?: T | undefined;
}

export interface Answer<T> {
  value?: T | undefined;
  error?: unknown;
}

/**
 * The cache of answers: one for a page. It asks again when the page comes into sight and when the network comes back, and
 * stops while nobody looks. It repeats nothing that failed: the client has done that.
 *
 * @param networkMode `always` where the service needs no network, such as a sandbox in the page.
 */
export function createQueries(networkMode: 'online' | 'always'): QueryClient {
  const queries = new QueryClient({
    defaultOptions: { queries: { retry: false, staleTime: 0, structuralSharing: false, networkMode } },
  });
  queries.mount();
  return queries;
}

/** Tells the answer, and each that comes after it, until the function given back is called. */
export function ask<T>(queries: QueryClient, question: Question<T>, tell: (answer: Answer<T>) => void): () => void {
  const { key, load, every, known } = question;
  const observer = new QueryObserver<T>(queries, {
    queryKey: key,
    queryFn: ({ signal }) => load(signal),
    refetchInterval: ({ state }) => every?.(state.error ? undefined : state.data) ?? false,
    ...(known !== undefined && { placeholderData: known as never }),
  });
  const show = () => {
    const { data, error } = observer.getCurrentResult();
    tell({ value: data ?? known, error: error ?? undefined });
  };
  const stop = observer.subscribe(show);
  show();
  return stop;
}

/** Says that something changed: what is looked at is asked again. */
export const askAgain = (queries: QueryClient): void => void queries.invalidateQueries();
