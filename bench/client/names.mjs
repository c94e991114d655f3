/** What is measured, and what it is compared with. */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const own = 'markmonitor-certs';
export const bare = 'fetch + JSON.parse';

const built = process.env.PACKAGE ?? fileURLToPath(new URL('../../build/package', import.meta.url));

/** An entry of the package as it leaves the build, of ESM: `chunk.js` or `pki/chunk.js`. */
export const entry = (...file) => join(built, 'dist', 'esm', ...file);
