/**
 * From nothing to a first result, the import included: `starts.mjs` imports with `import()`, this with `require`.
 *
 * `node starts.cjs WHAT PORT`, and the same for starts.mjs, print the milliseconds of processor time and by the clock.
 */
const { join } = require('node:path');
const { readFileSync } = require('node:fs');

const built = process.env.PACKAGE ?? join(__dirname, '..', '..', 'build', 'package');
const csr = readFileSync(join(__dirname, '../../tests/pki/fixtures/rsa-three-names.csr.pem'), 'utf8');
const base = (port) => `http://127.0.0.1:${port}/certs/v1`;
const id = '1c7d2a0e-6a5f-4f7e-9a51-0d9b7a6f2a10';

/** An entry of the package, by the names of its ES module and its CommonJS one. */
const entry = (load, esm, cjs) => load(join(built, 'dist', 'esm', esm), join(built, 'dist', 'cjs', cjs));
const ours = (load) => entry(load, 'chunk.js', 'index.js');
const oursPki = (load) => entry(load, 'pki/chunk.js', 'pki.js');

/** Each returns the name that it read, or the order's. */
const kinds = {
  'call: fetch + JSON.parse': async (_, port) => JSON.parse(await (await fetch(`${base(port)}/order/${id}`)).text()).id,
  'call: fetch + zod': async (load, port) => {
    const { z } = await load('zod');
    const order = z.looseObject({ id: z.uuid(), status: z.string() });
    return order.parse(JSON.parse(await (await fetch(`${base(port)}/order/${id}`)).text())).id;
  },
  'call: markmonitor-certs': async (load, port) => {
    const { CertsClient } = await ours(load);
    const client = new CertsClient({ auth: { apiKey: 'key', token: 'token' }, certsBaseUrl: base(port) });
    return (await client.orders.get(id)).id;
  },
  'call: openai': async (load, port) => {
    const { OpenAI } = await load('openai');
    return (await new OpenAI({ apiKey: 'token', baseURL: base(port) }).get(`/order/${id}`)).id;
  },
  'call: @octokit/core': async (load, port) => {
    const { Octokit } = await load('@octokit/core');
    const octokit = new Octokit({ auth: 'token', baseUrl: base(port) });
    return (await octokit.request('GET /order/{id}', { id })).data.id;
  },
  'parse: markmonitor-certs': async (load) => (await (await ours(load)).parseCsr(csr)).subject.commonName,
  'parse: markmonitor-certs/pki': async (load) => (await (await oursPki(load)).parseCsr(csr)).subject.commonName,
  'parse: @peculiar/x509': async (load) => {
    await load('reflect-metadata');
    const { Pkcs10CertificateRequest } = await load('@peculiar/x509');
    return new Pkcs10CertificateRequest(csr).subjectName.getField('CN')[0];
  },
};

/** Runs one of them and prints what it took. `load` takes the ES module, and the CommonJS one where it has another name. */
async function run(load) {
  const [what, port] = process.argv.slice(2);
  const started = performance.now();
  const before = process.cpuUsage();
  const result = await kinds[what](load, port);
  const { user, system } = process.cpuUsage(before);
  const elapsed = performance.now() - started;
  console.log(JSON.stringify({ result, processor: (user + system) / 1000, elapsed }));
  process.exit();
}

module.exports = { kinds: Object.keys(kinds), run };

if (require.main === module) run(async (esm, cjs = esm) => require(cjs));
