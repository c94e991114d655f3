/** What a body is, as the core numbers it (`BodyKind` in `src/api/reply.rs`, in its order). */
export const kinds = {
  empty: 0,
  text: 1,
  bytes: 2,
  null: 3,
  boolean: 4,
  number: 5,
  string: 6,
  list: 7,
  object: 8,
} as const;

/** The kind of what `JSON.parse` makes. */
export function kindOf(json: unknown): number {
  if (json === null || json === undefined) return kinds.null;
  if (Array.isArray(json)) return kinds.list;
  return kinds[typeof json as keyof typeof kinds] ?? kinds.object;
}
