/** Keys that OpenSSL made, in every form, and keys that OpenSSL is to read. */
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { reader } from './reader.mjs';

const openssl = (args, input) => execFileSync('openssl', args, { input, stdio: ['pipe', 'pipe', 'ignore'] });
const password = 'Passwört "1"';
const request = { subject: { commonName: 'example.com' }, dnsNames: ['example.com'] };

const publicKeyOf = (pem, ...more) => openssl(['pkey', '-pubout', ...more], pem).toString();

/** OpenSSL accepts a request, and reads this public key in it. */
function assertAccepted(csr, publicKey, form = 'PEM') {
  const args = ['req', '-inform', form, '-verify', '-noout', '-pubkey'];
  const { status, stdout, stderr } = spawnSync('openssl', args, { input: csr, encoding: 'utf8' });
  assert.equal(status, 0, stderr);
  assert.match(stderr + stdout, /verify OK/);
  assert.ok(stdout.includes(publicKey.trim()), stdout);
}

async function refusal(made) {
  const error = await made.then(
    () => assert.fail('it was made'),
    (error) => error,
  );
  assert.equal(error.type, 'ValidationError', JSON.stringify(error));
  return error.findings.map(({ code }) => code).join();
}

const curves = ['P-256', 'P-384', 'P-521'];
const kinds = {
  RSA: ['genpkey', '-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:2048'],
  Ed25519: ['genpkey', '-algorithm', 'ED25519'],
  ...Object.fromEntries(
    curves.map((curve) => [curve, ['genpkey', '-algorithm', 'EC', '-pkeyopt', `ec_paramgen_curve:${curve}`]]),
  ),
};
const pkcs8 = Object.fromEntries(Object.entries(kinds).map(([kind, args]) => [kind, openssl(args).toString()]));
const rsa = pkcs8.RSA;
const ec = pkcs8['P-256'];

for (const [kind, pem] of Object.entries(pkcs8)) {
  const forms = {
    'PKCS #8': pem,
    'PKCS #8 in DER': new Uint8Array(openssl(['pkey', '-outform', 'DER'], pem)),
    ...(kind === 'RSA' && { 'PKCS #1': openssl(['rsa', '-traditional'], pem).toString() }),
    ...(curves.includes(kind) && {
      'SEC 1': openssl(['ec'], pem).toString(),
      'SEC 1 with its parameters before it': `${openssl(['ecparam', '-name', kind])}${openssl(['ec'], pem)}`,
      'SEC 1 without a public key': openssl(['ec', '-no_public'], pem).toString(),
      'SEC 1 with explicit parameters': openssl(['ec', '-param_enc', 'explicit'], pem).toString(),
    }),
  };
  for (const [form, key] of Object.entries(forms)) {
    test(`a key of the kind ${kind} as ${form} signs`, async () => {
      const made = await reader.createCsr({ ...request, key, check: kind !== 'Ed25519' });
      assertAccepted(made.csr, publicKeyOf(pem));
      assertAccepted(made.der, publicKeyOf(pem), 'DER');
      assert.equal(publicKeyOf(made.privateKeyPem), publicKeyOf(pem));
    });
  }
}

for (const cipher of ['aes-128-cbc', 'aes-192-cbc', 'aes-256-cbc']) {
  for (const prf of ['hmacWithSHA1', 'hmacWithSHA256', 'hmacWithSHA384', 'hmacWithSHA512']) {
    test(`a key that is encrypted with ${cipher} and ${prf} signs`, async () => {
      const args = ['pkcs8', '-topk8', '-v2', cipher, '-v2prf', prf, '-passout', `pass:${password}`];
      const pem = openssl(args, ec).toString();
      const { csr } = await reader.createCsr({ ...request, key: { pem, password } });
      assertAccepted(csr, publicKeyOf(ec));
      assert.equal(await refusal(reader.createCsr({ ...request, key: { pem, password: 'wrong' } })), 'key_password');
      assert.equal(await refusal(reader.createCsr({ ...request, key: pem })), 'key_password');
    });
  }
}

test('no wrong password of many decrypts to a key', async () => {
  const args = ['pkcs8', '-topk8', '-v2', 'aes-256-cbc', '-iter', '1', '-passout', `pass:${password}`];
  const pem = openssl(args, ec).toString();
  // One in 256 has the right padding.
  for (let at = 0; at < 600; at += 1) {
    const made = reader.createCsr({ ...request, key: { pem, password: `wrong ${at}` } });
    assert.equal(await refusal(made), 'key_password');
  }
});

test('a password for a key that has none is said to be for nothing', async () => {
  assert.equal(await refusal(reader.createCsr({ ...request, key: { pem: ec, password } })), 'key_password');
});

