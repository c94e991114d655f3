/**
 * Calls a listener of the caller's, of an event or an `onPoll`. One that throws never disturbs a call: its error becomes an
 * uncaught one, as in the DOM.
 */
export function tell<T>(listener: (value: T) => void, value: T): void {
  try {
    listener(value);
  } catch (error) {
    report(error);
  }
}

// Node has no reportError.
function report(error: unknown): void {
  if (typeof reportError === 'function') {
    reportError(error);
    return;
  }
  queueMicrotask(() => {
    throw error;
  });
}

/** The same options, with an `onPoll` that is called in this way. */
export function heard<O extends { onPoll?: ((value: never) => void) | undefined }>(options: O): O {
  const onPoll = options?.onPoll;
  return typeof onPoll === 'function' ? { ...options, onPoll: (value: never) => tell(onPoll, value) } : options;
}
