/** Python with pyca/cryptography, in the cache of the set-up. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const packages = ['cryptography==50.0.2', 'cryptography-vectors==50.0.2'];
const execute = promisify(execFile);

/** The command; or, outside CI, why there is none. */
export async function python() {
  const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'markmonitor-certs');
  const home = join(cache, `python-${packages.join('-').replaceAll('==', '-')}`);
  const command = join(home, 'bin', 'python');
  const marker = join(home, 'ready');
  if (existsSync(marker)) return { command };
  try {
    await execute('python3', ['-m', 'venv', '--clear', home], { timeout: 120_000 });
    const install = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...packages];
    await execute(command, install, { timeout: 300_000 });
    await execute(command, ['-c', `open(${JSON.stringify(marker)}, 'w')`]);
    return { command };
  } catch (error) {
    const [reason] = error.message.split('\n');
    assert.ok(!process.env.CI, `CI has to have Python with venv and pip: ${reason}`);
    return { missing: `no Python with venv and pip here: ${reason}` };
  }
}
