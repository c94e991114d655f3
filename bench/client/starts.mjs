/** The same as starts.cjs, with `import()`. */
import { pathToFileURL } from 'node:url';
import starts from './starts.cjs';

await starts.run((esm) => import(esm.startsWith('/') ? pathToFileURL(esm) : esm));
