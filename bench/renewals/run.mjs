/**
 * What a plan costs: processor time and memory for an estate of 3,000 and of 50,000 orders, a thirtieth of them due, beside
 * going through the same lists with `fetch` and `JSON.parse`. `npm run build`, then `node bench/renewals/run.mjs`.
 * PACKAGE names another build than build/package.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { path } from '../../tools/lib/project.mjs';

const rounds = 5;
const counts = [3_000, 50_000];
const day = 86_400_000;
const now = Date.parse('2026-11-26T00:00:00Z');
const uuid = (number) => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
const date = (ms) => new Date(ms).toISOString();
const fixture = (name) => readFileSync(path('tests', 'pki', 'fixtures', `${name}.pem`), 'utf8').replaceAll('\r', '');
const csr = fixture('rsa-three-names.csr');
const [leaf, intermediate, root] = ['leaf-90.cert', 'intermediate.cert', 'root.cert'].map(fixture);

/** An order as a list shows it, its certificates with it: 6 KB. */
function order(number, count) {
  // Evenly spread over the life of a certificate, but for those that are due.
  const age = number % 30 === 0 ? 150 : (130 * number) / count;
  const from = now - age * day;
  return {
    id: uuid(number),
    status: 'DIGI_ISSUED',
    certType: 'SSL_OV_BASIC',
    provider: 'DIGICERT',
    locale: 'en',
    organizationId: uuid(1),
    contacts: [uuid(2)],
    dateCreated: date(from),
    comments: 'for the shop',
    cert: {
      id: uuid(number),
      commonName: `n${number}.example.com`,
      dnsNames: [`n${number}.example.com`, `www.n${number}.example.com`],
      csr,
      dcvMethod: 'DNS_TXT_TOKEN',
      dateValidFrom: date(from),
      dateValidUntil: date(from + 200 * day),
      endEntityCert: leaf,
      intermediateCert: intermediate,
      rootCert: root,
    },
    history: [{ id: uuid(number), dateCreated: date(from), userName: 'ada@example.com', text: 'Order created' }],
  };
}

const organization = {
  id: uuid(1),
  contacts: [{ id: uuid(2), contactTypes: [{ type: 'ORGANIZATION_CONTACT' }] }],
  validations: [{ type: 'OV', status: 'VALIDATED', dateValidatedUntil: date(now + 90 * day) }],
};

/** The service: each reply is made when it is asked for, so that its memory is not measured. */
function serve(count) {
  const page = (content, number, totalPages) =>
    JSON.stringify({ content, page: { size: 200, totalElements: count, totalPages, number } });
  const orders = (at) => Array.from({ length: Math.min(200, count - at * 200) }, (_, i) => order(at * 200 + i, count));
  const replies = {
    '/order': (query) =>
      page(orders(Number(query.get('page') ?? 0)), Number(query.get('page') ?? 0), Math.ceil(count / 200)),
    '/organization': () => page([organization], 0, 1),
    '/price': () => JSON.stringify([{ certType: 'SSL_OV_BASIC', totalPrice: 300, term: 1 }]),
  };
  return async (url) => {
    const { pathname, searchParams } = new URL(url);
    const [, reply] = Object.entries(replies).find(([end]) => pathname.endsWith(end)) ?? [];
    if (!reply) throw new Error(`Nobody answers ${pathname}.`);
    const headers = { 'content-type': 'application/json', date: new Date(now).toUTCString() };
    return new Response(reply(searchParams), { headers });
  };
}

/** What is measured, each in a process of its own: what is left beside the service's own work is told apart by `serving`. */
const jobs = {
  async serving(fetch, count) {
    for (let at = 0; at < count / 200; at += 1) await (await fetch(`http://service/order?page=${at}`)).arrayBuffer();
  },
  async parsing(fetch, count) {
    for (let at = 0; at < count / 200; at += 1)
      JSON.parse(await (await fetch(`http://service/order?page=${at}`)).text());
  },
  async listing(fetch) {
    for await (const _ of (await client(fetch)).orders.list({ size: 200 }).pages());
  },
  async plan(fetch, count) {
    const { counts, items } = await (await client(fetch)).renewals.plan();
    if (items.length !== count || counts.renew !== Math.ceil(count / 30)) throw new Error(JSON.stringify(counts));
  },
};

async function client(fetch) {
  const { CertsClient } = await import(
    pathToFileURL(join(process.env.PACKAGE ?? path('build', 'package'), 'dist', 'esm', 'chunk.js'))
  );
  return new CertsClient({ auth: { apiKey: 'k', token: 't' }, fetch, rateLimit: { limit: 100_000 } });
}

async function measured(name, count) {
  await jobs[name](serve(200), 200);
  const before = process.cpuUsage();
  await jobs[name](serve(count), count);
  const { user, system } = process.cpuUsage(before);
  console.log(JSON.stringify({ ms: (user + system) / 1000, megabytes: process.resourceUsage().maxRSS / 1024 }));
  process.exit();
}

const median = (list) => list.toSorted((a, b) => a - b)[list.length >> 1];

const [job, count] = process.argv.slice(2);
if (job) await measured(job, Number(count));
for (const count of counts) {
  const samples = Object.fromEntries(Object.keys(jobs).map((name) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const name of Object.keys(jobs)) {
      const output = execFileSync(process.execPath, [fileURLToPath(import.meta.url), name, String(count)], {
        encoding: 'utf8',
      });
      samples[name].push(JSON.parse(output));
    }
  }
  const of = (name, what) => median(samples[name].map((sample) => sample[what]));
  const beyond = (name) => median(samples[name].map(({ ms }, at) => ms - samples.serving[at].ms));
  for (const name of ['parsing', 'listing', 'plan']) {
    console.log(
      `${count} orders, ${name}: ${beyond(name).toFixed(0)} ms, ${((beyond(name) * 1000) / count).toFixed(0)} µs each, ${of(name, 'megabytes').toFixed(0)} MB`,
    );
  }
}
