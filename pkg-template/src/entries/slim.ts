// Nothing is loaded from here: the caller hands the wasm to `init`.
export * from '../index.js';
