// As ../edge-light.ts.
import { pkiLoader } from '../../pki/wasm.js';
import wasm from '../../pki.wasm?module';

pkiLoader().provide({ find: () => wasm });

export * from '../../pki/index.js';
