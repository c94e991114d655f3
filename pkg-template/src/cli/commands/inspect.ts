import { type Finding, type Found, inspectAll } from 'markmonitor-certs';
import { type Cli, type Command, flag, json } from '../command.js';
import { usage } from '../failure.js';
import { countOf, exitCodeFor, failOn } from '../findings.js';
import { readInput } from '../input.js';
import { type Located, sarif } from '../sarif.js';
import { bundleLines, csrLines } from '../text/certificate.js';

const asSarif = flag('--sarif', 'print SARIF 2.1.0, for code hosts and editors');

export const inspect: Command = {
  name: 'inspect',
  group: 'On this machine',
  summary: 'read and check CSRs, certificates and bundles',
  details:
    'Finds everything in the files, in whatever form it was pasted, and says what a certificate authority will refuse. ' +
    'Nothing is sent. What cannot be read counts as an error.',
  arguments: [{ name: 'file', description: 'a file, or - for standard input', many: true }],
  options: [json, asSarif, failOn],
  examples: [
    ['inspect example.com.csr', 'a CSR'],
    ['inspect fullchain.pem --fail-on warning', 'a certificate with its chain, warnings fail too'],
    ['inspect certs/*.pem --sarif > findings.sarif', 'many files, for a code host'],
    ['inspect - < pasted.txt', 'anything that somebody sent you'],
  ],
  async run(cli) {
    if (cli.isJson && cli.get(asSarif)) throw usage('Choose one of --json and --sarif.');
    const files = cli.rest('file');
    if (files.filter((file) => file === '-').length > 1) throw usage('Standard input, `-`, can be read once.');
    const inputs = [];
    for (const file of files) inputs.push(await readInput(file, cli.terminal));
    const found = await inspectAll(inputs);
    const all = found.map((one) => ({ one, file: files[one.file] ?? '', findings: findingsOf(one) }));
    if (cli.isJson) cli.out.json(all.map(({ one, file }) => ({ ...one, file })));
    else if (cli.get(asSarif)) cli.out.json(sarif(all.flatMap(located)));
    else for (const { one, file, findings } of all) print(one, file, findings, cli);
    const findings = all.flatMap(({ findings }) => findings);
    if (!cli.isJson && !cli.get(asSarif)) cli.out.print(`${found.length} found: ${countOf(findings)}`);
    return exitCodeFor(findings, cli);
  },
};

/** What `--fail-on` and SARIF go by: a `Finding`, or the error of what cannot be read. */
type Reported = Omit<Finding, 'code'> & { readonly code: string };

function findingsOf(one: Found): readonly Reported[] {
  if (one.kind === 'csr') return one.inspection.findings;
  if (one.kind === 'bundle') return one.bundle.findings;
  return [{ severity: 'error', code: one.error.code, message: one.error.message }];
}

function located({ one, file, findings }: { one: Found; file: string; findings: readonly Reported[] }): Located[] {
  return findings.map((finding) => ({ finding, file, start: one.start, end: one.end }));
}

function print(one: Found, file: string, findings: readonly Reported[], { out }: Cli): void {
  out.print(out.paint('bold', `${file === '-' ? 'standard input' : file}, bytes ${one.start} to ${one.end}`));
  if (one.kind === 'csr') out.print(csrLines(one.inspection).join('\n'));
  if (one.kind === 'bundle') out.print(bundleLines(one.bundle).join('\n'));
  if (findings.length > 0) out.print('Findings:');
  out.findings(findings as readonly Finding[], '    ');
  out.print('');
}