const unreadable = {
  'Triple DES': ['pkcs8', '-topk8', '-v2', 'des3', '-passout', 'pass:a'],
  scrypt: ['pkcs8', '-topk8', '-scrypt', '-passout', 'pass:a'],
  'SHA-224': ['pkcs8', '-topk8', '-v2', 'aes-256-cbc', '-v2prf', 'hmacWithSHA224', '-passout', 'pass:a'],
  'Proc-Type': ['ec', '-aes256', '-passout', 'pass:a'],
  'old PKCS #12 files': ['pkcs8', '-topk8', '-v1', 'PBE-SHA1-3DES', '-passout', 'pass:a'],
};
for (const [named, args] of Object.entries(unreadable)) {
  test(`what is encrypted otherwise is named: ${named}`, async () => {
    const pem = openssl(args, ec).toString();
    const error = await reader.createCsr({ ...request, key: { pem, password: 'a' } }).catch((error) => error);
    assert.deepEqual(
      error.findings.map(({ code, field }) => [code, field]),
      [['key_unreadable', 'key']],
    );
    assert.ok(error.message.includes(named), error.message);
  });
}

test('a public half in the file that is of another key is noticed', async () => {
  const other = Buffer.from(openssl(['ec', '-outform', 'DER'], openssl(kinds['P-256'])));
  const own = Buffer.from(openssl(['ec', '-outform', 'DER'], ec));
  // The point is at the end of both.
  const mixed = new Uint8Array(Buffer.concat([own.subarray(0, -65), other.subarray(-65)]));
  const code = await refusal(reader.createCsr({ ...request, key: mixed }));
  // A runtime that computes the point itself makes a sound request; one that looks refuses it.
  assert.ok(['key_halves_differ', 'webcrypto'].includes(code), code);
});

for (const hash of ['SHA-256', 'SHA-384', 'SHA-512']) {
  test(`an RSA key signs with ${hash} if it is to`, async () => {
    for (const key of [rsa, { algorithm: 'RSA' }]) {
      const { csr } = await reader.createCsr({ ...request, key, hash });
      const text = openssl(['req', '-noout', '-text'], csr).toString();
      assert.match(text, new RegExp(`Signature Algorithm: ${hash.toLowerCase().replace('-', '')}WithRSAEncryption`));
    }
  });
}

test('the key comes out encrypted if there is a password, and OpenSSL decrypts it', async () => {
  const { privateKeyPem, csr } = await reader.createCsr({ ...request, privateKeyPassword: password });
  assert.match(privateKeyPem, /^-----BEGIN ENCRYPTED PRIVATE KEY-----/);
  assertAccepted(csr, publicKeyOf(privateKeyPem, '-passin', `pass:${password}`));
  // What came out goes in again.
  const again = await reader.createCsr({ ...request, key: { pem: privateKeyPem, password } });
  assertAccepted(again.csr, publicKeyOf(privateKeyPem, '-passin', `pass:${password}`));
});

test('OpenSSL reads what was typed as what it is', async () => {
  const { csr, findings } = await reader.createCsr({
    subject: { ...request.subject, organizationalUnit: ['A', 'B'], jurisdictionCountry: 'US', serialNumber: '1' },
    dnsNames: [' *.bücher.example.com\r\n', '8.8.8.8'],
    ipAddresses: ['2606:4700::1111'],
    emailAddresses: ['ada@example.com'],
    uris: ['https://example.com/'],
    keyUsage: ['digitalSignature', 'decipherOnly'],
    extendedKeyUsage: ['serverAuth', 'clientAuth'],
    mustStaple: true,
  });
  const text = openssl(['req', '-noout', '-text', '-nameopt', 'RFC2253'], csr).toString();
  const names = 'DNS:*.xn--bcher-kva.example.com, IP Address:8.8.8.8, IP Address:2606:4700:0:0:0:0:0:1111, ';
  assert.ok(text.includes(`${names}email:ada@example.com, URI:https://example.com/`), text);
  assert.match(text, /X509v3 Key Usage: critical\s+Digital Signature, Decipher Only/);
  assert.match(text, /TLS Web Server Authentication, TLS Web Client Authentication/);
  assert.match(text, /TLS Feature:\s+status_request/);
  assert.match(text, /OU=B,OU=A/);
  assert.match(text, /jurisdictionC=US/);
  assert.ok(findings.every(({ severity }) => severity !== 'error'));
});

