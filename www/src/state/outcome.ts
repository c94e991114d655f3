import { useEffect, useState } from 'preact/hooks';
import { subject } from './route.js';

/** What is known of something that takes time: neither value nor error while it is under way. */
export interface Outcome<T> {
  value?: T | undefined;
  error?: unknown;
  /** Tries again, where that can help. */
  retry?: (() => unknown) | undefined;
}

/** What a promise comes to. `key` says when it is another question: then a late answer to the last one is dropped. */
export function useAsync<T>(key: unknown, load: () => Promise<T>): Outcome<T> {
  const [outcome, setOutcome] = useState<Outcome<T>>({});
  useEffect(() => {
    let isCurrent = true;
    const tell = (outcome: Outcome<T>) => isCurrent && setOutcome(outcome);
    load().then(
      (value) => tell({ value }),
      (error) => tell({ error }),
    );
    return () => {
      isCurrent = false;
    };
  }, [key]);
  return outcome;
}

/** What the user starts: whether it is under way, and why it failed last. */
export function useTask<Args extends unknown[]>(run: (...args: Args) => Promise<unknown>) {
  const [state, setState] = useState<{ isBusy: boolean; error?: unknown }>({ isBusy: false });
  const start = (...args: Args) => {
    setState({ isBusy: true });
    run(...args).then(
      () => setState({ isBusy: false }),
      (error) => setState({ isBusy: false, error }),
    );
  };
  return { ...state, start };
}

/** Puts what a view is about into the title of the page. */
export function useSubject(name: string): void {
  useEffect(() => {
    subject.value = name;
    return () => {
      subject.value = '';
    };
  }, [name]);
}

/** Renders a component again each second, for what changes with time alone; and at once when the function is called. */
export function useSeconds(): () => void {
  const [, setCount] = useState(0);
  const draw = () => setCount((count) => count + 1);
  useEffect(() => {
    const timer = setInterval(draw, 1_000);
    return () => clearInterval(timer);
  }, []);
  return draw;
}
