import { type CsrLike, type CsrRequest, type CsrSubject, createCsr, ValidationError } from 'markmonitor-certs';
import { type Cli, type Command, flag, json, option, parsed, repeated } from '../command.js';
import { exit, Failure, usage } from '../failure.js';
import { writeNew } from '../files.js';
import { countOf } from '../findings.js';
import { readSecret, readText } from '../input.js';
import { oneOf } from '../spans.js';

const keys = ['ec:P-256', 'ec:P-384', 'rsa:2048', 'rsa:3072', 'rsa:4096'] as const;

/** What a line of `create` may say, in the order of its help. */
const line = {
  organization: option('--organization <name>', 'the legal name, for OV and EV'),
  unit: repeated('--unit <name>', 'an organizational unit'),
  locality: option('--locality <city>', 'the city'),
  state: option('--state <state>', 'the state or province'),
  country: option('--country <code>', 'two letters of ISO 3166-1'),
  email: option('--email <address>', 'the email address of the subject'),
  ip: repeated('--ip <address>', 'an IP address among the names'),
  like: option('--like <file>', 'a certificate or a CSR that serves as a template'),
  key: parsed('--key <kind>', `a new key: ${keys.join(', ')}; default ec:P-256`, oneOf(...keys), keys),
  keyFile: option('--key-file <file>', 'an existing key, in place of a new one'),
  keyPassphraseFile: option('--key-passphrase-file <file>', 'holds the passphrase of --key-file'),
  passphraseFile: option('--passphrase-file <file>', 'holds the passphrase that encrypts the new key'),
  keyOut: option('--key-out <file>', 'where the key goes; default NAME.key'),
  csrOut: option('--csr-out <file>', 'where the CSR goes; default NAME.csr'),
  mustStaple: flag('--must-staple', 'ask for a certificate that needs a stapled OCSP response'),
  unchecked: flag('--unchecked', 'make the request even if it has errors'),
  json,
};

export const create: Command = {
  name: 'create',
  group: 'On this machine',
  summary: 'make a key and a certificate signing request',
  details:
    'The first name is the common name. The key file is for its owner alone (0600), and no file is ever overwritten. ' +
    'Nothing is sent.',
  arguments: [{ name: 'name', description: 'the names that the certificate is for', many: true, optional: true }],
  options: Object.values(line),
  examples: [
    [
      'create example.com www.example.com --organization "Example Inc." --country US',
      'example.com.key and example.com.csr',
    ],
    ['create --like old.pem --key-out new.key --csr-out new.csr', 'for the renewal of a certificate'],
    ['create example.com --key-file example.com.key --csr-out second.csr', 'with an existing key'],
  ],
  async run(cli) {
    const own = cli.get(line.keyFile);
    if (own !== undefined && cli.get(line.key))
      throw usage('Choose one of --key, a new key, and --key-file, an existing one.');
    const request = await requestOf(cli);
    const { csr, privateKeyPem, findings } = await createCsr(request).catch(asFindings);
    const files = {
      ...(own === undefined && { key: target(cli, line.keyOut, 'key') }),
      csr: target(cli, line.csrOut, 'csr'),
    };
    await writeNew([
      ...(files.key === undefined ? [] : [{ file: files.key, content: privateKeyPem, mode: 0o600 }]),
      { file: files.csr, content: csr, mode: 0o644 },
    ]);
    if (cli.isJson) cli.out.json({ ...files, pem: csr, findings });
    else {
      for (const [what, file] of Object.entries(files)) cli.out.print(`${what}: ${file}`);
      cli.out.findings(findings);
      cli.out.print(countOf(findings));
    }
    return undefined;
  },
};

/** Nothing is refused here, for nothing is sent: errors are what was found. */
function asFindings(error: unknown): never {
  throw error instanceof ValidationError ? new Failure(exit.findings, error.message, error.findings) : error;
}

async function requestOf(cli: Cli): Promise<CsrRequest | CsrLike> {
  const [commonName, ...others] = cli.rest('name');
  const template = cli.get(line.like);
  const subject: CsrSubject = {
    ...given('commonName', commonName),
    ...given('organizationName', cli.get(line.organization)),
    ...given('organizationalUnit', cli.get(line.unit)),
    ...given('locality', cli.get(line.locality)),
    ...given('state', cli.get(line.state)),
    ...given('country', cli.get(line.country)),
    ...given('email', cli.get(line.email)),
  };
  const options = { ...given('ipAddresses', cli.get(line.ip)), ...given('mustStaple', cli.get(line.mustStaple)) };
  const check = cli.get(line.unchecked) ? { check: false } : {};
  const shared = { ...options, ...check, ...(await keyOf(cli)) };
  if (template !== undefined) {
    const isOther = Object.keys(subject).length > 0;
    const names = commonName === undefined ? {} : { dnsNames: [commonName, ...others] };
    return { ...shared, ...names, ...(isOther && { subject }), like: await readText(template, cli.terminal) };
  }
  if (commonName === undefined) throw usage('Which name is it for? create example.com www.example.com');
  return { ...shared, subject, dnsNames: [commonName, ...others] };
}

async function keyOf(cli: Cli): Promise<Pick<CsrRequest, 'key' | 'privateKeyPassword'>> {
  const own = cli.get(line.keyFile);
  const passphrase = await secret(cli, line.passphraseFile);
  if (own !== undefined) {
    if (passphrase !== undefined)
      throw usage('--passphrase-file is for a new key; that of --key-file is --key-passphrase-file.');
    const password = await secret(cli, line.keyPassphraseFile);
    return { key: { pem: await readText(own, cli.terminal), ...given('password', password) } };
  }
  const [algorithm = '', detail = ''] = (cli.get(line.key) ?? 'ec:P-256').split(':');
  const made = algorithm === 'rsa' ? { algorithm: 'RSA', bits: Number(detail) } : { algorithm: 'EC', curve: detail };
  return { key: made as NonNullable<CsrRequest['key']>, ...given('privateKeyPassword', passphrase) };
}

async function secret(cli: Cli, file: typeof line.passphraseFile): Promise<string | undefined> {
  const name = cli.get(file);
  return name === undefined ? undefined : await readSecret(name, cli.terminal);
}

const given = <K extends string, V>(name: K, value: V | undefined) =>
  (value === undefined ? {} : { [name]: value }) as { [P in K]?: V };

/** The file of an option, else one with the name of the certificate. */
function target(cli: Cli, file: typeof line.keyOut, suffix: string): string {
  const named = cli.get(file);
  if (named !== undefined) return named;
  const [name] = cli.rest('name');
  if (name === undefined) throw usage(`Without a name, say where it goes: --${suffix}-out FILE.`);
  return `${fileNameOf(name)}.${suffix}`;
}

/** A name of a certificate as that of a file. */
export function fileNameOf(name: string): string {
  const plain = name
    .toLowerCase()
    .replace(/^\*\./, 'wildcard.')
    .replace(/[^a-z0-9.\u0080-\uffff-]/g, '_');
  return plain.replace(/^\.+/, '_') || 'certificate';
}
