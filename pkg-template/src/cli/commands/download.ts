import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type Bundle, type Certificate, type CertsClient, parseBundle, toPkcs12 } from 'markmonitor-certs';
import { makeFolder } from '../../renewals/node.js';
import { type Cli, type Command, flag, json, option, parsed } from '../command.js';
import { usage } from '../failure.js';
import { type NewFile, replaceFiles, writeNew } from '../files.js';
import { exitCodeFor } from '../findings.js';
import { readSecret, readText } from '../input.js';
import { oneOf } from '../spans.js';
import { fileNameOf } from './create.js';
import { id } from './lists.js';

const layouts = ['nginx', 'apache', 'iis', 'java', 'pem'] as const;
type Layout = (typeof layouts)[number];

const out = option('--out <dir>', 'the folder; default: the current one');
const layout = parsed('--layout <server>', `${layouts.join(', ')}; default pem`, oneOf(...layouts), layouts);
const keyFile = option(
  '--key-file <file>',
  'the private key: iis and java get it in a PKCS #12 file; it stays on this machine',
);
const keyPassphraseFile = option('--key-passphrase-file <file>', 'holds the passphrase of the key');
const passphraseFile = option('--passphrase-file <file>', 'holds the passphrase that encrypts the PKCS #12 file');
const force = flag('--force', 'replace existing files');

export const download: Command = {
  name: 'download',
  group: 'Orders',
  summary: 'download a certificate, in files for a server',
  details: [
    'pem     NAME.pem, NAME.chain.pem, NAME.fullchain.pem',
    'nginx   NAME.crt: the certificate with its intermediates, for ssl_certificate',
    'apache  NAME.crt, NAME.chain.crt: for SSLCertificateFile and SSLCertificateChainFile',
    'iis     NAME.pfx with --key-file, else NAME.p7b for the machine that has the key',
    'java    NAME.p12 with --key-file, else NAME.p7b for keytool -importcert',
  ].join('\n'),
  arguments: [id],
  options: [out, layout, keyFile, keyPassphraseFile, passphraseFile, force, json],
  account: true,
  examples: [
    ['download 1c7d2a0e-6a5f-4f7e-9a51-0d9b7a6f2a10 --layout nginx --out /etc/nginx/tls', 'for nginx'],
    [
      'download 1c7d2a0e-6a5f-4f7e-9a51-0d9b7a6f2a10 --layout iis --key-file example.com.key --passphrase-file pfx.txt',
      'with its key, for IIS',
    ],
  ],
  async run(cli) {
    const kind = cli.get(layout) ?? 'pem';
    const takesKey = kind === 'iis' || kind === 'java';
    if (cli.get(keyFile) && !takesKey)
      throw usage('--key-file is for the layouts iis and java: other servers read the key where it is.');
    if (cli.get(keyFile) && !cli.get(passphraseFile))
      throw usage('A PKCS #12 file needs a passphrase: name its file with --passphrase-file.');
    const client = await cli.client();
    const order = await client.orders.get(cli.argument('id'));
    const csr = order.cert?.csr;
    const bundle = await parseBundle(await client.orders.download(order.id, 'pem_all'), csr ? { csr } : undefined);
    const name = fileNameOf(order.cert?.commonName ?? bundle.leaf.subject.commonName ?? order.id);
    const folder = cli.get(out) ?? '.';
    const targets = await targetsOf(kind, name, bundle, cli, client);
    await write(folder, targets, cli);
    const files = targets.map(({ file }) => join(folder, file));
    if (cli.isJson) cli.out.json({ files, notAfter: bundle.leaf.notAfter, findings: bundle.findings });
    else {
      for (const file of files) cli.out.print(file);
      cli.out.findings(bundle.findings, '', cli.terminal.stderr);
    }
    return exitCodeFor(bundle.findings, cli);
  },
};

async function targetsOf(
  kind: Layout,
  name: string,
  bundle: Bundle,
  cli: Cli,
  client: CertsClient,
): Promise<NewFile[]> {
  const chain = pemOf(bundle.intermediates);
  const open = (file: string, content: string | Uint8Array): NewFile => ({ file, content, mode: 0o644 });
  const [leaf, full] = [pemOf([bundle.leaf]), pemOf([bundle.leaf, ...bundle.intermediates])];
  if (kind === 'nginx') return [open(`${name}.crt`, full)];
  if (kind === 'apache') return [open(`${name}.crt`, leaf), open(`${name}.chain.crt`, chain)];
  if (kind === 'pem') {
    return [open(`${name}.pem`, leaf), open(`${name}.chain.pem`, chain), open(`${name}.fullchain.pem`, full)];
  }
  const key = cli.get(keyFile);
  if (key === undefined) return [open(`${name}.p7b`, await client.orders.download(cli.argument('id'), 'p7b'))];
  const secret = async (file: typeof passphraseFile) => {
    const named = cli.get(file);
    return named === undefined ? undefined : await readSecret(named, cli.terminal);
  };
  const content = await toPkcs12({
    certificate: bundle.pem,
    key: { pem: await readText(key, cli.terminal), password: await secret(keyPassphraseFile) },
    password: (await secret(passphraseFile)) ?? '',
    friendlyName: name,
  });
  return [{ file: `${name}.${kind === 'iis' ? 'pfx' : 'p12'}`, content, mode: 0o600 }];
}

function pemOf(certificates: readonly Certificate[]): string {
  return certificates.map(({ pem }) => `${pem.trimEnd()}\n`).join('');
}

async function write(folder: string, targets: readonly NewFile[], cli: Cli): Promise<void> {
  try {
    await makeFolder({ mkdir, stat }, folder);
  } catch (error) {
    throw usage(`Cannot make the folder ${folder}: ${(error as Error).message}.`);
  }
  const placed = targets.map(({ file, ...rest }) => ({ ...rest, file: join(folder, file) }));
  if (cli.get(force)) await replaceFiles(placed);
  else await writeNew(placed, 'move it, name another folder, or replace it with --force');
}
