/** What createCsr makes is accepted by OpenSSL, with every kind of key, and is what was asked for. */
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { reader } from './reader.mjs';

const pair = (algorithm, extractable = true) => crypto.subtle.generateKey(algorithm, extractable, ['sign', 'verify']);
const exponent = new Uint8Array([1, 0, 1]);

const request = {
  subject: {
    commonName: 'example.com',
    organizationName: 'Bücher & Söhne, Inc.',
    locality: 'Meridian',
    state: 'Idaho',
    country: 'US',
  },
  dnsNames: ['example.com', 'www.example.com', 'xn--bcher-kva.example.com', '8.8.8.8', '2606:4700::1111'],
};

const keys = {
  'by default': [undefined, 'EC', 256],
  'P-256': [{ algorithm: 'EC', curve: 'P-256' }, 'EC', 256],
  'P-384': [{ algorithm: 'EC', curve: 'P-384' }, 'EC', 384],
  RSA: [{ algorithm: 'RSA' }, 'RSA', 2048],
  'RSA 3072': [{ algorithm: 'RSA', bits: 3072 }, 'RSA', 3072],
  'RSA 4096': [{ algorithm: 'RSA', bits: 4096 }, 'RSA', 4096],
  'a P-521 of the caller': [() => pair({ name: 'ECDSA', namedCurve: 'P-521' }), 'EC', 521],
  'an RSA key of the caller with SHA-512': [
    () => pair({ name: 'RSASSA-PKCS1-v1_5', modulusLength: 2048, publicExponent: exponent, hash: 'SHA-512' }),
    'RSA',
    2048,
  ],
  'a PSS key of the caller': [
    () => pair({ name: 'RSA-PSS', modulusLength: 2048, publicExponent: exponent, hash: 'SHA-384' }),
    'RSA',
    2048,
  ],
  'an Ed25519 key of the caller': [() => pair({ name: 'Ed25519' }), 'Ed25519', undefined],
};

for (const [name, [key, algorithm, bits]] of Object.entries(keys)) {
  test(`OpenSSL accepts a request with a key ${name}`, async () => {
    const chosen = typeof key === 'function' ? await key() : key;
    const { csr, privateKey, privateKeyPem } = await reader.createCsr({
      ...request,
      key: chosen,
      check: algorithm !== 'Ed25519',
    });

    const openssl = spawnSync('openssl', ['req', '-verify', '-noout', '-subject', '-nameopt', 'utf8'], {
      input: csr,
      encoding: 'utf8',
    });
    assert.equal(openssl.status, 0, openssl.stderr);
    assert.match(openssl.stderr + openssl.stdout, /verify OK/);

    const inspection = await reader.inspectCsr(csr);
    assert.equal(inspection.signature, 'valid');
    assert.equal(inspection.csr.publicKey.algorithm, algorithm);
    assert.equal(inspection.csr.publicKey.bits, bits);
    assert.deepEqual(inspection.csr.subjectAltNames.dns, request.dnsNames.slice(0, 3));
    assert.deepEqual(inspection.csr.subjectAltNames.ip, request.dnsNames.slice(3));
    for (const [field, value] of Object.entries(request.subject)) assert.equal(inspection.csr.subject[field], value);

    assert.equal(privateKey.type, 'private');
    const publicKey = execFileSync('openssl', ['pkey', '-pubout'], { input: privateKeyPem, encoding: 'utf8' });
    assert.ok(reader.sameKey(csr, publicKey));
  });
}

test('a key that may not be exported signs all the same', async () => {
  const key = await pair({ name: 'ECDSA', namedCurve: 'P-256' }, false);
  const { csr, privateKey, privateKeyPem } = await reader.createCsr({ ...request, key });
  assert.equal((await reader.inspectCsr(csr)).signature, 'valid');
  assert.equal(privateKey, key.privateKey);
  assert.equal(privateKeyPem, '');
});

test('a changed request is invalid, and says so', async () => {
  for (const key of [{ algorithm: 'EC' }, { algorithm: 'RSA' }]) {
    const { csr } = await reader.createCsr({ ...request, key });
    const der = Buffer.from(csr.replace(/-----[^-]+-----/g, ''), 'base64');
    der[der.indexOf('Meridian')] = 'N'.charCodeAt(0);
    const { signature, findings } = await reader.inspectCsr(new Uint8Array(der));
    assert.equal(signature, 'invalid');
    assert.ok(findings.some(({ code, severity }) => code === 'signature_invalid' && severity === 'error'));
  }
});

test('without WebCrypto a signature is unsupported, and nothing throws', async () => {
  const { csr } = await reader.createCsr(request);
  const own = Object.getOwnPropertyDescriptor(globalThis, 'crypto');
  const { getBuiltinModule } = process;
  Object.defineProperty(globalThis, 'crypto', { value: undefined, configurable: true });
  process.getBuiltinModule = undefined;
  try {
    assert.equal((await reader.inspectCsr(csr)).signature, 'unsupported');
    await assert.rejects(reader.createCsr(request), (error) => error.type === 'ValidationError');
  } finally {
    Object.defineProperty(globalThis, 'crypto', own);
    process.getBuiltinModule = getBuiltinModule;
  }
});

test('what cannot be made is refused with findings', async () => {
  const refused = async (changes, codes) => {
    const error = await reader.createCsr({ ...request, ...changes }).then(
      () => assert.fail('it was made'),
      (error) => error,
    );
    assert.equal(error.type, 'ValidationError');
    assert.deepEqual(
      error.findings.map(({ code }) => code),
      codes,
    );
  };
  await refused({ subject: { country: 'UK' } }, ['country_uk']);
  await refused({ dnsNames: ['bücher .example.com'] }, ['dns_not_ascii', 'dns_not_ldh']);
  await refused({ dnsNames: ['intranet.local'] }, ['dns_internal']);
  await refused({ key: await pair({ name: 'Ed25519' }) }, ['key_eddsa']);
  await refused({ hash: 'SHA-384' }, ['key_unfit']);
  const [one, other] = [
    await pair({ name: 'ECDSA', namedCurve: 'P-256' }),
    await pair({ name: 'ECDSA', namedCurve: 'P-256' }),
  ];
  await refused({ key: { publicKey: one.publicKey, privateKey: other.privateKey } }, ['key_halves_differ']);
  await refused({ key: { algorithm: 'RSA', bits: 1024 } }, ['key_unfit']);
  const sha1 = await pair({ name: 'RSASSA-PKCS1-v1_5', modulusLength: 2048, publicExponent: exponent, hash: 'SHA-1' });
  await refused({ key: sha1 }, ['key_unfit']);
});

test('an order is checked against its request', async () => {
  const { csr } = await reader.createCsr(request);
  const codes = async (context) => (await reader.inspectCsr(csr, context)).findings.map(({ code }) => code);
  const cert = { commonName: 'example.com', csr, dnsNames: request.dnsNames.slice(1) };
  assert.deepEqual(await codes({ order: { certType: 'SSL_OV_BASIC', cert } }), []);
  assert.deepEqual(await codes({ order: { cert: { ...cert, dnsNames: request.dnsNames.slice(2) } } }), [
    'order_lacks_name',
  ]);
  assert.deepEqual(await codes({ certType: 'SSL_DV_GEOTRUST' }), ['dv_ignores_subject']);
  const organization = { name: 'Other Ltd', country: 'GB' };
  assert.deepEqual(await codes({ order: { cert }, organization }), [
    'order_organization_differs',
    'order_country_differs',
  ]);
});
