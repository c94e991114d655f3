/**
 * Says what is in the files of a folder, CSRs, certificates and bundles, and what is wrong with each:
 *
 *   node inspect.mjs FOLDER
 *
 * Nothing is sent. The exit code is 1 when there is an error among the findings, or a file that cannot be read.
 */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inspectAll } from 'markmonitor-certs/pki';

const [folder] = process.argv.slice(2);
if (!folder) throw new Error('Say which folder: node inspect.mjs FOLDER');

const names = (await readdir(folder, { recursive: true, withFileTypes: true }))
  .filter((entry) => entry.isFile())
  .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
  .sort();
const files = await Promise.all(names.map((name) => readFile(name)));

let isGood = true;
for (const found of await inspectAll(files)) {
  const name = names[found.file];
  if (found.kind === 'other') {
    // A key belongs beside its certificate; it is not read.
    if (found.error.code !== 'private_key') isGood = false;
    console.log(`${name}: ${found.error.message}`);
    continue;
  }
  const isRequest = found.kind === 'csr';
  const { subject, subjectAltNames } = isRequest ? found.inspection.csr : found.bundle.leaf;
  const what = isRequest ? 'request' : `certificate until ${found.bundle.leaf.notAfter}`;
  console.log(
    `${name}: ${what} for ${[...new Set([subject.commonName, ...subjectAltNames.dns])].filter(Boolean).join(', ')}`,
  );
  for (const { severity, code, message } of (isRequest ? found.inspection : found.bundle).findings) {
    if (severity === 'error') isGood = false;
    console.log(`  ${severity} ${code}: ${message}`);
  }
}
process.exitCode = isGood ? 0 : 1;
