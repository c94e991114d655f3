/** Runs checks in turn, continues after a failure, and reports what passed, failed or could not run. */
import { CommandFailed, Problem, Skipped } from './run.mjs';

/** Runs one check: what became of it, and in a line or more why. */
async function outcomeOf(check) {
  try {
    // Tests that were skipped inside it.
    const skipped = (await check.run()) ?? [];
    return { outcome: 'passed', details: skipped, skippedTests: skipped.length };
  } catch (error) {
    if (error instanceof Skipped) return { outcome: 'skipped', details: [error.message] };
    // A command has already said why it failed.
    if (error instanceof CommandFailed) return { outcome: 'failed', details: [error.how] };
    console.error(error instanceof Problem ? error.message : error);
    return { outcome: 'failed', details: [error.message.split('\n')[0]] };
  }
}

/** Why a check cannot run: something that it uses is missing, or a check that it needs did not pass. */
function obstacle({ needs, uses = [] }, results, missing) {
  const blocker = results.find(({ name, outcome }) => name === needs && outcome !== 'passed');
  if (blocker) return `needs ${blocker.name}, which ${blocker.outcome === 'failed' ? 'failed' : 'was skipped'}`;
  return missing.get(uses.find((name) => missing.has(name)));
}

async function runInTurn(checks, missing) {
  const results = [];
  for (const check of checks) {
    const { name } = check;
    const reason = obstacle(check, results, missing);
    if (reason) {
      results.push({ name, outcome: 'skipped', details: [reason] });
      continue;
    }
    console.log(`\n━━ ${name}`);
    const started = performance.now();
    const result = await outcomeOf(check);
    const took = `${((performance.now() - started) / 1000).toFixed(1)} s`;
    console.log(`━━ ${name}: ${result.outcome} in ${took}`);
    results.push({ name, took, ...result });
  }
  return results;
}

const marks = { passed: '✔', failed: '✘', skipped: '–' };

/** One line for each check, with the details below one another. */
function* table(results) {
  const width = Math.max(...results.map(({ name }) => name.length));
  for (const { name, outcome, took = '', details } of results) {
    const head = `${marks[outcome]} ${name.padEnd(width)} ${took.padStart(8)}`;
    const [first = '', ...rest] = details;
    yield `${head}  ${first}`.trimEnd();
    for (const line of rest) yield `${' '.repeat(head.length)}  ${line}`;
  }
}

/** The last line: everything is counted in it. */
function summary(results, mustRun) {
  const count = (wanted) => results.filter(({ outcome }) => outcome === wanted).length;
  const skippedTests = results.reduce((sum, { skippedTests = 0 }) => sum + skippedTests, 0);
  const parts = [`${count('passed')} passed`, `${count('failed')} failed`];
  if (count('skipped') > 0) parts.push(`${count('skipped')} skipped`);
  if (skippedTests > 0) parts.push(`${skippedTests} skipped ${skippedTests === 1 ? 'test' : 'tests'} inside them`);
  const isSkipped = count('skipped') + skippedTests > 0;
  const isGood = count('failed') === 0 && count('passed') > 0 && !(mustRun && isSkipped);
  return { isGood, line: `${parts.join(', ')}${mustRun && isSkipped ? ': in CI nothing may be skipped' : ''}` };
}

/**
 * Runs the checks; returns the exit code.
 *
 * `missing`: for what could not be set up, the reason. `mustRun`: skipping counts as failing, as in CI.
 */
export async function runChecks(checks, missing, { mustRun, print = console.log }) {
  for (const reason of new Set(missing.values())) print(reason);
  const results = await runInTurn(checks, missing);
  const { isGood, line } = summary(results, mustRun);
  print(['', ...table(results), '', line].join('\n'));
  return isGood ? 0 : 1;
}
