import { parseCertificate } from '../pki/functions.js';
import type { Certificate } from '../types/pki.js';
import type { RenewalDelivery, RenewedCertificate } from '../types/renewals.js';
import { runCommand } from './command.js';
import { checkKey } from './keys.js';
import { builtin, codeOf, makeFolder, moveOver, randomName, replaceFile, syncFolder } from './node.js';

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
    await files.symlink(key, join(own, 'privkey.pem')).catch((error) => {
      // From an earlier try, for the same order and so the same key.
      if (codeOf(error) !== 'EEXIST') throw error;
    });
  }
  await syncFolder(files, own);
  // The link of the folder last: what it leads to is whole.
  const live = join(place, 'live');
  const at = (name: string) => join(live, name);
  await checkLive(live, at('cert.pem'), certificate, now);
  const fresh = join(place, `.${randomName()}`);
  await files.symlink(version, fresh);
  await moveOver(files, fresh, live);
  await syncFolder(files, place);
  return { MMC_CERTIFICATE: at('cert.pem'), MMC_CHAIN: at('chain.pem'), MMC_FULLCHAIN: at('fullchain.pem') };
}

/** The folder of an order's files. */
const folderOf = (orderId: string) => orderId.replace(/[^\w-]/g, '_');

/**
 * Refuses to turn the link away from another certificate of the same common name that is in force and has other names as well:
 * a server that uses it would have none for these. That of the order that is renewed is another matter.
 */
async function checkLive(live: string, cert: string, certificate: RenewedCertificate, now: number): Promise<void> {
  const files = builtin('node:fs/promises', 'deliver');
  let leadsTo: string;
  try {
    leadsTo = await files.readlink(live);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return;
    throw codeOf(error) === 'EINVAL' ? new Error(`${live} is not a link: move it away`) : error;
  }
  if (leadsTo === folderOf(certificate.orderId)) return;
  // Where it leads to nothing that can be read, nobody uses it.
  const other = await files
    .readFile(cert, 'utf8')
    .then(parseCertificate)
    .catch(() => undefined);
  if (!other || Date.parse(other.notAfter) <= now) return;
  const names = ({ subjectAltNames: { dns } }: Certificate) => dns.map((name) => name.toLowerCase());
  const own = new Set(names(certificate.bundle.leaf));
  const others = names(other).filter((name) => !own.has(name) && !own.has(name.replace(/^[^.]+/, '*')));
  if (others.length === 0) return;
  throw new Error(
    `${live} leads to another certificate in force, with names that this one lacks: ${others.join(', ')}. ` +
      'Deliver this one into another folder, by a run of `only` its names with the same journal; or remove the link, if nothing uses it',
  );
}
