/** The rows of the matrix, each a folder in `rows` whose row.mjs says what is tried, and their table. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { readJson } from '../../../tools/lib/project.mjs';
import { rowFolder } from './project.mjs';

// First what others need.
const first = ['node', 'chromium'];

/**
 * All rows, in the order in which they run.
 *
 * `title`: what it is called in the table. `of`: the dependency whose version stands beside it. `core`: whether
 * `npm test` runs it. `note`: what a user has to know. `nodeIsNewest`: whether it
 * runs in the newest Node. `runsScripts`: whether its packages are nothing without their own scripts. `cases`: by its name, a function that
 * returns what the program returned, or `{ run, says }` where something else is wanted than that it works.
 */
export async function rows() {
  const names = readdirSync(rowFolder('')).sort((a, b) => rank(a) - rank(b) || a.localeCompare(b));
  return Promise.all(
    names.map(async (name) => {
      const { row } = await import(pathToFileURL(join(rowFolder(name), 'row.mjs')).href);
      return { name, ...row };
    }),
  );
}

const rank = (name) => (first.includes(name) ? first.indexOf(name) : first.length);

/** The table of docs/runtimes.md. */
export function table(all) {
  const lines = all
    .toSorted((a, b) => a.title.localeCompare(b.title))
    .map(({ name, title, of, cases, note = '' }) => {
      const { dependencies = {}, devDependencies = {} } = of ? readJson(join(rowFolder(name), 'package.json')) : {};
      const version = of ? ` ${{ ...dependencies, ...devDependencies }[of]}` : '';
      return `| ${title}${version} | ${Object.keys(cases).join('; ')} | ${note} |`;
    });
  return ['| where | what is tried | what to know |', '|---|---|---|', ...lines].join('\n');
}
