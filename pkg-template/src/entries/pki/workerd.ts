// As ../workerd.ts.
import { pkiLoader } from '../../pki/wasm.js';
import wasm from '../../pki.wasm';

pkiLoader().provide({ find: () => wasm });

export * from '../../pki/index.js';
