const decoder = "import { embeddedWasm } from './wasm/embedded.js';";

/** What not every program uses, and is loaded by itself elsewhere: an entry brings it along with a wasm where all is one file. */
const brought = {
  core: [
    "import * as diagnosis from './diagnose/diagnose.js';",
    "import * as renewals from './renewals/unattended.js';",
    "import { takeParts } from './client/parts.js';",
    'takeParts({ diagnosis, renewals });',
  ],
  pki: [
    "import * as creation from './pki/creation.js';",
    "import suffixes from 'domain-suffixes';",
    "import { takeParts as takePartsOfReader } from './pki/parts.js';",
    'takePartsOfReader({ creation, suffixes });',
  ],
};

/** The script is loaded when the wasm is first needed. */
const lazily = (load) => ({
  imports: () => [decoder],
  provider: ({ name, text }) => `{ find: async () => { await ${load(text)}; return embeddedWasm('${name}'); } }`,
});

/**
 * The environments that the package runs in: how each finds a wasm file. The build makes the entries from this table,
 * one file per environment and part of the package.
 *
 * `imports`: the imports that the provider needs. `provider`: see WasmProvider in loader.ts; an environment without
 * one loads nothing by itself. `name` is the wasm's; as an entry's module sees them, `wasm` is the file, and `text` the
 * script that holds the same in base64 (build.mjs).
 */
export const environments = {
  /**
   * Node, development servers, and all bundlers: none copies a file that is read at run time, and not each one a file
   * that is fetched. A chunk of its own, so that nothing parses what it does not use.
   */
  chunk: lazily((text) => `import('${text}')`),
  /** Pages in production: most bundlers know this form, copy the file and put its new address in. */
  file: {
    provider: ({ wasm }) => `{ find: () => new URL('${wasm}', import.meta.url) }`,
  },
  /** workerd compiles wasm at deployment and at no other time: an import yields the compiled module. */
  workerd: {
    imports: ({ name, wasm }) => [`import ${name} from '${wasm}';`],
    provider: ({ name }) => `{ find: () => ${name} }`,
  },
  /** Vercel's edge compiles wasm at deployment too, and asks for `?module` to know which files. */
  'edge-light': {
    imports: ({ name, wasm }) => [`import ${name} from '${wasm}?module';`],
    provider: ({ name }) => `{ find: () => ${name} }`,
  },
  /** The wasm inside the JavaScript, for where a second file is a burden: single-file bundles, extensions, data: pages. */
  inline: {
    imports: ({ name, text }) => [decoder, `import '${text}';`, ...(brought[name] ?? [])],
    provider: ({ name }) => `{ find: () => embeddedWasm('${name}') }`,
  },
  /** CommonJS, everywhere: Jest knows no `import()` there. */
  commonjs: lazily((text) => `require('${text}')`),
  /** Nothing is loaded from here: the caller hands the wasm to `init`. */
  slim: {},
};

/** The environments of a part of the package as ESM: the main part alone has one that loads nothing. */
export const esmEnvironments = (part) =>
  Object.keys(environments).filter((name) => name !== 'commonjs' && (name !== 'slim' || part === 'core'));

/** The wasm files that each part of the package may need; it loads each when something first does. */
const needs = { core: ['core', 'pki', 'renewals'], pki: ['pki'], sandbox: ['sandbox'] };

/**
 * The text of an entry.
 *
 * @param {string} environment one of those above
 * @param {string} part what is exported: `core` is the package's main part
 */
export function entry(environment, part) {
  const { imports, provider } = environments[environment];
  // The ESM entries of the main part are one folder below the wasm files, as is CommonJS; those of the others two.
  const folder = part === 'core' || environment === 'commonjs' ? '..' : '../..';
  const load = (name) => {
    const place = { name, wasm: `${folder}/${name}.wasm`, text: `${folder}/embedded/${name}.js` };
    return [
      `import { ${name}Loader } from './wasm/${name}.js';`,
      ...(imports?.(place) ?? []),
      `${name}Loader().provide(${provider(place)});`,
    ];
  };
  const loads = provider ? needs[part].flatMap(load) : [];
  // A set, because what decodes is the same for each wasm.
  return [...new Set(loads), `export * from './${part === 'core' ? 'index' : part}.js';`].join('\n');
}
