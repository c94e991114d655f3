/** Private keys and passwords go in, and nothing of them comes out in an error. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { inspect } from 'node:util';
import { installPackage } from './support/install.mjs';
import { openssl } from './support/openssl.mjs';

const password = 'CANARY-pass"word-\\-é-90c2';
const subject = { commonName: 'example.com' };
const dnsNames = ['example.com'];

const key = openssl(['genpkey', '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256']);
const rsa = openssl(['genpkey', '-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:2048']);
const encrypt = (...args) =>
  openssl(['pkcs8', '-topk8', '-in', 'key.pem', '-passout', `pass:${password}`, ...args], { 'key.pem': key });
const encrypted = encrypt('-v2', 'aes-256-cbc');
const otherwise = encrypt('-v2', 'des3');
const certificate = openssl(['req', '-x509', '-new', '-key', 'key.pem', '-subj', '/CN=example.com'], {
  'key.pem': key,
});

/** A secret as it is, and as it looks in other encodings. */
const encodings = (secret) => {
  const utf16 = Buffer.from(secret, 'utf16le');
  return [
    secret,
    JSON.stringify(secret).slice(1, -1),
    encodeURIComponent(secret),
    // In the middle of a longer text, base64 begins at one of three places.
    ...[0, 1, 2].map((at) => Buffer.from(secret).subarray(at).toString('base64').slice(0, -4)),
    Buffer.from(secret).toString('hex'),
    utf16.toString('base64').slice(0, -4),
    utf16.toString('hex'),
    utf16.swap16().toString('hex'),
  ];
};

/** What is secret in a PEM: each of its lines, and what it stands for. */
const parts = (pem) => {
  const lines = pem.split(/\r?\n/).filter((line) => /^[A-Za-z0-9+/=]{24,}$/.test(line));
  const octets = lines.map((line) => Buffer.from(line, 'base64').toString('hex'));
  return [...lines, ...octets];
};
const secrets = [password, ...[key, rsa, encrypted, otherwise].flatMap(parts)].flatMap(encodings);

/** Everything that a person or a log may see of an error. */
const outputs = (error) => [
  inspect(error, { depth: null, showHidden: true, getters: true }),
  inspect(error, { depth: null, customInspect: false }),
  `${error}`,
  error.stack,
  JSON.stringify(error),
  JSON.stringify(error, Object.getOwnPropertyNames(error)),
  inspect(structuredClone(error), { depth: null }),
];

const damaged = key.replace(/\n.{20}/, '\n');
const cut = key.split('\n').slice(0, 2).join('\n');
const calls = {
  'a damaged key': (api) => api.createCsr({ subject, dnsNames, key: damaged }),
  'a key that is cut off': (api) => api.createCsr({ subject, dnsNames, key: cut }),
  'a key with a wrong password': (api) =>
    api.createCsr({ subject, dnsNames, key: { pem: encrypted, password: `${password}!` } }),
  'a key without its password': (api) => api.createCsr({ subject, dnsNames, key: encrypted }),
  'a key that is encrypted otherwise': (api) => api.createCsr({ subject, dnsNames, key: { pem: otherwise, password } }),
  'a password for nothing': (api) => api.createCsr({ subject, dnsNames, key: { pem: key, password } }),
  'a sound key beside a wrong name': (api) => api.createCsr({ subject, dnsNames: ['a b.example.com'], key }),
  'a sound key beside an unknown field': (api) => api.createCsr({ subject, dnsNames, key, kee: key }),
  'a key with another hash': (api) => api.createCsr({ subject, dnsNames, key, hash: 'SHA-512' }),
  'two keys': (api) => api.createCsr({ subject, dnsNames, key: key + rsa }),
  'a key as the name of a field': (api) => api.createCsr({ subject, dnsNames, [key]: 1 }),
  'a key as the name of a part of a key': (api) =>
    api.createCsr({ subject, dnsNames, key: { pem: key, [key]: password } }),
  'a password as the name of a field': (api) => api.createCsr({ subject, dnsNames, [password]: 1 }),
  'a key as a request': (api) => api.createCsr(key),
  'a key as a subject': (api) => api.createCsr({ subject: key, dnsNames }),
  'a key as a common name': (api) => api.createCsr({ subject: { commonName: key }, dnsNames }),
  'a key as a unit': (api) => api.createCsr({ subject: { organizationalUnit: [key] }, dnsNames }),
  'a key as the names': (api) => api.createCsr({ subject, dnsNames: key }),
  'a key as a name': (api) => api.createCsr({ subject, dnsNames: [key] }),
  'a key in one line as a name': (api) => api.createCsr({ subject, dnsNames: [key.replaceAll('\n', '')] }),
  'the base64 of a key as a name': (api) =>
    api.createCsr({ subject, dnsNames: [key.split('\n').slice(1, -2).join('')] }),
  'a key as an address': (api) => api.createCsr({ subject, ipAddresses: [key] }),
  'a key as a URI': (api) => api.createCsr({ subject, dnsNames, uris: [key] }),
  'a key as an email address': (api) => api.createCsr({ subject, dnsNames, emailAddresses: [key] }),
  'a key as a key usage': (api) => api.createCsr({ subject, dnsNames, keyUsage: [key] }),
  'a key as a hash': (api) => api.createCsr({ subject, dnsNames, hash: key }),
  'a key as a check': (api) => api.createCsr({ subject, dnsNames, check: key }),
  'a key as an algorithm': (api) => api.createCsr({ subject, dnsNames, key: { algorithm: key } }),
  'a key as a curve': (api) => api.createCsr({ subject, dnsNames, key: { algorithm: 'EC', curve: key } }),
  'a key as bits': (api) => api.createCsr({ subject, dnsNames, key: { algorithm: 'RSA', bits: key } }),
  'a key as the halves of a pair': (api) =>
    api.createCsr({ subject, dnsNames, key: { publicKey: { key }, privateKey: { key } } }),
  'a key as an example': (api) => api.createCsr({ like: key }),
  'a key as the PEM of an example': (api) => api.createCsr({ like: { pem: key } }),
  'a password that is a list': (api) =>
    api.createCsr({ subject, dnsNames, key: { pem: encrypted, password: [password] } }),
  'a password of the new key that is a list': (api) =>
    api.createCsr({ subject, dnsNames, privateKeyPassword: [password] }),
  'a password for a key that may not leave': async (api) => {
    const pair = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign', 'verify']);
    return api.createCsr({ subject, dnsNames, key: pair, privateKeyPassword: password });
  },
  'a file of another key': (api) => api.toPkcs12({ certificate, key: rsa, password }),
  'a file with a key as a certificate': (api) => api.toPkcs12({ certificate: key, key, password }),
  'a file with a key in the chain': (api) => api.toPkcs12({ certificate, chain: [key], key, password }),
  'a file with a damaged key': (api) => api.toPkcs12({ certificate, key: damaged, password }),
  'a file with a key as a name': (api) => api.toPkcs12({ certificate, key, password, friendlyName: [key] }),
  'a file with a misspelt password': (api) => api.toPkcs12({ certificate, key, pasword: password }),
  'a file with the name of a field': (api) => api.toPkcs12({ certificate, key, password, [password]: 1 }),
  'a file that is a key': (api) => api.toPkcs12(key),
  'a tree of a key': (api) => api.asn1Tree(key),
  'a context that is a key': (api) => api.inspectCsr('', key),
  'weak keys that are a key': (api) => api.inspectCsr('', { weakKeys: key }),
  'a certificate type that is a list of keys': (api) => api.inspectCsr('', { certType: [key] }),
};

