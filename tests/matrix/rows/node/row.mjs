import { join } from 'node:path';
import { printing } from '../../support/entries.mjs';

const node = (project, which) => join(project.path('node_modules', which), 'bin', 'node');

/** The program as CommonJS. */
const required = (text) =>
  `${text.replaceAll(/^import (.*) from (.*);$/gm, 'const $1 = require($2);').replace('export async', 'async')}
program().then(console.log);`;

const inWorker = `
import { Worker, isMainThread, parentPort } from 'node:worker_threads';
import { program } from './program.mjs';
if (isMainThread) new Worker(new URL(import.meta.url)).on('message', console.log);
else parentPort.postMessage(await program());`;

/** A file of the wasm that init is given, in the entry that loads none by itself. */
const slim = `
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { createCsr, init, parseCsr } from 'markmonitor-certs/slim';
const file = createRequire(import.meta.url).resolve('markmonitor-certs/pki.wasm');
await init({ pki: process.argv[2] === 'path' ? file : pathToFileURL(file) });
const { csr } = await createCsr({ subject: { commonName: 'example.com' }, dnsNames: ['example.com'] });
console.log((await parseCsr(csr)).subject.commonName);`;

const cases = (which) => ({
  async ESM(project) {
    project.write('main.mjs', printing);
    return (await project.run(node(project, which), ['main.mjs'])).stdout;
  },
  async CommonJS(project) {
    const { readFileSync } = await import('node:fs');
    project.write('main.cjs', required(readFileSync(project.path('program.mjs'), 'utf8')));
    return (await project.run(node(project, which), ['main.cjs'])).stdout;
  },
  async 'a worker'(project) {
    project.write('worker.mjs', inWorker);
    return (await project.run(node(project, which), ['worker.mjs'])).stdout;
  },
});

const named = (which, suffix) =>
  Object.fromEntries(Object.entries(cases(which)).map(([name, run]) => [`${name} in ${suffix}`, run]));

const slimCase = (form) => ({
  says: /^example\.com$/,
  async run(project) {
    project.write('slim.mjs', slim);
    return (await project.run(node(project, 'node-newest'), ['slim.mjs', form])).stdout;
  },
});

export const row = {
  title: 'Node',
  core: true,
  cases: {
    ...named('node-oldest', '20.0'),
    ...named('node-newest', '26.10'),
    '`/slim` with a file URL': slimCase('url'),
    '`/slim` with a path': slimCase('path'),
    '`/slim` with a file URL in 20.0': {
      says: /^failed: .*Pass its bytes to init\(\)/s,
      async run(project) {
        project.write('slim.mjs', slim);
        const { stdout } = await project.run(node(project, 'node-oldest'), [
          '--input-type=module',
          '--eval',
          `process.argv[2] = 'url';\nawait import('./slim.mjs').catch((error) => console.log('failed:', error.message));`,
        ]);
        return stdout;
      },
    },
  },
  note: '`init` takes a path or a file URL from Node 20.16 on, bytes everywhere.',
};
