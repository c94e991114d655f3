/** The reader as the build leaves it, and of the facade what asks WebCrypto for it, without any loading. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const built = new URL('../../../build/pki/', import.meta.url);
const glue = await import(new URL('pki.js', built));
glue.initSync({ module: readFileSync(new URL('pki_bg.wasm', built)) });

const { outputFiles } = await build({
  stdin: {
    contents: ['copied', 'creation', 'signatures'].map((name) => `export * from './${name}.js';`).join('\n'),
    resolveDir: fileURLToPath(new URL('../../../pkg-template/src/pki', import.meta.url)),
  },
  bundle: true,
  format: 'esm',
  write: false,
});
const facade = await import(`data:text/javascript,${encodeURIComponent(outputFiles[0].text)}`);
const { concluded, copied, createCsr, toPkcs12 } = facade;

export const reader = {
  ...glue,
  toPkcs12: async (contents) => toPkcs12(glue, copied(contents)),
  createCsr: async (request) => createCsr(glue, copied(request)),
  inspectCsr: async (csr, context) => (await concluded(glue.inspectCsr(csr, copied(context))))[0],
  parseBundle: async (bundle, context) => (await concluded(glue.parseBundle(bundle, copied(context))))[0],
};
