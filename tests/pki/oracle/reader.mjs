/** The reader as the build leaves it, without the facade but for the copies that it makes of arguments. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const built = new URL('../../../build/pki/', import.meta.url);
const glue = await import(new URL('pki.js', built));
glue.initSync({ module: readFileSync(new URL('pki_bg.wasm', built)) });

const source = fileURLToPath(new URL('../../../pkg-template/src/pki/copied.ts', import.meta.url));
const { outputFiles } = await build({ entryPoints: [source], format: 'esm', write: false });
const { copied } = await import(`data:text/javascript,${encodeURIComponent(outputFiles[0].text)}`);

/** What takes time ends with `done(failure, value)`. */
const ended = (start) =>
  new Promise((resolve, reject) => {
    start((failure, value) => (failure === undefined ? resolve(value) : reject(failure)));
  });

export const reader = {
  ...glue,
  toPkcs12: (contents) => ended((done) => glue.toPkcs12(copied(contents), done)),
  createCsr: (request) => ended((done) => glue.createCsr(copied(request), done)),
  inspectCsr: (csr, context) => ended((done) => glue.inspectCsr(csr, copied(context), done)),
  parseBundle: (bundle, context) => ended((done) => glue.parseBundle(bundle, copied(context), done)),
};
