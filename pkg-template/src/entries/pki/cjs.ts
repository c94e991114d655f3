// As ../cjs.ts.
import wasm from 'wasm-inline:pki';
import { pkiLoader } from '../../pki/wasm.js';

pkiLoader().provide({ find: wasm });

export * from '../../pki/index.js';
