import {
  type CertsClient,
  checkOrder,
  type NewOrder,
  type OnceOutcome,
  type Order,
  type Price,
} from 'markmonitor-certs';
import { type Cli, type Command, flag, json, parsed } from '../command.js';
import { exit, Failure } from '../failure.js';
import { clean } from '../output.js';
import { amount } from '../spans.js';
import { orderFields, titleOf } from '../text/order.js';
import { csr, readOrder } from './check-order.js';

export const maxCost = parsed(
  '--max-cost <amount>',
  'order nothing that costs more, or whose price is not known',
  amount,
);
const assumeNotPlaced = flag('--assume-not-placed', 'order even if nobody can tell whether it was ordered before');

export const order: Command = {
  name: 'order',
  group: 'Orders',
  summary: 'order a certificate, once',
  details:
    'Shows the HTTP request, the price and what is wrong, and asks. An order that is there already, for the same ' +
    'names and key, is given back and not placed again: after a crash, run the same line again.',
  arguments: [
    {
      name: 'file',
      description: 'the order as JSON (guide 7.4.1; a sample is in docs/cli.md), or - for standard input',
    },
  ],
  options: [csr, maxCost, assumeNotPlaced, json],
  account: true,
  asks: true,
  examples: [
    ['order order.json --csr example.com.csr --max-cost 500', 'asks, once it has shown what it costs'],
    ['order order.json --max-cost 500 --yes --json', 'in a script'],
  ],
  async run(cli) {
    const wanted = await readOrder(cli);
    const client = await cli.client();
    await place(cli, client, wanted, 'Place this order?');
    return undefined;
  },
};

/**
 * Shows an order with its price and findings, asks, and places it once. Prints the order.
 *
 * @throws Failure It has errors, costs too much, differs from one that is there, or was not confirmed.
 */
export async function place(cli: Cli, client: CertsClient, wanted: NewOrder, question: string): Promise<Order> {
  const findings = await checkOrder(wanted);
  if (findings.some(({ severity }) => severity === 'error')) {
    throw new Failure(exit.refused, 'Nothing was sent, for the order would fail.', findings);
  }
  const request = await client.preview((client) => client.orders.create(wanted));
  const price = await priceOf(client, wanted);
  const { out, terminal } = cli;
  out.note(`${request.method} ${request.url}`);
  out.note(JSON.stringify(request.body, null, 2));
  out.findings(findings, '', terminal.stderr);
  out.note(`price: ${price?.totalPrice ?? `not known${price?.errorMessage ? `: ${clean(price.errorMessage)}` : ''}`}`);
  checkCost(cli, price);
  await cli.confirm(question);
  const outcome = await client.orders.placeOnce(wanted, cli.get(assumeNotPlaced) ? { assumeNotPlaced: true } : {});
  return settle(cli, outcome);
}

async function priceOf(client: CertsClient, { certType }: NewOrder): Promise<Price | undefined> {
  const prices = await client.orders.prices();
  return prices.find((price) => price.certType === certType);
}

function checkCost(cli: Cli, price: Price | undefined): void {
  const most = cli.get(maxCost);
  if (most === undefined) return;
  const cost = price?.totalPrice;
  if (typeof cost !== 'number') throw new Failure(exit.refused, 'Nothing was ordered: its price is not known.');
  if (cost > most) throw new Failure(exit.refused, `Nothing was ordered: it costs ${cost}, and --max-cost is ${most}.`);
}

function settle(cli: Cli, outcome: OnceOutcome): Order {
  const { out } = cli;
  if (outcome.kind === 'unknown') throw outcome.error;
  if (outcome.kind === 'differs') {
    const differences = outcome.differences.join(', ');
    throw new Failure(
      exit.refused,
      `${titleOf(outcome.order)} already exists and differs: ${differences}. Nothing was sent.`,
    );
  }
  const { kind, order } = outcome;
  if (cli.isJson) out.json({ kind, order });
  else {
    out.note(kind === 'placed' ? 'Placed:' : 'It already exists, and nothing was sent:');
    orderFields(out, order);
  }
  return order;
}
