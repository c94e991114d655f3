import { type DcvInstructions, dcvInstructions, type Order } from 'markmonitor-certs';
import { type Cli, type Command, flag, json, parsed, repeated } from '../command.js';
import { exit, Failure, usage } from '../failure.js';
import { clean } from '../output.js';
import { oneOf } from '../spans.js';
import { namesOf } from '../text/order.js';
import { id } from './lists.js';

const token = repeated('--token <token>', 'the token of all names, or DOMAIN=TOKEN of one; default that of the order');
const methods = ['DNS_TXT_TOKEN', 'DNS_CNAME_TOKEN', 'HTTP_TOKEN', 'EMAIL'] as const;
const method = parsed(
  '--method <method>',
  `default that of the order: ${methods.join(', ')}`,
  oneOf(...methods),
  methods,
);
const zone = flag('--zone', 'print the records as lines of a zone file');

export const dcv: Command = {
  name: 'dcv',
  group: 'Orders',
  summary: 'say what to publish so that control of the domains can be checked',
  details:
    'The token comes from the certificate authority. If the order does not show it, give it with --token. It need not be kept secret.',
  arguments: [id],
  options: [token, method, zone, json],
  account: true,
  examples: [
    ['dcv 1c7d2a0e-6a5f-4f7e-9a51-0d9b7a6f2a10', 'in words'],
    ['dcv 1c7d2a0e-6a5f-4f7e-9a51-0d9b7a6f2a10 --token abc123 --zone >> example.com.zone', 'as a zone file'],
  ],
  async run(cli) {
    if (cli.isJson && cli.get(zone)) throw usage('Choose one of --json and --zone.');
    const client = await cli.client();
    const order = await client.orders.get(cli.argument('id'));
    const instructions = await instructionsOf(order, cli);
    if (cli.isJson) cli.out.json(instructions);
    else if (cli.get(zone)) cli.out.print(zoneOf(instructions));
    else cli.out.print(instructions.map(wordsOf).join('\n\n'));
    return undefined;
  },
};

async function instructionsOf(order: Order, cli: Cli): Promise<DcvInstructions[]> {
  const names = namesOf(order);
  if (names.length === 0) throw new Failure(exit.refused, 'The order shows no names yet: look again in a moment.');
  const how = cli.get(method) ?? order.cert?.dcvMethod;
  if (!how) throw new Failure(exit.refused, 'The order shows no method of validation: choose one with --method.');
  const tokens = tokensOf(order, names, cli);
  const all = await Promise.all(names.map((name) => dcvInstructions(name, how, tokens(name))));
  // A wildcard and its domain are validated by the same record.
  return [...new Map(all.map((one) => [JSON.stringify(one), one])).values()];
}

/** The token of each name: what was given, else what the order shows under a name of that meaning. */
function tokensOf({ cert }: Order, names: readonly string[], cli: Cli): (name: string) => string | undefined {
  const isNamed = (name: string) => names.some((known) => known.toLowerCase() === name.toLowerCase());
  const given = (cli.get(token) ?? []).map((text) => {
    const [, name = '', value = ''] = /^([^=]+)=(.+)$/.exec(text) ?? [];
    return isNamed(name) ? { name: name.toLowerCase(), value } : { value: text };
  });
  const [, shown] =
    Object.entries(cert ?? {}).find(([name, value]) => /^dcv\w*token$/i.test(name) && Boolean(value)) ?? [];
  return (name) => {
    const own = given.find((one) => one.name === name.toLowerCase()) ?? given.find((one) => one.name === undefined);
    return own?.value ?? (typeof shown === 'string' ? shown : undefined);
  };
}

function wordsOf({ domain, text, record, file }: DcvInstructions): string {
  const lines = [`${clean(domain)}: ${clean(text)}`];
  if (record) lines.push(`  ${record.type} ${clean(record.name)} ${clean(record.value)}`);
  if (file) lines.push(`  ${clean(file.url)}: ${clean(file.content)}`);
  return lines.join('\n');
}

/** Lines of a master file (RFC 1035, 5). */
function zoneOf(instructions: readonly DcvInstructions[]): string {
  const without = instructions.filter(({ record }) => record === undefined);
  const [first] = without;
  if (first) {
    const reason = first.method.startsWith('DNS_')
      ? 'The token is not known: give it with --token.'
      : `${first.method} needs no record.`;
    throw new Failure(exit.refused, `There is no record for ${first.domain}. ${reason}`);
  }
  return instructions
    .flatMap(({ record }) => (record ? [record] : []))
    .map(
      ({ type, name, value }) =>
        `${clean(name)}. 300 IN ${type} ${type === 'TXT' ? textOf(value) : `${clean(value)}.`}`,
    )
    .join('\n');
}

/** The strings of a TXT record: at most 255 bytes each, quotes and backslashes escaped. */
function textOf(value: string): string {
  const parts = clean(value).match(/.{1,255}/gs) ?? [''];
  return parts.map((part) => `"${part.replace(/["\\]/g, '\\$&')}"`).join(' ');
}
