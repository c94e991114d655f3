// What is made with WebCrypto, loaded when something first is. The reader decides and encodes; this asks WebCrypto in between.

import { codecs, webCrypto } from '../host/natives.js';
import type { Bytes } from '../types/open.js';
import type { CreatedCsr, CsrLike, CsrRequest, Pkcs12Contents } from '../types/pki.js';
import type { Draft, Encryption, KeyStep, Reader } from '../wasm/exports.js';
import { concluded } from './signatures.js';

/** Asks WebCrypto. What it throws, the reader makes an error of, by what it was asked for. */
type Ask = <T>(work: (subtle: SubtleCrypto) => Promise<T>, during?: string) => Promise<T>;

const asking = (reader: Reader): Ask => {
  return async (work, during = '') => {
    try {
      const subtle = webCrypto()?.subtle;
      if (!subtle) throw new Error('this runtime has no WebCrypto');
      return await work(subtle);
    } catch (error) {
      throw reader.keyFailure(error, during);
    }
  };
};

export async function createCsr(reader: Reader, request: CsrRequest | CsrLike): Promise<CreatedCsr> {
  const draft = reader.draftCsr(request);
  return requestOf(reader, draft, request).finally(() => draft.free());
}

export async function toPkcs12(reader: Reader, contents: Pkcs12Contents): Promise<Bytes> {
  const draft = reader.draftPkcs12(contents);
  return fileOf(reader, draft, contents).finally(() => draft.free());
}

async function requestOf(reader: Reader, draft: Draft, request: CsrRequest | CsrLike): Promise<CreatedCsr> {
  const ask = asking(reader);
  const pair = await pairOf(ask, draft, draft.key(request.key));
  const { csr, der, findings } = await signed(ask, draft, pair);
  const { privateKey } = pair;
  const privateKeyPem = await pemOf(reader, ask, draft, privateKey, request.privateKeyPassword);
  return { csr, privateKeyPem, der, privateKey, findings };
}

async function fileOf(reader: Reader, draft: Draft, contents: Pkcs12Contents): Promise<Bytes> {
  const ask = asking(reader);
  const pair = await pairOf(ask, draft, draft.key(contents.key));
  // It shows that the halves belong together.
  const { spki } = await signed(ask, draft, pair);

  const unencrypted = draft.certificates(spki);
  const pkcs8 = await pkcs8Of(ask, pair.privateKey);
  if (!pkcs8) throw reader.keyFailure(undefined, 'export');
  const encrypt = (octets: Bytes) => encrypted(ask, draft, contents.password, octets);
  const key = await encrypt(pkcs8).finally(() => pkcs8.fill(0));
  const certificates = await encrypt(unencrypted);
  const safe = draft.safe(key.octets, key.encryption, certificates.octets, certificates.encryption);

  return ask(async (subtle) => {
    const salt = random();
    const octets = reader.macKey(contents.password, salt);
    const macKey = await subtle.importKey('raw', octets, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
    octets.fill(0);
    return reader.pfx(safe, new Uint8Array(await subtle.sign('HMAC', macKey, safe)), salt);
  });
}

/** The pair that the caller has, or a new one. */
async function pairOf(ask: Ask, draft: Draft, step: KeyStep): Promise<CryptoKeyPair> {
  if ('made' in step) {
    return ask(async (subtle) => (await subtle.generateKey(step.made, true, ['sign', 'verify'])) as CryptoKeyPair);
  }
  if ('encrypted' in step) {
    const { encryption, password, encrypted } = step;
    const der = await ask((subtle) => aes(subtle, 'decrypt', encryption, password, encrypted), 'decrypt');
    return pairOf(ask, draft, draft.decrypted(der)).finally(() => der.fill(0));
  }
  if ('pkcs8' in step) {
    const { pkcs8, algorithm } = step;
    const work = async (subtle: SubtleCrypto) =>
      withPublic(subtle, await subtle.importKey('pkcs8', pkcs8, algorithm, true, ['sign']));
    return ask(work, step.during).finally(() => pkcs8.fill(0));
  }
  return 'publicKey' in step ? step : ask((subtle) => withPublic(subtle, step.privateKey));
}

/** A private key with the public one that is in it. */
async function withPublic(subtle: SubtleCrypto, privateKey: CryptoKey): Promise<CryptoKeyPair> {
  // The members of RFC 7518, 6.2.1 and 6.3.1, and RFC 8037, 2, that are public.
  const { kty, crv, x, y, n, e } = await subtle.exportKey('jwk', privateKey);
  // Without those that this kind of key does not have.
  const jwk = JSON.parse(JSON.stringify({ kty, crv, x, y, n, e }));
  return { privateKey, publicKey: await subtle.importKey('jwk', jwk, privateKey.algorithm, true, ['verify']) };
}

/** A request of a key in DER and as PEM, what is to say about it, and the public key. */
async function signed(ask: Ask, draft: Draft, { privateKey, publicKey }: CryptoKeyPair) {
  const algorithm = draft.signing(privateKey);
  const spki = new Uint8Array(await ask((subtle) => subtle.exportKey('spki', publicKey)));
  const message = draft.message(privateKey, spki);
  const signature = await ask((subtle) => subtle.sign(algorithm, privateKey, message));
  const [made] = await concluded(draft.signed(new Uint8Array(signature)));
  return { ...(made as CreatedCsr), spki };
}

/** The private key as PEM, encrypted if there is a password. Empty for a key that may not leave WebCrypto. */
async function pemOf(
  reader: Reader,
  ask: Ask,
  draft: Draft,
  privateKey: CryptoKey,
  password?: string,
): Promise<string> {
  const pkcs8 = await pkcs8Of(ask, privateKey);
  const hasPassword = typeof password === 'string';
  // A password that is given for nothing is said to be, rather than passed over.
  if (!pkcs8 && hasPassword) throw reader.keyFailure(undefined, 'export');
  if (!pkcs8) return '';
  try {
    if (!hasPassword) return reader.keyPem(pkcs8, undefined);
    const { octets, encryption } = await encrypted(ask, draft, password, pkcs8);
    return reader.keyPem(octets, encryption);
  } finally {
    pkcs8.fill(0);
  }
}

/** The private key in PKCS #8, unless it may not leave WebCrypto. */
async function pkcs8Of(ask: Ask, key: CryptoKey): Promise<Bytes | undefined> {
  return key.extractable ? new Uint8Array(await ask((subtle) => subtle.exportKey('pkcs8', key))) : undefined;
}

const encrypted = (ask: Ask, draft: Draft, password: string, octets: Bytes) =>
  ask(async (subtle) => {
    const encryption = draft.encryption(random(), random());
    return { encryption, octets: await aes(subtle, 'encrypt', encryption, password, octets) };
  });

async function aes(
  subtle: SubtleCrypto,
  usage: 'encrypt' | 'decrypt',
  { hash, salt, iterations, bits, iv }: Encryption,
  password: string,
  octets: Bytes,
): Promise<Bytes> {
  const secret = new (codecs().TextEncoder)().encode(password);
  const derived = await subtle.importKey('raw', secret, 'PBKDF2', false, ['deriveKey']).finally(() => secret.fill(0));
  const from = { name: 'PBKDF2', hash, salt, iterations };
  const key = await subtle.deriveKey(from, derived, { name: 'AES-CBC', length: bits }, false, [usage]);
  return new Uint8Array(await subtle[usage]({ name: 'AES-CBC', iv }, key, octets));
}

/** Sixteen octets that nobody can guess: a salt, an initialization vector. */
const random = (): Bytes => webCrypto().getRandomValues(new Uint8Array(16));
