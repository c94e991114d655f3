import { createCsr, parseCsr } from '../pki/functions.js';
import type { CreatedCsr, CsrOptions, Csr as ReadCsr } from '../types/pki.js';
import type { RenewalKeys, RenewalRunOptions, RenewalSigner } from '../types/renewals.js';
import type { Order } from '../types/service.js';
import { builtin, codeOf, randomName, syncFolder, writeNew } from './node.js';
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

/** Keys in a folder: a file for each, which only its owner can read. */
export function keyFolder(folder: string): RenewalKeys {
  const files = builtin('node:fs/promises', 'key');
  const { join, resolve } = builtin('node:path', 'key');
  const place = resolve(folder);
  return {
    async save(name, privateKeyPem) {
      await files.mkdir(place, { recursive: true, mode: 0o700 });
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
      throw new Error(`there are keys of the name ${name} already`);
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
