/** Python packages, each list of them in a virtual environment of its own in the cache. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { cache } from './project.mjs';
import { onPath, Problem, run } from './run.mjs';

/** The folder with the commands of what a requirements.txt lists; made on first use. */
export async function pythonPackages(requirements) {
  const wanted = readFileSync(requirements);
  const digest = createHash('sha256').update(wanted).digest('hex').slice(0, 12);
  const home = join(cache, `python-${basename(dirname(requirements))}-${digest}`);
  const bin = join(home, process.platform === 'win32' ? 'Scripts' : 'bin');
  const complete = join(home, 'complete');
  if (existsSync(complete)) return bin;
  const python = onPath('python3', 'python');
  if (!python) throw new Problem('Python 3 is missing: install it, with its module venv.');
  mkdirSync(cache, { recursive: true });
  rmSync(home, { recursive: true, force: true });
  await run(python, ['-m', 'venv', home], { quiet: 'making a virtual environment for Python' });
  const install = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--require-hashes'];
  await run(join(bin, 'python'), [...install, '--requirement', requirements], { quiet: 'installing Python packages' });
  writeFileSync(complete, '');
  return bin;
}
