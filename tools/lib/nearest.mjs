/** The name that a mistyped one was probably meant to be. */

/** How many letters have to be added, taken away or replaced to make one of the other. */
function distance(a, b) {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 0; i < a.length; i += 1) {
    const next = [i + 1];
    for (let j = 0; j < b.length; j += 1) {
      next.push(Math.min(row[j] + (a[i] === b[j] ? 0 : 1), row[j + 1] + 1, next[j] + 1));
    }
    row = next;
  }
  return row[b.length];
}

/** The one of these names with the fewest differences. */
export const nearest = (name, names) => names.toSorted((a, b) => distance(name, a) - distance(name, b))[0];
