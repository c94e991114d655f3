/** `npm test [NAME…]`: sets up what the named checks or sets use, runs them, reports how each went. */
import { checks, sets } from './checks.mjs';
import { runChecks } from './lib/checking.mjs';
import { main } from './lib/run.mjs';
import { select } from './lib/select.mjs';
import { setUp } from './setup.mjs';

main(async () => {
  const names = process.argv.slice(2);
  const selected = select(names.length > 0 ? names : ['test'], { checks, sets });
  const missing = await setUp(selected.flatMap(({ uses = [] }) => uses));
  process.exitCode = await runChecks(selected, missing, { mustRun: Boolean(process.env.CI) });
});
