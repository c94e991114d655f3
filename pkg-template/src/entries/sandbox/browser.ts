// As ../browser.ts.
import { sandboxLoader } from '../../sandbox/wasm.js';

sandboxLoader().provide({ find: () => new URL('../../sandbox.wasm', import.meta.url) });

export * from '../../sandbox/index.js';
