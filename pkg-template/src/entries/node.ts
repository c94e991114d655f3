// Node as ESM: its fetch reads no files, so the file is read here.
import { readFile } from 'node:fs/promises';
import { coreLoader } from '../core.js';

coreLoader().provide({ find: () => readFile(new URL('../core.wasm', import.meta.url)), readFile });

export * from '../index.js';