describe('no private key and no password shows in an error', () => {
  let project;
  let api;
  before(async () => {
    project = await installPackage();
    api = await project.import();
  });
  after(() => project?.remove());

  for (const [what, call] of Object.entries(calls)) {
    it(`of ${what}`, async () => {
      const error = await call(api).then(
        () => assert.fail('It was made.'),
        (reason) => reason,
      );
      assert.ok(error instanceof api.ValidationError || error instanceof api.ParseError, inspect(error));
      for (let at = error; at !== undefined; at = at.cause) {
        for (const output of outputs(at)) {
          for (const secret of secrets) assert.ok(!output.includes(secret), `${secret} is in ${output}`);
        }
      }
    });
  }

  it('and each would be noticed', () => {
    for (const secret of [password, key.split('\n')[1]]) {
      for (const shown of encodings(secret)) assert.ok(secrets.some((known) => `an error: ${shown}!`.includes(known)));
    }
  });
});

describe('what a caller has is taken', () => {
  let project;
  let api;
  before(async () => {
    project = await installPackage();
    api = await project.import();
  });
  after(() => project?.remove());

  const publicKey = openssl(['pkey', '-in', 'key.pem', '-pubout'], { 'key.pem': key });

  it('as a key in a file, with its password or without, and as WebCrypto has it', async () => {
    const { privateKey } = await api.createCsr({ subject, dnsNames, key });
    for (const own of [key, Buffer.from(key), { pem: key }, { pem: encrypted, password }, privateKey]) {
      const { csr, der, privateKeyPem } = await api.createCsr({ subject, dnsNames, key: own });
      assert.ok(await api.sameKey(csr, publicKey));
      assert.equal((await api.inspectCsr(der)).signature, 'valid');
      assert.equal(openssl(['pkey', '-in', 'key.pem', '-pubout'], { 'key.pem': privateKeyPem }), publicKey);
    }
  });

  it('as a certificate that the new CSR is to be like', async () => {
    for (const like of [certificate, Buffer.from(certificate), await api.parseCertificate(certificate)]) {
      const { csr } = await api.createCsr({ like, dnsNames, key });
      const read = await api.parseCsr(csr);
      assert.deepEqual([read.subject.commonName, read.subjectAltNames.dns], ['example.com', dnsNames]);
    }
  });

  it('as a certificate and a key that go into one file', async () => {
    const file = await api.toPkcs12({ certificate: await api.parseCertificate(certificate), key, password });
    assert.ok(file instanceof Uint8Array);
    const read = openssl(['pkcs12', '-in', 'a.p12', '-nodes', '-passin', `pass:${password}`], { 'a.p12': file });
    assert.ok(read.includes(certificate));
  });

  it('and shown as a tree', async () => {
    const [tree] = await api.asn1Tree(certificate);
    assert.deepEqual([tree.tag, tree.offset, tree.children[0].name], ['SEQUENCE', 0, 'tbsCertificate']);
  });
});
