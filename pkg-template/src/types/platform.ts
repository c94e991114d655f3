// Types of the platform that not every project declares: TypeScript for Node alone knows them late or not at all.

/** `WebAssembly.Module`, where TypeScript knows it. */
export type WasmModule = typeof globalThis extends { WebAssembly: { Module: { prototype: infer Module } } }
  ? Module
  : object;

/** `CryptoKey`, where TypeScript knows it. */
export type Key = typeof globalThis extends {
  crypto: { subtle: { sign(algorithm: never, key: infer CryptoKey, data: never): unknown } };
}
  ? CryptoKey
  : object;

/** Where a wasm module may come from: compiled, as bytes, as a reply, as an address, or, in Node, as a path. */
export type WasmSource = WasmModule | ArrayBuffer | ArrayBufferView | Response | URL | string;

/** The sources of wasm modules, by their names. */
export interface WasmSources {
  /** The client's. */
  core?: WasmSource | undefined;
  /** The reader's, of `markmonitor-certs/pki`. */
  pki?: WasmSource | undefined;
  /** That of `client.renewals`. */
  renewals?: WasmSource | undefined;
}
