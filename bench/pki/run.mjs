/**
 * Reading, and reading with verifying, of requests: ours beside four libraries, in one Node process.
 *
 * `npm install && node run.mjs` here, after `npm run build` in the root. Rounds of all libraries alternate, and the
 * median of the rounds counts. Reading is measured in processor time of this process, which other load on the machine
 * does not change; verifying, part of which happens in other threads, by the clock.
 */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { peculiarReader } from '../peculiar.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '..', '..');
const built = process.env.PACKAGE ?? join(root, 'build', 'package');
const require = createRequire(import.meta.url);
const rounds = Number(process.argv[2] ?? 7);
const millisecondsPerRound = Number(process.argv[3] ?? 300);

await import('reflect-metadata');
const peculiar = await import('@peculiar/x509');
const pkijs = await import('pkijs');
const forge = require('node-forge');
const { KJUR } = require('jsrsasign');
/** As the package leaves the build: what `import 'markmonitor-certs/pki'` loads. */
const ours = await import(join(built, 'dist', 'esm', 'pki', 'chunk.js'));
await ours.init();

peculiar.cryptoProvider.set(globalThis.crypto);

const fixture = (name) => readFileSync(join(root, 'tests', 'pki', 'fixtures', `${name}.csr.pem`), 'utf8');
const requests = {
  'RSA, one name': fixture('guide'),
  'RSA, three names': fixture('rsa-three-names'),
  'EC, three names': fixture('three-names'),
};

const der = (pem) => Buffer.from(pem.replace(/-----[^-]+-----/g, ''), 'base64');
const pem = (der, label = 'CERTIFICATE REQUEST') =>
  `-----BEGIN ${label}-----\n${der.toString('base64').replace(/.{64}/g, '$&\n')}\n-----END ${label}-----\n`;
const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');
const hex = (bytes) => Buffer.from(bytes).toString('hex');
const sanOid = '2.5.29.17';

/**
 * What each reads, which is what `parseCsr` returns: subject, names, key with its SHA-256, algorithm, extensions, attributes
 * and the PEM. `cn`, `names` and `key` are compared with ours.
 */
const readers = {
  'markmonitor-certs': async (text) => {
    const csr = await ours.parseCsr(text);
    return { cn: csr.subject.commonName, names: csr.subjectAltNames.dns, key: csr.publicKey.spkiSha256, csr };
  },
  '@peculiar/x509': peculiarReader(peculiar),
  pkijs: (text) => {
    const octets = der(text);
    const csr = pkijs.CertificationRequest.fromBER(new Uint8Array(octets).buffer);
    const subject = csr.subject.typesAndValues.map(({ type, value }) => [type, value.valueBlock.value]);
    const requested = (csr.attributes ?? []).find(({ type }) => type === '1.2.840.113549.1.9.14');
    const extensions = requested ? new pkijs.Extensions({ schema: requested.values[0] }).extensions : [];
    const san = extensions.find(({ extnID }) => extnID === sanOid);
    return {
      cn: subject.find(([type]) => type === '2.5.4.3')[1],
      names: (san?.parsedValue.altNames ?? []).filter(({ type }) => type === 2).map(({ value }) => value),
      key: sha256(Buffer.from(csr.subjectPublicKeyInfo.toSchema().toBER())),
      subject,
      algorithms: [csr.subjectPublicKeyInfo.algorithm.algorithmId, csr.signatureAlgorithm.algorithmId],
      extensions: extensions.map(({ extnID, critical, extnValue }) => [
        extnID,
        critical,
        hex(extnValue.valueBlock.valueHexView),
      ]),
      attributes: (csr.attributes ?? []).map(({ type }) => type),
      pem: pem(octets),
    };
  },
  'node-forge': (text) => {
    const csr = forge.pki.certificationRequestFromPem(text);
    const { extensions = [] } = csr.getAttribute({ name: 'extensionRequest' }) ?? {};
    const san = extensions.find(({ name }) => name === 'subjectAltName');
    const spki = forge.asn1.toDer(forge.pki.publicKeyToAsn1(csr.publicKey)).getBytes();
    return {
      cn: csr.subject.getField('CN').value,
      names: (san?.altNames ?? []).filter(({ type }) => type === 2).map(({ value }) => value),
      key: sha256(Buffer.from(spki, 'binary')),
      subject: csr.subject.attributes,
      algorithms: [csr.publicKey.n.bitLength(), csr.signatureOid],
      extensions,
      attributes: csr.attributes.map(({ type }) => type),
      pem: forge.pki.certificationRequestToPem(csr),
    };
  },
  jsrsasign: (text) => {
    const csr = KJUR.asn1.csr.CSRUtil.getParam(text);
    const subject = csr.subject.array.flat();
    const san = (csr.extreq ?? []).find(({ extname }) => extname === 'subjectAltName');
    return {
      cn: subject.find(({ type }) => type === 'CN').value,
      names: (san?.array ?? []).flatMap(({ dns }) => dns ?? []),
      key: sha256(der(csr.sbjpubkey)),
      subject,
      algorithms: [csr.sigalg],
      extensions: csr.extreq,
      pem: pem(der(text)),
    };
  },
};

