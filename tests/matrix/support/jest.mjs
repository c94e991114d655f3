import { readFileSync } from 'node:fs';

/** The program as CommonJS, and a test of it; the result comes back in a file, for Jest prints its own. */
const test = (text) => `
${text.replaceAll(/^import (.*) from (.*);$/gm, 'const $1 = require($2);').replace('export async', 'async')}
test('runs', async () => {
  require('node:fs').writeFileSync('result', await program());
});`;

async function jest(project, environment) {
  project.write('program.test.js', test(readFileSync(project.path('program.mjs'), 'utf8')));
  await project.run('jest', ['--env', environment]);
  return readFileSync(project.path('result'), 'utf8');
}

/** What a `fetch` of nobody's comes to under jsdom. */
const withoutFetch = `
const { CertsClient } = require('markmonitor-certs');
test('says what to do', async () => {
  const client = new CertsClient({ auth: 'proxy', certsBaseUrl: 'http://localhost/api', maxRetries: 0 });
  const error = await client.orders.get('0f9b7a52-3c1d-4e5f-8a6b-7c8d9e0f1a2b').catch((error) => error);
  require('node:fs').writeFileSync('result', String(error.message) + String(error.cause?.message));
});`;

/** What is tried with each Jest. */
export const jestCases = {
  'with Node': (project) => jest(project, 'node'),
  'with jsdom': (project) => jest(project, 'jsdom'),
  'with jsdom, no `fetch` given': {
    async run(project) {
      project.write('program.test.js', withoutFetch);
      await project.run('jest', ['--env', 'jsdom']);
      return readFileSync(project.path('result'), 'utf8');
    },
    says: /no `fetch` here.*pass the option `fetch`/s,
  },
};
