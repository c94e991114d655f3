import type { RenewalDelivery, RenewedCertificate } from '../types/renewals.js';
import { runCommand } from './command.js';
import { checkKey } from './keys.js';
import { builtin, codeOf, makeFolder, randomName, replaceFile, syncFolder } from './node.js';

/** Puts a certificate into a folder, and runs a program. */
export async function deliverWith(given: RenewalDelivery, certificate: RenewedCertificate): Promise<void> {
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
  if (directory !== undefined) Object.assign(about, await writeFiles(directory, certificate));
  if (command !== undefined) await runCommand({ ...given, command }, about);
}

/** The files, and the link to their folder, which changes at once; the variables that name them. */
async function writeFiles(directory: string, certificate: RenewedCertificate): Promise<Record<string, string>> {
  const files = builtin('node:fs/promises', 'deliver');
  const { isAbsolute, join, resolve } = builtin('node:path', 'deliver');
  const { commonName, order } = certificate;
  // What a caller's own store calls a key need not be a file.
  const key = certificate.key !== undefined && isAbsolute(certificate.key) ? certificate.key : undefined;
  if (key !== undefined) await checkKey(key, certificate.certificate);
  const folder = commonName.replace(/^\*/, '_wildcard').replace(/[^\w.-]/g, '_');
  // Of dots alone, or of nothing, it would be another folder.
  const place = resolve(directory, folder.replace(/^\.*$/, '_'));
  const version = (order.id ?? '').replace(/[^\w-]/g, '_');
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
  const fresh = join(place, `.${randomName()}`);
  await files.symlink(version, fresh);
  await files.rename(fresh, join(place, 'live'));
  await syncFolder(files, place);
  const at = (name: string) => join(place, 'live', name);
  return { MMC_CERTIFICATE: at('cert.pem'), MMC_CHAIN: at('chain.pem'), MMC_FULLCHAIN: at('fullchain.pem') };
}