/** Reading with verifying; each has to say that the signature is good. */
const verifiers = {
  'markmonitor-certs': async (text) => (await ours.inspectCsr(text)).signature === 'valid',
  '@peculiar/x509': async (text) => {
    readers['@peculiar/x509'](text);
    return new peculiar.Pkcs10CertificateRequest(text).verify();
  },
  pkijs: async (text) => pkijs.CertificationRequest.fromBER(new Uint8Array(der(text)).buffer).verify(),
  'node-forge': async (text) => forge.pki.certificationRequestFromPem(text).verify(),
  jsrsasign: async (text) => KJUR.asn1.csr.CSRUtil.verifySignature(text),
};

/** How often a second; undefined when it cannot do it at all. */
async function perSecond(work, text, isGood, clock) {
  try {
    if (!isGood(await work(text), text)) return undefined;
  } catch (error) {
    // One that reads something else is a bug in this file, or in the library.
    if (error instanceof assert.AssertionError) throw error;
    return undefined;
  }
  const started = clock();
  let count = 0;
  let elapsed = 0;
  while (elapsed < millisecondsPerRound) {
    for (let index = 0; index < 10; index++) {
      const result = work(text);
      if (result instanceof Promise) await result;
    }
    count += 10;
    elapsed = clock() - started;
  }
  return (count / elapsed) * 1000;
}

async function measure(title, candidates, isGood, clock) {
  for (const [kind, text] of Object.entries(requests)) {
    const samples = Object.fromEntries(Object.keys(candidates).map((name) => [name, []]));
    for (let round = 0; round < rounds; round++) {
      for (const [name, work] of Object.entries(candidates))
        samples[name].push(await perSecond(work, text, isGood, clock));
    }
    console.log(`\n${title}, ${kind}:`);
    const median = (list) => (list.includes(undefined) ? undefined : list.toSorted((a, b) => a - b)[list.length >> 1]);
    const own = median(samples['markmonitor-certs'].slice(1));
    for (const [name, list] of Object.entries(samples)) {
      const speed = median(list.slice(1));
      const text = speed === undefined ? 'cannot' : `${Math.round(speed)}/s`.padStart(9);
      const ratio =
        speed === undefined || name === 'markmonitor-certs'
          ? ''
          : `  ours is ${(own / speed).toFixed(1)} times as fast`;
      console.log(`  ${name.padEnd(18)} ${text}${ratio}`);
    }
  }
}

/** What a page would load of a script: minified and compressed. */
function bundled(contents, resolveDir) {
  const folder = mkdtempSync(join(tmpdir(), 'bench-pki-'));
  const outfile = join(folder, 'bundle.js');
  require('esbuild').buildSync({
    ...{ stdin: { contents, resolveDir }, bundle: true, minify: true, format: 'esm', platform: 'browser' },
    ...{ outfile, logLevel: 'silent' },
  });
  const size = gzipSync(readFileSync(outfile), { level: 9 }).length;
  rmSync(folder, { recursive: true });
  return size;
}

function sizes() {
  const entries = {
    '@peculiar/x509': "import 'reflect-metadata'; export * from '@peculiar/x509';",
    pkijs: "export * from 'pkijs';",
    'node-forge': "export { default } from 'node-forge';",
    jsrsasign: "export * from 'jsrsasign';",
  };
  console.log('\nMinified and compressed with gzip:');
  for (const [name, contents] of Object.entries(entries)) {
    console.log(`  ${name.padEnd(18)} ${(bundled(contents, here) / 1024).toFixed(1)} KB`);
  }
  const wasm = gzipSync(readFileSync(join(built, 'dist', 'pki.wasm')), { level: 9 }).length;
  const script = bundled("export * from './pki/file.js';", join(built, 'dist', 'esm'));
  console.log(
    `  markmonitor-certs  ${((wasm + script) / 1024).toFixed(1)} KB for markmonitor-certs/pki, rules included`,
  );
}

console.log(`Node ${process.version}, ${rounds} rounds of ${millisecondsPerRound} ms, the first one not counted`);
const processorTime = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};
const wanted = Object.fromEntries(
  await Promise.all(Object.values(requests).map(async (text) => [text, await readers['markmonitor-certs'](text)])),
);
/** Whether a library read what we read. */
const agrees = ({ cn, names, key }, text) => {
  assert.deepEqual({ cn, names, key }, { cn: wanted[text].cn, names: wanted[text].names, key: wanted[text].key });
  return true;
};
await measure('Read to all fields, a second of processor time', readers, agrees, processorTime);
await measure(
  'Read and verify, a second by the clock',
  verifiers,
  (good) => good === true,
  () => performance.now(),
);
sizes();
