// As ../node.ts.
import { readFile } from 'node:fs/promises';
import { sandboxLoader } from '../../sandbox/wasm.js';

sandboxLoader().provide({ find: () => readFile(new URL('../../sandbox.wasm', import.meta.url)), readFile });

export * from '../../sandbox/index.js';