/** A certificate that OpenSSL makes of a key. */
function certificateOf(key, ...more) {
  const folder = mkdtempSync(join(tmpdir(), 'certificate-'));
  try {
    writeFileSync(join(folder, 'key.pem'), key);
    const extensions = ['subjectAltName=DNS:example.com,IP:8.8.8.8', 'tlsfeature=status_request', ...more];
    const added = extensions.flatMap((extension) => ['-addext', extension]);
    const subject = ['-subj', '/C=US/O=Example Inc./CN=example.com', '-utf8'];
    const args = ['req', '-x509', '-new', '-key', join(folder, 'key.pem'), '-days', '90', ...subject, ...added];
    return openssl(args).toString();
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('a renewal is like the certificate, with the key of before', async () => {
  const certificate = certificateOf(rsa, 'keyUsage=critical,digitalSignature,keyEncipherment');
  const parsed = reader.parseCertificate(certificate);
  for (const like of [certificate, parsed]) {
    const { csr } = await reader.createCsr({ like, key: rsa });
    assertAccepted(csr, publicKeyOf(rsa));
    const text = openssl(['req', '-noout', '-text'], csr).toString();
    assert.match(text, /Subject: C = US, O = Example Inc., CN = example.com/);
    assert.match(text, /DNS:example.com, IP Address:8.8.8.8/);
    assert.match(text, /Key Usage: critical\s+Digital Signature, Key Encipherment/);
    assert.match(text, /status_request/);
    assert.doesNotMatch(text, /Key Identifier|Basic Constraints/);
    // And once more, like the request.
    const again = await reader.createCsr({ like: reader.parseCsr(csr), key: rsa });
    assert.equal(
      openssl(['req', '-noout', '-text'], again.csr).toString().split('Signature Algorithm')[0],
      text.split('Signature Algorithm')[0],
    );
  }
});

const keytool = spawnSync('keytool', ['-help']).error === undefined;

/** Runs work in a folder with a file in it. */
function inFolderWith(content, work) {
  const folder = mkdtempSync(join(tmpdir(), 'openssl-'));
  try {
    writeFileSync(join(folder, 'file'), content);
    return work(join(folder, 'file'), folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

for (const [kind, key] of Object.entries({ RSA: rsa, 'P-256': ec })) {
  test(`OpenSSL reads a PKCS #12 file with a key of the kind ${kind}`, async () => {
    const certificate = certificateOf(key);
    const other = certificateOf(pkcs8['P-384']);
    const file = await reader.toPkcs12({
      certificate: `${other}${certificate}`,
      chain: [certificate],
      key,
      password,
      friendlyName: 'example.com',
    });
    inFolderWith(file, (path) => {
      const args = ['pkcs12', '-in', path, '-passin', `pass:${password}`, '-info', '-nodes'];
      const { stdout, stderr, status } = spawnSync('openssl', args, { encoding: 'utf8' });
      assert.equal(status, 0, stderr);
      assert.match(stderr, /MAC: sha256, Iteration 10000/);
      assert.match(stderr, /PBES2, PBKDF2, AES-256-CBC, Iteration 100000, PRF hmacWithSHA256/);
      assert.match(stdout, /friendlyName: example\.com/);
      const read = stdout.match(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----\n/g);
      assert.deepEqual(read, [certificate, other]);
      assert.equal(publicKeyOf(stdout), publicKeyOf(key));
      const wrong = spawnSync('openssl', ['pkcs12', '-in', path, '-passin', 'pass:wrong', '-nodes']);
      assert.notEqual(wrong.status, 0);
    });
  });

  test(`keytool reads a PKCS #12 file with a key of the kind ${kind}`, { skip: !keytool && 'no keytool' }, async () => {
    const file = await reader.toPkcs12({
      certificate: certificateOf(key),
      key,
      password: 'changeit',
      friendlyName: 'web',
    });
    inFolderWith(file, (path, folder) => {
      const store = ['-keystore', path, '-storetype', 'PKCS12', '-storepass', 'changeit'];
      const listed = execFileSync('keytool', ['-list', '-v', ...store], { encoding: 'utf8' });
      assert.match(listed, /Alias name: web/);
      assert.match(listed, /Entry type: PrivateKeyEntry/);
      const request = execFileSync('keytool', ['-certreq', '-alias', 'web', ...store], {
        encoding: 'utf8',
        cwd: folder,
      });
      assertAccepted(request, publicKeyOf(key));
    });
  });
}

test('what cannot be put into a PKCS #12 file is refused', async () => {
  const contents = { certificate: certificateOf(ec), key: ec, password };
  assert.equal(await refusal(reader.toPkcs12({ ...contents, key: rsa })), 'certificate_missing');
  assert.equal(await refusal(reader.toPkcs12({ ...contents, password: '' })), 'invalid_option');
  assert.equal(await refusal(reader.toPkcs12({ ...contents, pasword: 'a' })), 'unknown_option');
  assert.equal(await refusal(reader.toPkcs12({ ...contents, key: undefined })), 'invalid_option');
  const secret = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign', 'verify']);
  assert.equal(await refusal(reader.toPkcs12({ ...contents, key: secret.privateKey })), 'webcrypto');
  const error = await reader.toPkcs12({ ...contents, certificate: 'hello' }).catch((error) => error);
  assert.equal(error.type, 'ParseError');
});

test('the tree has the elements that OpenSSL has, where it has them', async () => {
  const { der } = await reader.createCsr({ ...request, mustStaple: true, key: rsa });
  const certificate = new Uint8Array(openssl(['x509', '-outform', 'DER'], certificateOf(ec)));
  for (const bytes of [der, certificate]) {
    const flat = [];
    const walk = (nodes, depth) => {
      for (const { tag, offset, headerLength, length, children = [] } of nodes) {
        flat.push([offset, depth, headerLength, length, tag].join(' '));
        // OpenSSL does not look into strings of octets or bits.
        if (!tag.endsWith('STRING')) walk(children, depth + 1);
      }
    };
    walk(reader.asn1Tree(bytes), 0);
    const theirs = openssl(['asn1parse', '-inform', 'DER'], bytes)
      .toString()
      .trim()
      .split('\n')
      .map((line) =>
        line.match(/^ *(\d+):d=(\d+) +hl=(\d+) +l= *(\d+) (?:cons|prim): +(.+?) *(?::.*|\[HEX DUMP\]:.*)?$/),
      )
      .map(([, offset, depth, header, length, tag]) => [offset, depth, header, length, spelt(tag)].join(' '));
    assert.deepEqual(flat, theirs);
  }
});

const names = {
  OBJECT: 'OBJECT IDENTIFIER',
  UTF8STRING: 'UTF8String',
  PRINTABLESTRING: 'PrintableString',
  IA5STRING: 'IA5String',
  UTCTIME: 'UTCTime',
};
const spelt = (tag) => names[tag] ?? tag.replace(/^cont \[ (\d+) \]$/, '[$1]');

test('the names in the tree are those of the definitions', async () => {
  const { csr } = await reader.createCsr({ ...request, mustStaple: true });
  const named = [];
  const walk = (nodes, path) => {
    for (const { name = '', value, children = [] } of nodes) {
      const here = [...path, name].filter(Boolean);
      if (value !== undefined) named.push([here.join('.'), value]);
      walk(children, here);
    }
  };
  walk(reader.asn1Tree(csr), []);
  const all = new Map(named);
  const info = 'certificationRequestInfo';
  assert.equal(all.get(`${info}.version`), '0');
  const attribute = 'relativeDistinguishedName.attributeTypeAndValue';
  assert.equal(all.get(`${info}.subject.${attribute}.type`), '2.5.4.3 (commonName)');
  assert.equal(all.get(`${info}.subject.${attribute}.value`), 'example.com');
  assert.equal(all.get(`${info}.subjectPKInfo.algorithm.algorithm`), '1.2.840.10045.2.1');
  const extension = `${info}.attributes.attribute.values.extensions.extension`;
  assert.equal(all.get(`${extension}.extnValue.dNSName`), 'example.com');
  assert.ok(all.get('signature'));
});

test('the tree of what is broken has what can be read of it, and of a private key nothing', async () => {
  const { der } = await reader.createCsr(request);
  const [cut] = reader.asn1Tree(der.subarray(0, 100)).slice(-1);
  assert.match(cut.error, /ends before it is complete/);
  const inner = Uint8Array.from(der);
  inner[inner.indexOf(0x06)] = 0x1f;
  assert.ok(JSON.stringify(reader.asn1Tree(inner)).includes('"error"'));
  assert.throws(
    () => reader.asn1Tree(ec),
    (error) => error.code === 'private_key',
  );
  const text = JSON.stringify(reader.asn1Tree(csrWithPassword()));
  assert.ok(text.includes('challengePassword') && text.includes('(not shown)') && !text.includes('canary'), text);
});

/** A request that carries a challengePassword. */
function csrWithPassword() {
  const lines = [
    'prompt=no',
    'distinguished_name=dn',
    'attributes=a',
    '[dn]',
    'CN=a',
    '[a]',
    'challengePassword=canary',
  ];
  return inFolderWith(['[req]', ...lines].join('\n'), (path, folder) => {
    const made = ['req', '-new', '-newkey', 'rsa:2048', '-nodes', '-keyout', join(folder, 'key.pem'), '-config', path];
    return openssl(made).toString();
  });
}
