// The wasm inside the JavaScript, for where a second file is a burden: single-file bundles, extensions, data: pages.
import wasm from 'wasm-inline:core';
import { coreLoader } from '../core.js';

coreLoader().provide({ find: wasm });

export * from '../index.js';
