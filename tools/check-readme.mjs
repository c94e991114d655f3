/**
 * Runs the programs of the README and of the guides, each in an empty project with the packed package.
 *
 *   node tools/check-readme.mjs [PAGE]
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { curlGuide, page as curlPage } from './curl-guide.mjs';
import { installInto } from './lib/package.mjs';
import { path } from './lib/project.mjs';
import { main, Problem, run } from './lib/run.mjs';
import { allPrograms } from './lib/snippets.mjs';
import { page as options, optionsPage } from './options-page.mjs';

main(async () => {
  const found = allPrograms();
  for (const page of ['README.md', 'docs/guides/']) {
    const isThere = found.some((program) => program.page.startsWith(page) && program.runs);
    if (!isThere) throw new Problem(`${page} has no JavaScript: its examples are gone or fenced otherwise.`);
  }
  if ((await curlGuide()) !== readFileSync(path(curlPage), 'utf8')) {
    throw new Problem(`${curlPage} is not what the calls make of it: run \`node tools/curl-guide.mjs\`.`);
  }
  if (optionsPage() !== readFileSync(path(options), 'utf8')) {
    throw new Problem(`${options} is not what the types say: run \`node tools/options-page.mjs\`.`);
  }
  const wanted = process.argv[2] ?? '';
  const folder = path('build', 'readme');
  rmSync(folder, { recursive: true, force: true });
  await installInto(folder);
  mkdirSync(folder, { recursive: true });
  const running = found.filter(({ runs, page }) => runs && page.includes(wanted));
  for (const { page, name, code } of running) {
    const file = join(folder, `${name}.mjs`);
    writeFileSync(file, code);
    console.log(`${page}: ${name}`);
    await run('node', [file], { cwd: folder });
  }
  console.log(`${running.length} programs ran to their end.`);
});
