/** The package as a user gets it: unpacked from the tarball into a project's node_modules. */
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { tarball } from './project.mjs';
import { run } from './run.mjs';

/** Installs the tarball into a folder, fresh, and returns where it is. The package has no dependencies to fetch. */
export async function installInto(folder) {
  const installed = join(folder, 'node_modules', 'markmonitor-certs');
  rmSync(installed, { recursive: true, force: true });
  mkdirSync(installed, { recursive: true });
  await run('tar', ['-xzf', tarball(), '-C', installed, '--strip-components=1']);
  return installed;
}
