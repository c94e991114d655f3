/**
 * The known name that differs least from a given one, if in no more than half of its letters, nor in more than `most`. Among
 * the names that it knows, the core also looks for one that the given name begins with.
 */
export function nearest(given: string, known: readonly string[], most = Number.POSITIVE_INFINITY): string | undefined {
  const word = given.toLowerCase();
  const [best] = known
    .map((name) => ({ name, distance: distanceBetween(word, name.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance);
  return best && best.distance <= most && best.distance * 2 <= best.name.length ? best.name : undefined;
}

/** How many letters have to be added, removed or replaced (Levenshtein). */
function distanceBetween(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, at) => at);
  for (const [at, letter] of [...from].entries()) {
    let before = at + 1;
    const next = [before];
    for (const [column, other] of [...to].entries()) {
      const replaced = (row[column] ?? 0) + (letter === other ? 0 : 1);
      before = Math.min(replaced, (row[column + 1] ?? 0) + 1, before + 1);
      next.push(before);
    }
    row = next;
  }
  return row[to.length] ?? 0;
}
