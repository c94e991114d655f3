// As ../workerd.ts.
import { sandboxLoader } from '../../sandbox/wasm.js';
import wasm from '../../sandbox.wasm';

sandboxLoader().provide({ find: () => wasm });

export * from '../../sandbox/index.js';
