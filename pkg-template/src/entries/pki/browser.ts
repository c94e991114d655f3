// As ../browser.ts.
import { pkiLoader } from '../../pki/wasm.js';

pkiLoader().provide({ find: () => new URL('../../pki.wasm', import.meta.url) });

export * from '../../pki/index.js';
