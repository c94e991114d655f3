/** OpenSSL, the oracle: what it makes, and how it reads it. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Runs openssl in a folder of its own, which holds the files given; returns what it wrote to standard output. */
export function openssl(args, files = {}) {
  return inFolder(files, (folder) => run(args, folder));
}

function inFolder(files, work) {
  const folder = mkdtempSync(join(tmpdir(), 'openssl-'));
  try {
    for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
    return work(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const run = (args, cwd) =>
  execFileSync('openssl', args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });

function makeCsr(args) {
  return inFolder({}, (folder) => {
    run(['req', '-new', '-nodes', '-out', 'csr.pem', '-keyout', 'key.pem', ...args], folder);
    return readFileSync(join(folder, 'csr.pem'), 'utf8');
  });
}

/** The CSR of the guide's own command (8.3). */
export const guideCsr = () =>
  makeCsr(['-newkey', 'rsa:2048', '-subj', '/C=US/ST=Idaho/L=Meridian/O=Example Inc./OU=QA/CN=example.com']);

/** A CSR with an EC key on P-256 and three names. */
export const ecCsr = () =>
  makeCsr([
    ...['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-subj', '/C=DE/O=Beispiel GmbH/CN=example.org'],
    ...['-addext', 'subjectAltName=DNS:example.org,DNS:www.example.org,IP:192.0.2.1'],
  ]);

/** What OpenSSL reads in a CSR. */
export function describeCsr(csr) {
  const text = openssl(['req', '-in', 'csr.pem', '-noout', '-text'], { 'csr.pem': csr });
  const subject = openssl(['req', '-in', 'csr.pem', '-noout', '-subject', '-nameopt', 'multiline,utf8'], {
    'csr.pem': csr,
  });
  const names = text.match(/Subject Alternative Name:\s*\n\s*(.*)/)?.[1] ?? '';
  return {
    version: Number(text.match(/Version: \d+ \(0x(\d+)\)/)[1]),
    subject: [...subject.matchAll(/^ +(\w+) += (.*)$/gm)].map(([, name, value]) => ({ name, value })),
    names: names.split(', ').filter(Boolean),
    algorithm: text.match(/Public Key Algorithm: (\S+)/)[1],
    bits: Number(text.match(/Public-Key: \((\d+) bit\)/)[1]),
    curve: text.match(/NIST CURVE: (\S+)/)?.[1],
    signatureAlgorithm: text.match(/^ {4}Signature Algorithm: (\S+)/m)[1],
    publicKey: openssl(['req', '-in', 'csr.pem', '-noout', '-pubkey'], { 'csr.pem': csr }),
  };
}

/** The SHA-256 of a public key in PEM, in hexadecimal. */
export function keyHash(publicKey) {
  return inFolder({ 'key.pem': publicKey }, (folder) => {
    run(['pkey', '-pubin', '-in', 'key.pem', '-outform', 'DER', '-out', 'key.der'], folder);
    return run(['dgst', '-sha256', '-r', 'key.der'], folder).split(' ')[0];
  });
}

/** The public key of a certificate, PEM. */
export const publicKeyOf = (certificate) =>
  openssl(['x509', '-in', 'leaf.pem', '-noout', '-pubkey'], { 'leaf.pem': certificate });

/** Whether OpenSSL trusts a leaf, given its chain; throws with its reasons if not. */
export const verifyChain = ({ leaf, intermediates, root, at }) =>
  openssl(
    [
      'verify',
      '-attime',
      `${Math.floor(at.getTime() / 1000)}`,
      '-CAfile',
      'root.pem',
      '-untrusted',
      'chain.pem',
      'leaf.pem',
    ],
    { 'leaf.pem': leaf, 'chain.pem': intermediates.join('\n'), 'root.pem': root },
  );

/** The certificates in a p7b file, in its order, PEM. */
export const certificatesInP7b = (p7b) => {
  const form = Buffer.from(p7b).toString('latin1').includes('-----BEGIN') ? 'PEM' : 'DER';
  const text = openssl(['pkcs7', '-inform', form, '-in', 'bundle.p7b', '-print_certs'], { 'bundle.p7b': p7b });
  return text.match(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g) ?? [];
};
