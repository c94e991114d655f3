/** The reader as the build leaves it, without the facade. */
import { readFileSync } from 'node:fs';

const built = new URL('../../../build/pki/', import.meta.url);
const glue = await import(new URL('pki.js', built));
glue.initSync({ module: readFileSync(new URL('pki_bg.wasm', built)) });

/** What takes time ends with `done(failure, value)`. */
const ended = (start) =>
  new Promise((resolve, reject) => {
    start((failure, value) => (failure === undefined ? resolve(value) : reject(failure)));
  });

export const reader = {
  ...glue,
  toPkcs12: (contents) => ended((done) => glue.toPkcs12(contents, done)),
  createCsr: (request) => ended((done) => glue.createCsr(request, done)),
  inspectCsr: (csr, context) => ended((done) => glue.inspectCsr(csr, context, done)),
  parseBundle: (bundle, context) => ended((done) => glue.parseBundle(bundle, context, done)),
};
