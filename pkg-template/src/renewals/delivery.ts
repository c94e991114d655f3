import { parseBundle } from '../pki/functions.js';
import type { RenewalDelivery, RenewedCertificate } from '../types/renewals.js';
import { runCommand } from './command.js';
import { checkKey } from './keys.js';
import { builtin, codeOf, type Files, makeFolder, replaceFile, syncFolder } from './node.js';

/** Puts a certificate into a folder, and runs a program. `now` is the service's time. */
export async function deliverWith(given: RenewalDelivery, certificate: RenewedCertificate, now: number): Promise<void> {
  const { directory, command } = given;
  const about: Record<string, string> = {
    MMC_EVENT: 'deliver',
    MMC_ORDER_ID: certificate.orderId,
    MMC_NEW_ORDER_ID: certificate.order.id ?? '',
    MMC_COMMON_NAME: certificate.commonName,
    MMC_DNS_NAMES: certificate.dnsNames.join(' '),
    MMC_NOT_AFTER: certificate.bundle.leaf.notAfter,
    MMC_KEY: certificate.key ?? '',
  };
  if (directory !== undefined) Object.assign(about, await writeFiles(directory, certificate, now));
  if (command !== undefined) await runCommand({ ...given, command }, about);
}

/** The files, and the link to their folder, which changes at once; the variables that name them. */
async function writeFiles(
  directory: string,
  certificate: RenewedCertificate,
  now: number,
): Promise<Record<string, string>> {
  const files = builtin('node:fs/promises', 'deliver');
  const { isAbsolute, join, resolve } = builtin('node:path', 'deliver');
  const { commonName, order } = certificate;
  // What a caller's own store calls a key need not be a file.
  const key = certificate.key !== undefined && isAbsolute(certificate.key) ? certificate.key : undefined;
  if (key !== undefined) await checkKey(key, certificate.certificate);
  const folder = commonName.replace(/^\*/, '_wildcard').replace(/[^\w.-]/g, '_');
  // Of dots alone, or of nothing, it would be another folder.
  const place = resolve(directory, folder.replace(/^\.*$/, '_'));
  const version = folderOf(order.id ?? '');
  const own = join(place, version);
  await makeFolder(files, own, 0o755);
  const texts = {
    'cert.pem': certificate.certificate,
    'chain.pem': certificate.chain,
    'fullchain.pem': certificate.fullchain,
  };
  for (const [name, text] of Object.entries(texts)) {
    await replaceFile(files, join(own, name), text, 0o644);
  }
  if (key !== undefined) {
    const to = await linkOf(files, key, own, directory);
    await files.symlink(to, join(own, 'privkey.pem')).catch((error) => {
      // From an earlier try, for the same order and so the same key.
      if (codeOf(error) !== 'EEXIST') throw error;
    });
  }
  await syncFolder(files, own);
  // The link of the folder last: what it leads to is whole.
  const live = join(place, 'live');
  const lost = await namesLost(files, live, certificate, now);
  if (lost) {
    throw new Error(`${live} leads to another certificate, which alone has ${lost}: deliver one into another folder`);
  }
  const fresh = join(place, '.live');
  // From an earlier try, which could not move it.
  await files.unlink(fresh).catch(() => undefined);
  await files.symlink(version, fresh);
  await files.rename(fresh, live);
  await syncFolder(files, place);
  return {
    MMC_CERTIFICATE: join(live, 'cert.pem'),
    MMC_CHAIN: join(live, 'chain.pem'),
    MMC_FULLCHAIN: join(live, 'fullchain.pem'),
  };
}

/** What a link in a folder says of a key: in the directory itself, its way there, for a container may have that elsewhere. */
async function linkOf(files: Files, key: string, folder: string, directory: string): Promise<string> {
  const { join, relative } = builtin('node:path', 'deliver');
  const [from, to, whole] = [await files.realpath(folder), await files.realpath(key), await files.realpath(directory)];
  return to.startsWith(join(whole, '/')) ? relative(from, to) : key;
}

/** The folder of an order's files. */
const folderOf = (orderId: string) => orderId.replace(/[^\w-]/g, '_');

/**
 * The names of another certificate in force that the link leads to, where this one lacks them: a server that uses it would have
 * none for these. That of the order that is renewed is another matter, as is what cannot be read.
 */
async function namesLost(files: Files, live: string, { orderId, bundle }: RenewedCertificate, now: number) {
  try {
    const { leaf } = await parseBundle(await files.readFile(`${live}/cert.pem`));
    if ((await files.readlink(live)) === folderOf(orderId) || Date.parse(leaf.notAfter) <= now) return '';
    const own = bundle.leaf.subjectAltNames.dns;
    return leaf.subjectAltNames.dns
      .filter((name) => !own.includes(name) && !own.includes(name.replace(/^[^.]+/, '*')))
      .join(', ');
  } catch {
    return '';
  }
}
