/**
 * Our reading of hundreds of requests beside that of OpenSSL and of pyca/cryptography.
 *
 * Python makes the requests; without it, or without its packages, the test is skipped.
 */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { againstOpenssl, againstPyca, readOpenssl, reasons } from './compare.mjs';
import { python } from './python.mjs';
import { reader } from './reader.mjs';

const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const execute = promisify(execFile);
const folder = mkdtempSync(join(tmpdir(), 'markmonitor-certs-oracle-'));
after(() => rmSync(folder, { recursive: true, force: true }));

async function openssl(file, isPem, ...options) {
  const source = ['req', '-in', file, '-inform', isPem ? 'PEM' : 'DER', '-noout'];
  try {
    return { status: 0, ...(await execute('openssl', [...source, ...options], { timeout: 30_000 })) };
  } catch ({ code, stdout = '', stderr = '' }) {
    return { status: code, stdout, stderr };
  }
}

/** Runs a job for each item, as many at a time as there are processors. */
async function forEach(items, job) {
  const rest = [...items];
  const work = async () => {
    for (let item = rest.shift(); item; item = rest.shift()) await job(item);
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
}

let requests;
let certificates;
let skip = false;

before(async () => {
  const { command, missing } = await python();
  if (missing) {
    skip = missing;
    return;
  }
  const { stdout } = await execute(command, [here('generate.py'), folder], { maxBuffer: 1 << 27, timeout: 120_000 });
  requests = Object.entries(JSON.parse(stdout));
  const vectors = [
    '-c',
    'import cryptography_vectors as v, os; print(os.path.join(os.path.dirname(v.__file__), "x509"))',
  ];
  const { stdout: home } = await execute(command, vectors);
  certificates = readdirSync(home.trim(), { recursive: true })
    .filter((name) => /\.(pem|der|crt)$/.test(name) && !/requests|crl|ocsp/i.test(name))
    .map((name) => join(home.trim(), name));
});

test('OpenSSL and pyca read what we read, and what they accept we accept', async (t) => {
  if (skip) return t.skip(skip);
  const found = [];
  const unused = new Set(reasons);
  await forEach(requests, async ([label, { file, pyca }]) => {
    const path = join(folder, file);
    const bytes = new Uint8Array(readFileSync(path));
    const isPem = Buffer.from(bytes).includes('-----BEGIN');
    const ours = await reader.inspectCsr(bytes).catch((error) => {
      assert.equal(error.type, 'ParseError', `${label}: ${error.message}`);
      return { error };
    });
    const names = ['-nameopt', 'sep_multiline,oid,utf8,space_eq'];
    const theirs = readOpenssl({
      subject: await openssl(path, isPem, '-subject', ...names),
      text: await openssl(path, isPem, '-text'),
      verify: await openssl(path, isPem, '-verify'),
      key: await openssl(path, isPem, '-pubkey'),
    });
    for (const difference of [
      ...againstOpenssl(ours, theirs, reader.sameKey),
      ...againstPyca(ours, pyca, reader.sameKey),
    ]) {
      const known = reasons.find((reason) => reason.label.test(label) && reason.difference.test(difference));
      if (known) unused.delete(known);
      else found.push(`${label}: ${difference}`);
    }
  });
  assert.ok(requests.length > 400, `only ${requests.length} requests were made`);
  t.diagnostic(`${requests.length} requests`);
  assert.deepEqual(found, []);
  assert.deepEqual([...unused], [], 'a reason that explains nothing any more');
});

/** What Node, which is OpenSSL, says of a certificate; undefined if it refuses it. */
function readByNode(bytes) {
  try {
    return new X509Certificate(bytes);
  } catch {
    return undefined;
  }
}

test('Node reads the same certificates', async (t) => {
  if (skip) return t.skip(skip);
  let compared = 0;
  for (const file of certificates) {
    const bytes = new Uint8Array(readFileSync(file));
    const theirs = readByNode(bytes);
    // A few files have a private key beside the certificate, which is refused.
    if (!theirs || Buffer.from(bytes).includes('PRIVATE KEY')) continue;
    const ours = reader.parseCertificate(bytes);
    const number = (hex) => hex.replace(/^(-?)0*(?=.)/, '$1');
    const time = (text) => new Date(text).getTime();
    assert.equal(number(ours.serialNumber), number(theirs.serialNumber), file);
    assert.equal(ours.sha256, theirs.fingerprint256.replaceAll(':', '').toLowerCase(), file);
    assert.equal(ours.sha1, theirs.fingerprint.replaceAll(':', '').toLowerCase(), file);
    // One has a time that Node does not read.
    if (theirs.validTo !== 'Bad time value') assert.equal(time(ours.notAfter), time(theirs.validTo), file);
    assert.equal(time(ours.notBefore), time(theirs.validFrom), file);
    compared += 1;
  }
  t.diagnostic(`${compared} certificates`);
  assert.ok(compared > 400, `only ${compared} certificates were compared`);
});
