/**
 * What a caller gave, with each property of its plain objects and lists read once: what a getter throws is the caller's, and
 * reaches it before anything is made. All else, such as a key of WebCrypto, is the same.
 */
export function copied<T>(given: T, seen = new Map<unknown, unknown>()): T {
  if (!Array.isArray(given) && !isPlain(given)) return given;
  // What holds itself is copied once.
  let copy = seen.get(given) as T | undefined;
  if (copy === undefined) {
    copy = (Array.isArray(given) ? [] : Object.create(null)) as T;
    seen.set(given, copy);
    for (const name of Object.getOwnPropertyNames(given) as (keyof T)[]) copy[name] = copied(given[name], seen);
  }
  return copy;
}

/** By its prototypes, of whatever realm. */
function isPlain(given: unknown): boolean {
  if (typeof given !== 'object' || given === null) return false;
  const prototype = Object.getPrototypeOf(given);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
