/**
 * The packed package in runtimes, bundlers and frameworks: a tiny project for each row, in `rows`.
 *
 * `node tests/matrix/run.mjs [--core | --more | ROW…]` runs all rows, those of the core set, the others, or the named ones;
 * `--table` prints the table of docs/runtimes.md and runs nothing.
 */
import { cpSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { main, Problem } from '../../tools/lib/run.mjs';
import { expected } from './support/expected.mjs';
import { closeBrowser } from './support/page.mjs';
import { layOut } from './support/project.mjs';
import { rows, table } from './support/rows.mjs';

/** Runs a case; returns what is wrong, or undefined. */
async function problemOf(work, project, wanted) {
  try {
    const result = await work(project);
    const isRight = wanted instanceof RegExp ? wanted.test(result) : result === wanted;
    return isRight ? undefined : result;
  } catch (error) {
    return error.message;
  } finally {
    await project.stop();
  }
}

async function runRow({ name, cases, program = 'program.mjs', ...row }) {
  const project = await layOut(name, row);
  cpSync(join(import.meta.dirname, 'program.mjs'), project.path(program));
  let failed = 0;
  for (const [title, given] of Object.entries(cases)) {
    const { run, says = expected } = typeof given === 'function' ? { run: given } : given;
    const problem = await problemOf(run, project, says);
    console.log(`${problem === undefined ? '✔' : '✖'} ${row.title}: ${title}`);
    if (problem === undefined) continue;
    failed += 1;
    console.log(problem.slice(0, 4000).replaceAll(/^/gm, '    '));
  }
  return failed;
}

main(async () => {
  const args = process.argv.slice(2);
  const all = await rows();
  if (args.includes('--table')) {
    console.log(table(all));
    return;
  }
  const names = args.filter((arg) => !arg.startsWith('--'));
  for (const name of names.filter((name) => !all.some((row) => row.name === name))) {
    throw new Problem(`There is no row ${name}: they are ${all.map((row) => row.name).join(', ')}.`);
  }
  const isChosen = ({ name, core = false }) => {
    if (names.length > 0) return names.includes(name);
    return (args.includes('--core') && core) || (args.includes('--more') && !core) || args.length === 0;
  };
  let failed = 0;
  const chosen = all.filter(isChosen);
  // It brings the newest Node, which others run in.
  if (chosen.some(({ nodeIsNewest }) => nodeIsNewest)) await layOut('node');
  const waiting = chosen.values();
  const takeTurns = async () => {
    for (const row of waiting) {
      const inRow = await runRow(row);
      failed += inRow;
    }
  };
  try {
    await Promise.all(Array.from({ length: availableParallelism() }, takeTurns));
  } finally {
    await closeBrowser();
  }
  const total = chosen.reduce((sum, { cases }) => sum + Object.keys(cases).length, 0);
  console.log(`${total - failed} passed, ${failed} failed`);
  if (failed > 0) throw new Problem('Not every row of the matrix passes.');
});
