/** What an error says, to stand within a sentence: without the full stop that some end with. */
export const reasonOf = (cause: unknown): string =>
  (cause instanceof Error ? cause.message : String(cause)).replace(/[.\s]+$/, '');
