// Browsers, and every bundler: they all know this form, copy the file and put its new address in.
import { coreLoader } from '../core.js';

coreLoader().provide({ find: () => new URL('../core.wasm', import.meta.url) });

export * from '../index.js';
