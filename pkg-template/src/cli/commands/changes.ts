/** What is done with an order that is there. */
import type { CertsClient, Order, Reissue } from 'markmonitor-certs';
import { type Argument, type Cli, type Command, flag, json, option, repeated } from '../command.js';
import { usage } from '../failure.js';
import { readText } from '../input.js';
import { namesOf, orderFields, titleOf } from '../text/order.js';
import { id, result } from './lists.js';

/** A command that looks at an order, asks, and does something with it. */
function changing(
  command: Omit<Command, 'group' | 'account' | 'asks' | 'run'>,
  question: (order: Order, cli: Cli) => string,
  act: (client: CertsClient, order: Order, cli: Cli) => Promise<Order>,
): Command {
  return {
    ...command,
    arguments: [id, ...(command.arguments ?? [])],
    options: [...(command.options ?? []), json],
    ...{ group: 'Orders', account: true, asks: true },
    async run(cli) {
      const client = await cli.client();
      const order = await client.orders.get(cli.argument('id'));
      await cli.confirm(question(order, cli));
      return result(cli, await act(client, order, cli), (changed) => orderFields(cli.out, changed));
    },
  };
}

export const revoke = changing(
  {
    name: 'revoke',
    summary: 'revoke an issued certificate, for good',
    examples: [['revoke 1c7d2a0e-6a5f-4f7e-9a51-0d9b7a6f2a10', 'asks first']],
  },
  (order) => `Revoke the certificate of ${titleOf(order)}? This cannot be undone.`,
  (client, order) => client.orders.revoke(order, { permanent: true }),
);

export const cancel = changing(
  {
    name: 'cancel',
    summary: 'cancel an order, or a reissue, that is still pending',
    examples: [['cancel 1c7d2a0e-6a5f-4f7e-9a51-0d9b7a6f2a10', 'asks first']],
  },
  (order) => `Cancel ${titleOf(order)}, which is ${order.status}?`,
  (client, order) => client.orders.cancel(order),
);

const csr = option('--csr <file>', 'a new CSR, for another key');
const dns = repeated('--dns <name>', 'all names besides the common name, in place of the current ones');

export const reissue = changing(
  {
    name: 'reissue',
    summary: 'replace an issued certificate by a new one',
    details: 'Its common name stays (guide 7.4.8.3). Without options it is the same again.',
    options: [csr, dns],
    examples: [
      ['reissue 1c7d2a0e-6a5f-4f7e-9a51-0d9b7a6f2a10 --csr new.csr', 'for another key'],
      ['reissue 1c7d2a0e-6a5f-4f7e-9a51-0d9b7a6f2a10 --dns www.example.com --dns api.example.com', 'with other names'],
    ],
  },
  (order) => `Reissue the certificate of ${titleOf(order)}? The current one may be revoked by it.`,
  async (client, order, cli) => {
    const file = cli.get(csr);
    const cert = {
      ...(file !== undefined && { csr: await readText(file, cli.terminal) }),
      ...(cli.get(dns) && { dnsNames: cli.get(dns) }),
    };
    const changes: Reissue = Object.keys(cert).length === 0 ? {} : { cert };
    return await client.orders.reissue(order, changes);
  },
);

const domain: Argument = { name: 'domain', description: 'default: all names of the order', many: true, optional: true };
const emails = flag('--email', 'send the emails for the validation again, in place of that');

export const validate = changing(
  {
    name: 'validate',
    summary: 'submit the domains of an order for validation',
    details: 'Once the records of `dcv` are published. The form of this request is inferred (guide 7.4.8.5).',
    arguments: [domain],
    options: [emails],
    examples: [
      ['validate 1c7d2a0e-6a5f-4f7e-9a51-0d9b7a6f2a10', 'all of its names'],
      ['validate 1c7d2a0e-6a5f-4f7e-9a51-0d9b7a6f2a10 --email', 'where the method is EMAIL'],
    ],
  },
  (order, cli) =>
    cli.get(emails)
      ? `Send the emails for the validation of ${titleOf(order)} again?`
      : `Submit ${domainsOf(order, cli).join(', ')} of ${titleOf(order)} for validation?`,
  (client, order, cli) =>
    cli.get(emails) ? client.orders.sendDcvEmail(order) : client.orders.validateDomains(order, domainsOf(order, cli)),
);

function domainsOf(order: Order, cli: Cli): string[] {
  const given = cli.rest('domain');
  const domains = given.length > 0 ? given : namesOf(order);
  if (domains.length === 0) throw usage('The order shows no names yet: name the domains.');
  return domains;
}
