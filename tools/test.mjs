/** `npm test`: sets up, runs every check, tells how each went. .ci/run calls this and nothing else. */
import { checks } from './checks.mjs';
import { CommandFailed, main, Problem } from './lib/run.mjs';
import { setUpBuild, setUpTests } from './setup.mjs';

/** Runs one check: undefined when it passed, else the reason in one line. */
async function failure(check) {
  try {
    await check.run();
    return undefined;
  } catch (error) {
    // A command has already said why it failed.
    if (error instanceof CommandFailed) return error.how;
    console.error(error instanceof Problem ? error.message : error);
    return error.message.split('\n')[0];
  }
}

async function runAll() {
  const results = [];
  for (const check of checks()) {
    const blocker = results.find(({ name, outcome }) => name === check.needs && outcome !== 'passed');
    if (blocker) {
      results.push({ name: check.name, outcome: 'skipped', detail: `needs ${blocker.name}` });
      continue;
    }
    console.log(`\n━━ ${check.name}`);
    const started = performance.now();
    const detail = await failure(check);
    const outcome = detail === undefined ? 'passed' : 'failed';
    const took = `${((performance.now() - started) / 1000).toFixed(1)} s`;
    console.log(`━━ ${check.name}: ${outcome} in ${took}`);
    results.push({ name: check.name, outcome, took, detail });
  }
  return results;
}

const marks = { passed: '✔', failed: '✘', skipped: '–' };

function report(results) {
  const width = Math.max(...results.map(({ name }) => name.length));
  console.log('');
  for (const { name, outcome, took = '', detail = '' } of results) {
    console.log(`${marks[outcome]} ${name.padEnd(width)} ${took.padStart(8)}  ${detail}`.trimEnd());
  }
  const count = (wanted) => results.filter(({ outcome }) => outcome === wanted).length;
  const skipped = count('skipped') > 0 ? `, ${count('skipped')} skipped` : '';
  console.log(`\n${count('passed')} passed, ${count('failed')} failed${skipped}`);
}

main(async () => {
  await setUpBuild();
  await setUpTests();
  const results = await runAll();
  report(results);
  process.exitCode = results.every(({ outcome }) => outcome === 'passed') ? 0 : 1;
});
