/** Headers as the runtime has them; a `Map`, which is read the same way, where it has none or one that throws. */
export function headersOf(pairs: Iterable<readonly [string, string]>): Headers {
  const entries = [...pairs].map(([name, value]): [string, string] => [name.toLowerCase(), value]);
  try {
    return new Headers(entries);
  } catch {
    return new Map(entries) as unknown as Headers;
  }
}
