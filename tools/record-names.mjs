/** `node tools/record-names.mjs`: the names that the built package promises, as those of the last release. */
import { writeFileSync } from 'node:fs';
import { namesOf } from './lib/names.mjs';
import { installInto } from './lib/package.mjs';
import { path, version } from './lib/project.mjs';
import { main } from './lib/run.mjs';

main(async () => {
  const folder = path('build', 'names-of');
  await installInto(folder);
  writeFileSync(
    path('tools', 'names-released.json'),
    `${JSON.stringify({ version: version(), ...namesOf(folder) }, null, 2)}\n`,
  );
});
