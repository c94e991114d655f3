/** Python with pyca/cryptography, in the cache of the set-up. */
import { join } from 'node:path';
import { path } from '../../../tools/lib/project.mjs';
import { pythonPackages } from '../../../tools/lib/python.mjs';

/** The command; or why there is none. */
export async function python() {
  try {
    return { command: join(await pythonPackages(path('tests', 'pki', 'oracle', 'requirements.txt')), 'python') };
  } catch (error) {
    return { missing: error.message };
  }
}
