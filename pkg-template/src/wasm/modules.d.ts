// What the build resolves (build.mjs).

declare module 'wasm-glue:core' {
  /** Makes the functions around one instance of the core. */
  const makeGlue: import('./instance.js').MakeGlue<import('./exports.js').Core>;
  export default makeGlue;
}

declare module 'wasm-glue:pki' {
  /** Makes the functions around one instance of the reader. */
  const makeGlue: import('./instance.js').MakeGlue<import('./exports.js').Reader>;
  export default makeGlue;
}

declare module 'wasm-glue:renewals' {
  /** Makes the functions around one instance of the renewals. */
  const makeGlue: import('./instance.js').MakeGlue<import('./exports.js').RenewalsWasm>;
  export default makeGlue;
}

declare module 'domain-suffixes' {
  /** Top-level domains and public suffixes, as tools/suffixes.mjs writes them. */
  const table: string;
  export default table;
}

declare module 'wasm-glue:sandbox' {
  /** Makes the functions around one instance of the sandbox. */
  const makeGlue: import('./instance.js').MakeGlue<import('./exports.js').SandboxWasm>;
  export default makeGlue;
}
