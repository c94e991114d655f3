// As ../cjs.ts.
import wasm from 'wasm-inline:sandbox';
import { sandboxLoader } from '../../sandbox/wasm.js';

sandboxLoader().provide({ find: wasm });

export * from '../../sandbox/index.js';
