/**
 * Reading, and reading with verifying, of one RSA and one EC request: ours beside four libraries, in one Node process.
 *
 * `npm install && node run.mjs` here, after `npm run build` in the root. Rounds of all
 * libraries alternate, and the median of the rounds counts. Reading is measured in processor time of this process, which
 * other load on the machine does not change; verifying, part of which happens in other threads, by the clock.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '..', '..');
const built = process.env.CORE ?? join(root, 'build', 'core');
const require = createRequire(import.meta.url);
const rounds = Number(process.argv[2] ?? 7);
const millisecondsPerRound = Number(process.argv[3] ?? 300);

await import('reflect-metadata');
const peculiar = await import('@peculiar/x509');
const pkijs = await import('pkijs');
const forge = require('node-forge');
const { KJUR } = require('jsrsasign');
const core = await ours();

peculiar.cryptoProvider.set(globalThis.crypto);

/** The core as `npm run build` leaves it, without the facade. */
async function ours() {
  const module = await import(join(built, 'core.js'));
  module.initSync({ module: readFileSync(join(built, 'core_bg.wasm')) });
  return module;
}

const requests = {
  RSA: readFileSync(join(root, 'tests/pki/fixtures/guide.csr.pem'), 'utf8'),
  EC: readFileSync(join(root, 'tests/pki/fixtures/three-names.csr.pem'), 'utf8'),
};

const der = (pem) => Buffer.from(pem.replace(/-----[^-]+-----/g, ''), 'base64');

/** What each reads: subject, key with its SHA-256, names, algorithms, extensions. Each gives its subject as a check. */
const readers = {
  'markmonitor-certs': (pem) => core.parseCsr(pem).subject.commonName,
  '@peculiar/x509': (pem) => {
    const csr = new peculiar.Pkcs10CertificateRequest(pem);
    const names = csr.extensions.find((extension) => extension.type === '2.5.29.17');
    const all = [
      csr.subject,
      csr.subjectName.toJSON(),
      csr.publicKey.algorithm,
      csr.signatureAlgorithm,
      csr.attributes.length,
    ];
    all.push(names && new peculiar.SubjectAlternativeNameExtension(names.rawData).names.toJSON());
    return csr.subjectName.getField('CN')[0];
  },
  pkijs: (pem) => {
    const csr = pkijs.CertificationRequest.fromBER(new Uint8Array(der(pem)).buffer);
    return csr.subject.typesAndValues.find(({ type }) => type === '2.5.4.3').value.valueBlock.value;
  },
  'node-forge': (pem) => {
    const csr = forge.pki.certificationRequestFromPem(pem);
    csr.getAttribute({ name: 'extensionRequest' });
    return csr.subject.getField('CN').value;
  },
  jsrsasign: (pem) => {
    const csr = KJUR.asn1.csr.CSRUtil.getParam(pem);
    return csr.subject.array.flat().find(({ type }) => type === 'CN').value;
  },
};

/** Reading with verifying; each has to say that the signature is good. */
const verifiers = {
  'markmonitor-certs': async (pem) => (await core.inspectCsr(pem)).signature === 'valid',
  '@peculiar/x509': async (pem) => {
    readers['@peculiar/x509'](pem);
    return new peculiar.Pkcs10CertificateRequest(pem).verify();
  },
  pkijs: async (pem) => pkijs.CertificationRequest.fromBER(new Uint8Array(der(pem)).buffer).verify(),
  'node-forge': async (pem) => forge.pki.certificationRequestFromPem(pem).verify(),
  jsrsasign: async (pem) => KJUR.asn1.csr.CSRUtil.verifySignature(pem),
};

/** How often a second; undefined when it cannot do it at all. */
async function perSecond(work, pem, isGood, clock) {
  try {
    if (!isGood(await work(pem))) return undefined;
  } catch {
    return undefined;
  }
  const started = clock();
  let count = 0;
  let elapsed = 0;
  while (elapsed < millisecondsPerRound) {
    for (let index = 0; index < 10; index++) {
      const result = work(pem);
      if (result instanceof Promise) await result;
    }
    count += 10;
    elapsed = clock() - started;
  }
  return (count / elapsed) * 1000;
}

async function measure(title, candidates, isGood, clock) {
  for (const [kind, pem] of Object.entries(requests)) {
    const samples = Object.fromEntries(Object.keys(candidates).map((name) => [name, []]));
    for (let round = 0; round < rounds; round++) {
      for (const [name, work] of Object.entries(candidates))
        samples[name].push(await perSecond(work, pem, isGood, clock));
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

/** What a page would load, minified and compressed. */
function sizes() {
  const folder = mkdtempSync(join(tmpdir(), 'bench-pki-'));
  const esbuild = require('esbuild');
  const entries = {
    '@peculiar/x509': "import 'reflect-metadata'; export * from '@peculiar/x509';",
    pkijs: "export * from 'pkijs';",
    'node-forge': "export { default } from 'node-forge';",
    jsrsasign: "export * from 'jsrsasign';",
  };
  console.log('\nMinified and compressed with gzip:');
  for (const [name, contents] of Object.entries(entries)) {
    const outfile = join(folder, 'bundle.js');
    esbuild.buildSync({
      stdin: { contents, resolveDir: here },
      bundle: true,
      minify: true,
      format: 'esm',
      platform: 'browser',
      outfile,
      logLevel: 'silent',
    });
    console.log(`  ${name.padEnd(18)} ${(gzipSync(readFileSync(outfile), { level: 9 }).length / 1024).toFixed(1)} KB`);
  }
  rmSync(folder, { recursive: true });
  const whole = gzipSync(readFileSync(join(built, 'core_bg.wasm')), { level: 9 }).length / 1024;
  console.log(
    `  markmonitor-certs  ${whole.toFixed(1)} KB for the whole core: the client, the findings and all that is above`,
  );
}

console.log(`Node ${process.version}, ${rounds} rounds of ${millisecondsPerRound} ms, the first one not counted`);
const processorTime = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};
await measure(
  'Read to all fields, a second of processor time',
  readers,
  (name) => name === 'example.com',
  processorTime,
);
await measure(
  'Read and verify, a second by the clock',
  verifiers,
  (good) => good === true,
  () => performance.now(),
);
sizes();
