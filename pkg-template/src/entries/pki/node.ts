// As ../node.ts.
import { readFile } from 'node:fs/promises';
import { pkiLoader } from '../../pki/wasm.js';

pkiLoader().provide({ find: () => readFile(new URL('../../pki.wasm', import.meta.url)), readFile });

export * from '../../pki/index.js';
