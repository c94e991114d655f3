/**
 * The environments that the package runs in: how each finds a wasm file. The build makes the entries from this table,
 * one file per environment and part of the package.
 *
 * `imports`: the imports that the provider needs. `provider`: see WasmProvider in loader.ts; an environment without
 * one loads nothing by itself. `wasm` is the file as an entry's module sees it, `name` its name.
 */
export const environments = {
  /** Browsers, and every bundler: they all know this form, copy the file and put its new address in. */
  browser: {
    provider: ({ wasm }) => `{ find: () => new URL('${wasm}', import.meta.url) }`,
  },
  /** Node as ESM: its fetch reads no files, so the file is read here. */
  node: {
    imports: () => "import { readFile } from 'node:fs/promises';",
    provider: ({ wasm }) => `{ find: () => readFile(new URL('${wasm}', import.meta.url)), readFile }`,
  },
  /** workerd compiles wasm at deployment and at no other time: an import yields the compiled module. */
  workerd: {
    imports: ({ wasm }) => `import wasm from '${wasm}';`,
    provider: () => '{ find: () => wasm }',
  },
  /** Vercel's edge compiles wasm at deployment too, and asks for `?module` to know which files. */
  'edge-light': {
    imports: ({ wasm }) => `import wasm from '${wasm}?module';`,
    provider: () => '{ find: () => wasm }',
  },
  /**
   * The wasm inside the JavaScript, for where a second file is a burden: single-file bundles, extensions, data: pages.
   * CommonJS is made like this: Jest, Electron and Next move files, and this one needs no other.
   */
  inline: {
    imports: ({ name }) => `import wasm from 'wasm-inline:${name}';`,
    provider: () => '{ find: wasm }',
  },
  /** Nothing is loaded from here: the caller hands the wasm to `init`. */
  slim: {},
};

/** The environments that resolvers tell apart by a condition of their own; the others are subpaths. */
export const conditions = ['browser', 'node', 'workerd', 'edge-light'];

/**
 * The text of an entry.
 *
 * @param {string} environment one of those above
 * @param {string} name the wasm, and what is exported: `core` is the package's main part
 */
export function entry(environment, name) {
  const { imports, provider } = environments[environment];
  // The entries of the main part are one folder below the wasm files, those of the others two.
  const place = { name, wasm: `${name === 'core' ? '..' : '../..'}/${name}.wasm` };
  const load = provider && [
    `import { ${name}Loader } from './wasm/${name}.js';`,
    imports?.(place),
    `${name}Loader().provide(${provider(place)});`,
  ];
  return [...(load ?? []), `export * from './${name === 'core' ? 'index' : name}.js';`].filter(Boolean).join('\n');
}
