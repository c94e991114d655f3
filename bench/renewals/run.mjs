/**
 * What a plan costs in the wasm: CPU and memory for an estate of 3,000 and of 50,000 orders, a thirtieth of them due.
 * `npm run build`, then `node bench/renewals/run.mjs`.
 */
import { readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import init, * as wasm from '../../build/renewals/renewals.js';
import { path } from '../../tools/lib/project.mjs';

const day = 86_400_000;
const now = Date.parse('2026-11-26T00:00:00Z');
const uuid = (number) => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
const pem = 'MIIB'.repeat(400);
const date = (ms) => new Date(ms).toISOString();

/** An order as a list shows it, its certificates with it. */
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
      commonName: `n${number}.example.com`,
      dnsNames: [`www.n${number}.example.com`],
      csr: pem.slice(0, 500),
      dcvMethod: 'DNS_TXT_TOKEN',
      dateValidFrom: date(from),
      dateValidUntil: date(from + 200 * day),
      endEntityCert: pem,
      intermediateCert: pem,
      rootCert: pem,
    },
  };
}

const { memory } = await init({ module_or_path: readFileSync(path('build', 'renewals', 'renewals_bg.wasm')) });
const fields = JSON.parse(wasm.renewalFields());
const page = (machine, things) => machine.page(now, JSON.stringify(things, fields), '[]');
const answers = {
  prices: () => ({ prices: [{ certType: 'SSL_OV_BASIC', totalPrice: 300 }] }),
  check: ({ orders }) => ({ findings: orders.map(() => []) }),
};

for (const count of [3_000, 50_000]) {
  const pages = Array.from({ length: Math.ceil(count / 200) }, (_, at) =>
    Array.from({ length: Math.min(200, count - at * 200) }, (_, index) => order(10 + at * 200 + index, count)),
  );
  const begin = performance.now();
  const machine = wasm.Renewals.plan('{}', '[]');
  let ask = JSON.parse(machine.next(now, '{}')).ask;
  while (ask.ask !== 'plan') {
    if (ask.what === 'orders') for (const orders of pages) page(machine, orders);
    if (ask.what === 'organizations') {
      const contacts = [{ id: uuid(2), contactTypes: [{ type: 'ORGANIZATION_CONTACT' }] }];
      page(machine, [
        { id: uuid(1), contacts, validations: [{ type: 'OV', dateValidatedUntil: date(now + 90 * day) }] },
      ]);
    }
    ask = JSON.parse(machine.next(now, JSON.stringify(answers[ask.ask]?.(ask) ?? {}))).ask;
  }
  const ms = performance.now() - begin;
  machine.free();
  const megabytes = memory.buffer.byteLength / 2 ** 20;
  const each = ((ms * 1000) / count).toFixed(1);
  console.log(
    `${count} orders: ${ms.toFixed(0)} ms, ${each} µs each; ${megabytes.toFixed(0)} MB of wasm; ${ask.counts.renew} due`,
  );
}
