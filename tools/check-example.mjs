/** Runs the tests of examples/vitest as a user would: beside the packed package, with Vitest. */
import { installInto } from './lib/package.mjs';
import { path } from './lib/project.mjs';
import { main, run } from './lib/run.mjs';

main(async () => {
  const folder = path('examples', 'vitest');
  await installInto(folder);
  await run('vitest', ['run', '--root', folder]);
});
