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
    imports: ({ name, wasm }) => `import ${name} from '${wasm}';`,
    provider: ({ name }) => `{ find: () => ${name} }`,
  },
  /** Vercel's edge compiles wasm at deployment too, and asks for `?module` to know which files. */
  'edge-light': {
    imports: ({ name, wasm }) => `import ${name} from '${wasm}?module';`,
    provider: ({ name }) => `{ find: () => ${name} }`,
  },
  /**
   * The wasm inside the JavaScript, for where a second file is a burden: single-file bundles, extensions, data: pages.
   * CommonJS is made like this: Jest, Electron and Next move files, and this one needs no other.
   */
  inline: {
    imports: ({ name }) => `import ${name} from 'wasm-inline:${name}';`,
    provider: ({ name }) => `{ find: ${name} }`,
  },
  /** Nothing is loaded from here: the caller hands the wasm to `init`. */
  slim: {},
};

/** The environments that resolvers tell apart by a condition of their own; the others are subpaths. */
export const conditions = ['browser', 'node', 'workerd', 'edge-light'];

/** The wasm files that each part of the package may need; it loads each when something first does. */
const needs = { core: ['core', 'pki'], pki: ['pki'], sandbox: ['sandbox'] };

/**
 * The text of an entry.
 *
 * @param {string} environment one of those above
 * @param {string} part what is exported: `core` is the package's main part
 */
export function entry(environment, part) {
  const { imports, provider } = environments[environment];
  // The entries of the main part are one folder below the wasm files, those of the others two.
  const folder = part === 'core' ? '..' : '../..';
  const load = (name) => {
    const place = { name, wasm: `${folder}/${name}.wasm` };
    return [
      `import { ${name}Loader } from './wasm/${name}.js';`,
      imports?.(place),
      `${name}Loader().provide(${provider(place)});`,
    ];
  };
  const loads = provider ? needs[part].flatMap(load) : [];
  // A set, because what Node imports is the same for each wasm.
  return [...new Set(loads), `export * from './${part === 'core' ? 'index' : part}.js';`].filter(Boolean).join('\n');
}
