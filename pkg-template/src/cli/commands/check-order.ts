import { checkOrder as check, type NewOrder, type OrderContext } from 'markmonitor-certs';
import { type Cli, type Command, flag, json, option } from '../command.js';
import { usage } from '../failure.js';
import { countOf, exitCodeFor, failOn } from '../findings.js';
import { readObject, readText } from '../input.js';
import { sarif } from '../sarif.js';

const asSarif = flag('--sarif', 'print SARIF 2.1.0, for code hosts and editors');
const organization = option(
  '--organization <file>',
  'JSON with the organization that it is for: { "name", "country" }',
);
export const csr = option('--csr <file>', 'the CSR to order with, in place of that in the file');

/** The order in a file, with the CSR of another one. */
export async function readOrder(cli: Cli): Promise<NewOrder> {
  const order = await readObject<NewOrder>(cli.argument('file'), cli.terminal);
  const file = cli.get(csr);
  if (file === undefined) return order;
  if (file === '-' && cli.argument('file') === '-') throw usage('Standard input, `-`, can be read once.');
  return { ...order, cert: { ...order.cert, csr: await readText(file, cli.terminal) } };
}

export const checkOrder: Command = {
  name: 'check-order',
  group: 'On this machine',
  summary: 'check an order before it is sent',
  details: 'Says what the service or the certificate authority would refuse, or change. Nothing is sent.',
  arguments: [{ name: 'file', description: 'the order as JSON (a sample is in docs/cli.md), or - for standard input' }],
  options: [csr, organization, json, asSarif, failOn],
  examples: [
    ['check-order order.json', 'an order with its CSR'],
    ['check-order order.json --csr example.com.csr --fail-on warning', 'an order with the CSR of a file'],
  ],
  async run(cli) {
    if (cli.isJson && cli.get(asSarif)) throw usage('Choose one of --json and --sarif.');
    const order = await readOrder(cli);
    const file = cli.get(organization);
    const context: OrderContext | undefined =
      file === undefined ? undefined : { organization: await readObject(file, cli.terminal) };
    const findings = await check(order, context);
    if (cli.isJson) cli.out.json({ findings });
    else if (cli.get(asSarif))
      cli.out.json(sarif(findings.map((finding) => ({ finding, file: cli.argument('file') }))));
    else {
      cli.out.findings(findings);
      cli.out.print(countOf(findings));
    }
    return exitCodeFor(findings, cli);
  },
};
