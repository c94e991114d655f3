// What the build resolves (build.mjs), and the one thing of Node that is used.

declare module 'node:fs/promises' {
  export function readFile(path: URL): Promise<Uint8Array<ArrayBuffer>>;
}

declare module 'wasm-glue:core' {
  /** Makes the functions around one instance of the core. */
  export default function makeGlue(): import('./core.js').Core;
}

declare module 'wasm-glue:pki' {
  /** Makes the functions around one instance of the reader. */
  export default function makeGlue(): import('./pki/reader.js').PkiWasm;
}

declare module 'wasm-glue:sandbox' {
  /** Makes the functions around one instance of the sandbox. */
  export default function makeGlue(): import('./sandbox/wasm.js').SandboxWasm;
}

declare module 'wasm-inline:core' {
  /** The bytes of the wasm. */
  export default function wasm(): BufferSource;
}

declare module 'wasm-inline:pki' {
  /** The bytes of the wasm. */
  export default function wasm(): BufferSource;
}

declare module 'wasm-inline:sandbox' {
  /** The bytes of the wasm. */
  export default function wasm(): BufferSource;
}

declare module '*.wasm' {
  const module: WebAssembly.Module;
  export default module;
}

declare module '*.wasm?module' {
  const module: WebAssembly.Module;
  export default module;
}
