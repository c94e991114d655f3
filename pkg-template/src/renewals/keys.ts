import { createCsr, parseCsr, sameKey } from '../pki/functions.js';
import type { CreatedCsr, CsrOptions, Csr as ReadCsr } from '../types/pki.js';
import type { RenewalKeys, RenewalRunOptions, RenewalSigner } from '../types/renewals.js';
import type { Order } from '../types/service.js';
import { builtin, codeOf, makeFolder, randomName, syncFolder, writeNew } from './node.js';
import { isText, wrong } from './options.js';

/** What makes and keeps keys. */
export function keysOf({ key, journal }: RenewalRunOptions): RenewalKeys | RenewalSigner {
  if (typeof key === 'function' || typeof (key as Partial<RenewalKeys> | undefined)?.save === 'function') {
    return key as RenewalKeys | RenewalSigner;
  }
  if (isText(key)) return keyFolder(key);
  if (key === undefined && typeof journal === 'string') {
    const { dirname, join } = builtin('node:path', 'key');
    return keyFolder(join(dirname(journal), 'keys'));
  }
  throw wrong('key', 'the path of a folder, an object with `save`, or a function that makes the request');
}

export interface KeyFolder extends RenewalKeys {
  /** What a key is called is the path of its file. */
  readonly areFiles: true;
}

/**
 * Refuses a key that cannot be used with a certificate: no server would start with it.
 *
 * @throws Error Why.
 */
export async function checkKey(path: string, certificate: string): Promise<void> {
  const unfit = (why: string) =>
    new Error(`its key ${path} ${why}. Put it back. If it is lost, revoke the new order, and a later run orders again`);
  const files = builtin('node:fs/promises', 'key');
  const pem = await files.readFile(path, 'utf8').catch((error: Error) => {
    throw unfit(`cannot be read: ${error.message}`);
  });
  let publicKey: string;
  try {
    publicKey = builtin('node:crypto', 'key').createPublicKey(pem).export({ type: 'spki', format: 'pem' });
  } catch (error) {
    // Of one with a passphrase nothing can be told, and nothing here has made it.
    if (codeOf(error) === 'ERR_MISSING_PASSPHRASE') return;
    throw unfit('is not a private key');
  }
  if (!(await sameKey(publicKey, certificate))) throw unfit('is not that of its certificate');
}

/** Keys in a folder: a file for each, which only its owner can read. */
function keyFolder(folder: string): KeyFolder {
  const files = builtin('node:fs/promises', 'key');
  const { join, resolve } = builtin('node:path', 'key');
  const place = resolve(folder);
  return {
    areFiles: true,
    async save(name, privateKeyPem) {
      await makeFolder(files, place, 0o700);
      for (const suffix of ['', `-${randomName().slice(0, 8)}`]) {
        const path = join(place, `${name}${suffix}.key`);
        try {
          await writeNew(files, path, privateKeyPem, 0o600);
          await syncFolder(files, place);
          return path;
        } catch (error) {
          // A key of another journal.
          if (codeOf(error) !== 'EEXIST') throw error;
        }
      }
      throw new Error(`there is a key ${name} already`);
    },
  };
}

/**
 * A new key of the kind of the old one, and a request for it that is like the old one, for the names of the order. Where the
 * old request holds what no certificate authority accepts any more, the new one has the names alone.
 */
export async function newRequest(old: Order | undefined, names: readonly string[]): Promise<CreatedCsr> {
  const csr = old?.cert?.csr;
  const [commonName = ''] = names;
  const plain = { subject: { commonName }, dnsNames: names };
  if (!csr) return await createCsr(plain);
  const key = keyLike(await parseCsr(csr).catch(() => undefined));
  try {
    return await createCsr({ like: csr, dnsNames: names, ...key });
  } catch {
    return await createCsr({ ...plain, ...key });
  }
}

function keyLike(csr: ReadCsr | undefined): Pick<CsrOptions, 'key'> {
  const { algorithm, bits, curve } = csr?.publicKey ?? {};
  if (algorithm === 'RSA') return { key: { algorithm, bits: bits === 4096 || bits === 3072 ? bits : 2048 } };
  return curve === 'P-384' ? { key: { algorithm: 'EC', curve } } : {};
}
