// workerd compiles wasm at deployment and at no other time: an import gives the compiled module.

import { coreLoader } from '../core.js';
import wasm from '../core.wasm';

coreLoader().provide({ find: () => wasm });

export * from '../index.js';
