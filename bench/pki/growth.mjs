/**
 * How reading grows with names, certificates and documents: `node growth.mjs [--write]`, after `npm run build` in the root.
 *
 * Each row is the same work with ten times as much of something; what counts is how much longer it takes than the row before,
 * beside the n log n of the same step. Processor time of this process, the least of some runs. `--write` draws
 * docs/performance/growth.svg.
 */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { curves } from './curves.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const built = process.env.PACKAGE ?? join(root, 'build', 'package');
const pki = await import(join(built, 'dist', 'esm', 'pki', 'chunk.js'));

const sizes = [10, 100, 1000, 10_000];
const namesOf = (n) => Array.from({ length: n }, (_, at) => `n${at}.example.com`);
const { privateKeyPem } = await pki.createCsr({ subject: { commonName: 'example.com' } });
const csrOf = async (names) => (await pki.createCsr({ key: privateKeyPem, dnsNames: names, check: false })).csr;
const fixture = (name) => readFileSync(join(root, 'tests', 'pki', 'fixtures', name), 'utf8');
const pems = ['leaf-90.cert.pem', 'intermediate.cert.pem', 'root.cert.pem'].map(fixture);

/** One certificate again and again with another serial number, so that no two are the same. */
function certificates(n) {
  const der = Buffer.from(pems[0].replace(/-----[^-]+-----/g, ''), 'base64');
  const serial = der.indexOf(Buffer.from([0x02, 0x14])) + 4;
  assert.ok(serial > 4, 'the serial number has twenty octets');
  return Array.from({ length: n }, (_, at) => {
    const copy = Buffer.from(der);
    copy.writeUInt32BE(at, serial);
    return `-----BEGIN CERTIFICATE-----\n${copy.toString('base64')}\n-----END CERTIFICATE-----\n`;
  }).join('');
}

const tlv = (tag, ...parts) => {
  const content = Buffer.concat(parts);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(content.length);
  const octets = content.length < 0x80 ? 1 : Math.ceil((32 - Math.clz32(content.length)) / 8);
  const header = content.length < 0x80 ? [tag] : [tag, 0x80 | octets];
  return Buffer.concat([Buffer.from(header), length.subarray(4 - octets), content]);
};
const sequence = (...parts) => tlv(0x30, ...parts);
const hex = (digits) => Buffer.from(digits, 'hex');

/** A leaf with n names, and its issuer, which excludes n others. Nobody signed them. */
function constrained(n) {
  const dns = (name) => tlv(0x82, Buffer.from(name));
  const name = (text) => sequence(tlv(0x31, sequence(hex('0603550403'), tlv(0x0c, Buffer.from(text)))));
  const extension = (oid, value) => sequence(tlv(0x06, hex(oid)), hex('0101ff'), tlv(0x04, value));
  const ecdsa = hex('300a06082a8648ce3d040302');
  // The base point of P-256 (FIPS 186-4, D.1.2.3).
  const key = hex(
    '3059301306072a8648ce3d020106082a8648ce3d030107034200046b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296' +
      '4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5',
  );
  const times = sequence(...['260101000000Z', '260201000000Z'].map((time) => tlv(0x17, Buffer.from(time))));
  const certificate = (subject, ...extensions) => {
    const fields = [hex('a003020102'), hex('020101'), ecdsa, name('ca'), times, name(subject), key];
    const signed = sequence(...fields, tlv(0xa3, sequence(...extensions)));
    const der = sequence(signed, ecdsa, hex('030100'));
    return `-----BEGIN CERTIFICATE-----\n${der.toString('base64')}\n-----END CERTIFICATE-----\n`;
  };
  const excluded = namesOf(n).map((one) => sequence(dns(`not-${one}`)));
  const ca = extension('551d13', hex('30030101ff'));
  return (
    certificate('n0.example.com', extension('551d11', sequence(...namesOf(n).map(dns)))) +
    certificate('ca', ca, extension('551d1e', sequence(tlv(0xa1, ...excluded))))
  );
}

/** What is measured: what is made of n first, and what is done with it. */
const works = {
  'a request with n names, read and judged': [async (n) => csrOf(namesOf(n)), (csr) => pki.inspectCsr(csr)],
  'the same against an order with the n names': [
    async (n) => ({
      csr: await csrOf(namesOf(n)),
      order: { cert: { commonName: 'n0.example.com', dnsNames: namesOf(n) } },
    }),
    ({ csr, order }) => pki.inspectCsr(csr, { order }),
  ],
  'a request with n times the same name': [
    async (n) => csrOf(Array(n).fill('example.com')),
    (csr) => pki.inspectCsr(csr),
  ],
  'a request with n names, made': [async (n) => namesOf(n), (names) => csrOf(names)],
  'n certificates in one paste': [async (n) => certificates(n), (text) => pki.inspectAll(text)],
  'n certificates of one name': [async (n) => certificates(n), (text) => pki.parseBundle(text)],
  'n requests in base64, each encoded again, in one text': [
    async (n) =>
      Array(n)
        .fill(btoa(await csrOf(['example.com'])))
        .join('\n\n'),
    (text) => pki.inspectAll(text),
  ],
  'a bundle with n unrelated certificates': [
    async (n) => pems.join('') + certificates(n),
    (text) => pki.parseBundle(text).catch((error) => assert.ok(error instanceof pki.ParseError)),
  ],
  'a leaf with n names, and an issuer that excludes n others': [
    async (n) => constrained(n),
    async (text) => assert.ok((await pki.parseBundle(text)).root),
  ],
};

async function cost(work, given) {
  let least = Number.POSITIVE_INFINITY;
  const began = performance.now();
  for (let runs = 0; runs < 3 || (performance.now() - began < 300 && runs < 1000); runs += 1) {
    const before = process.cpuUsage();
    await work(given);
    const { user, system } = process.cpuUsage(before);
    least = Math.min(least, (user + system) / 1000);
  }
  return least;
}

const nLogN = (n) => n * Math.log(n);
const [first, last] = [sizes.at(-2), sizes.at(-1)];
const allowed = nLogN(last) / nLogN(first);
const table = [];
for (const [what, [make, work]] of Object.entries(works)) {
  const costs = [];
  for (const n of sizes) costs.push(await cost(work, await make(n)));
  const growth = costs.at(-1) / costs.at(-2);
  table.push({ what, costs });
  const shown = costs.map((ms) => ms.toFixed(2).padStart(9)).join('');
  console.log(
    `${what.padEnd(56)}${shown} ms  × ${growth.toFixed(1)} for ten times as many; n log n is × ${allowed.toFixed(1)}`,
  );
}
if (process.argv.includes('--write')) {
  const title = 'Milliseconds of the processor by n, both logarithmic; dashed: n log n';
  writeFileSync(join(root, 'docs', 'performance', 'growth.svg'), curves({ title, sizes, table, like: nLogN }));
}
