/** Runs the README's JavaScript, each block as a program of its own in an empty project with the packed package. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { installInto } from './lib/package.mjs';
import { path } from './lib/project.mjs';
import { main, Problem, run } from './lib/run.mjs';

/** The blocks fenced as `js`, with the line on which each starts. */
function* snippets(markdown) {
  for (const block of markdown.matchAll(/^```js\n([\s\S]*?)^```/gm)) {
    yield { code: block[1], line: markdown.slice(0, block.index).split('\n').length };
  }
}

main(async () => {
  const found = [...snippets(readFileSync(path('README.md'), 'utf8'))];
  if (found.length === 0) throw new Problem('README.md has no JavaScript: its examples are gone or fenced otherwise.');
  const folder = path('build', 'readme');
  await installInto(folder);
  mkdirSync(folder, { recursive: true });
  for (const { code, line } of found) {
    const file = join(folder, `line-${line}.mjs`);
    writeFileSync(file, code);
    console.log(`README.md:${line}`);
    await run('node', [file], { cwd: folder });
  }
  console.log(`${found.length} snippets ran to their end.`);
});
