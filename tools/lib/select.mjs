/** Which checks names on the command line stand for. */
import { nearest } from './nearest.mjs';
import { Problem } from './run.mjs';

/** A set with all that it includes. */
const withIncluded = (set, sets) => [set, ...sets[set].flatMap((included) => withIncluded(included, sets))];

/** The checks of a set, in their order. */
export const checksOf = (set, { checks, sets }) => {
  const parts = withIncluded(set, sets);
  return checks.filter((check) => parts.includes(check.set));
};

/** Those with these names or of these sets, and the ones that they need, in the order of the list. */
export function select(names, { checks, sets }) {
  const chosen = new Set();
  const add = (check) => {
    chosen.add(check);
    if (check.needs) add(checks.find(({ name }) => name === check.needs));
  };
  for (const name of names) {
    const found = Object.hasOwn(sets, name)
      ? checksOf(name, { checks, sets })
      : checks.filter((check) => check.name === name);
    if (found.length === 0) throw new Problem(unknown(name, { checks, sets }));
    found.forEach(add);
  }
  return checks.filter((check) => chosen.has(check));
}

function unknown(name, { checks, sets }) {
  const [setNames, checkNames] = [Object.keys(sets), checks.map((check) => check.name)];
  return [
    `There is no check or set "${name}". Did you mean "${nearest(name, [...setNames, ...checkNames])}"?`,
    `Sets: ${setNames.join(', ')}.`,
    `Checks: ${checkNames.join(', ')}.`,
  ].join('\n');
}
