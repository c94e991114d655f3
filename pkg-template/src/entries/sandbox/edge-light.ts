// As ../edge-light.ts.
import { sandboxLoader } from '../../sandbox/wasm.js';
import wasm from '../../sandbox.wasm?module';

sandboxLoader().provide({ find: () => wasm });

export * from '../../sandbox/index.js';
