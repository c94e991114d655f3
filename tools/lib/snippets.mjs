/**
 * The programs in the README and in the guides: what is fenced as `js`.
 *
 * In the README each block is a program of its own; a guide is one program, whose blocks follow one another. A block that
 * wants what no test has, the real service, a page or a Redis, is fenced as `js real`: its types are checked, and it is not
 * run.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { path } from './project.mjs';

const fence = /^```js( real)?\n([\s\S]*?)^```/gm;
const guides = path('docs', 'guides');

/** The blocks of a page, each with the line of its fence. */
function blocks(markdown) {
  return [...markdown.matchAll(fence)].map(({ 1: real, 2: code, index }) => ({
    code,
    line: markdown.slice(0, index).split('\n').length,
    runs: real === undefined,
  }));
}

/** One program of several blocks, each on the lines that it has in its page, so that an error names the right one. */
function together(parts) {
  let program = '';
  for (const { code, line } of parts) program += '\n'.repeat(line - program.split('\n').length + 1) + code;
  return program;
}

/** The programs of a page. */
export function programs(page, markdown, { oneProgram }) {
  const found = blocks(markdown);
  const alone = found.filter(({ runs }) => !oneProgram || !runs);
  const joined = oneProgram ? found.filter(({ runs }) => runs) : [];
  const named = (parts, name) => ({ page, name, code: together(parts), runs: parts[0].runs });
  const base = page.split('/').at(-1).replace('.md', '').toLowerCase();
  return [
    ...(joined.length > 0 ? [named(joined, base)] : []),
    ...alone.map((part) => named([part], `${base}-${part.line}`)),
  ];
}

/** Every page with programs: the README, the pages of docs, and all guides. */
export function allPrograms() {
  const read = (page, options) => programs(page, readFileSync(path(page), 'utf8'), options);
  const names = readdirSync(guides).filter((name) => name.endsWith('.md'));
  return [
    ...read('README.md', { oneProgram: false }),
    ...['docs/cli.md', 'docs/pki.md', 'docs/portal.md', 'docs/renewals.md'].flatMap((page) =>
      read(page, { oneProgram: false }),
    ),
    ...names.flatMap((name) => read(join('docs', 'guides', name), { oneProgram: true })),
  ];
}
