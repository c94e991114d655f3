// Vercel's edge compiles wasm at deployment too, and asks for `?module` to know which files.

import { coreLoader } from '../core.js';
import wasm from '../core.wasm?module';

coreLoader().provide({ find: () => wasm });

export * from '../index.js';
