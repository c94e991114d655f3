// CommonJS is one file with the wasm inside: Jest, Electron and Next move files, and this one needs no other.
import wasm from 'wasm-inline:core';
import { coreLoader } from '../core.js';

coreLoader().provide({ find: wasm });

export * from '../index.js';
