/** Why a signal is aborted. One that an old polyfill made has no reason. */
export function reasonOf(signal: AbortSignal | undefined): unknown {
  const { reason } = signal ?? {};
  if (reason !== undefined) return reason;
  const [message, name] = ['This operation was aborted', 'AbortError'];
  return typeof DOMException === 'function'
    ? new DOMException(message, name)
    : Object.assign(new Error(message), { name });
}

/** Throws why a signal is aborted, if it is. */
export function throwIfAborted(signal: AbortSignal | null | undefined): void {
  if (signal?.aborted) throw reasonOf(signal);
}

/** Who waits for a signal. It has one listener for all of them: Node warns of a leak from the eleventh on. */
const waiting = new WeakMap<AbortSignal, { readonly callbacks: Set<() => void>; readonly listener: () => void }>();

/**
 * Calls back once, when the signal is aborted, or at once if it is. What is called first waits no more. A signal that
 * cannot be listened to never calls.
 *
 * @returns Ends the waiting; the last to leave takes the listener along.
 */
export function onAbort(signal: AbortSignal, callback: () => void): () => void {
  if (signal.aborted) {
    callback();
    return () => {};
  }
  try {
    const { callbacks } = waiting.get(signal) ?? listenTo(signal);
    callbacks.add(callback);
  } catch {
    return () => {};
  }
  return () => {
    const known = waiting.get(signal);
    known?.callbacks.delete(callback);
    if (known?.callbacks.size === 0) leave(signal, known.listener);
  };
}

function listenTo(signal: AbortSignal) {
  const callbacks = new Set<() => void>();
  const listener = () => {
    leave(signal, listener);
    for (const callback of callbacks) callback();
  };
  signal.addEventListener('abort', listener);
  const known = { callbacks, listener };
  waiting.set(signal, known);
  return known;
}

function leave(signal: AbortSignal, listener: () => void): void {
  waiting.delete(signal);
  signal.removeEventListener?.('abort', listener);
}

/** What a timer takes at most, in milliseconds: one of more ends at once. */
export const longestTimerMs = 2 ** 31 - 1;

/** Waits so long, or until the signal is aborted: then it rejects with why. */
export function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    let leave: (() => void) | undefined;
    const end = () => {
      leave?.();
      resolve();
    };
    const timer = setTimeout(end, Math.max(0, Math.min(ms, longestTimerMs)));
    if (!signal) return;
    leave = onAbort(signal, () => {
      clearTimeout(timer);
      reject(reasonOf(signal));
    });
  });
}
