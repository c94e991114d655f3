import type { CertsError, Order, OrderGoal } from 'markmonitor-certs';
import { underWay } from '../../generated/core.js';
import { type Cli, type Command, json, parsed } from '../command.js';
import { exit, exitCodeOf, Failure, inLine } from '../failure.js';
import { clean } from '../output.js';
import { Progress } from '../progress.js';
import { oneOf, span } from '../spans.js';
import { namesOf } from '../text/order.js';
import { id } from './lists.js';

const goals = ['issued', 'reissued', 'revoked', 'canceled'] as const;
const goal = parsed('--for <goal>', `${goals.join(', ')}; default issued`, oneOf(...goals), goals);
const maxWait = parsed('--max-wait <span>', 'give up after this span, such as 3d; default never', span);
const every = parsed('--every <span>', 'the first pause between two looks; default 5s, growing to 5m', span);

const several = { ...id, description: 'the ids of orders', many: true };

function patience(cli: Cli) {
  const most = cli.get(maxWait);
  const pause = cli.get(every);
  return { ...(most !== undefined && { maxWait: most }), ...(pause !== undefined && { minDelay: pause }) };
}

export const wait: Command = {
  name: 'wait',
  group: 'Orders',
  summary: 'wait until orders are issued',
  details:
    'Looks now and then, under the rate limit. Exits with 8 if one of them does not get there; if all that do not ' +
    'have one reason, with the code of that, such as 5.',
  arguments: [several],
  options: [goal, maxWait, every, json],
  account: true,
  examples: [
    ['wait 1c7d2a0e-6a5f-4f7e-9a51-0d9b7a6f2a10 --max-wait 3d', 'up to three days'],
    ['wait 1c7d2a0e-6a5f-4f7e-9a51-0d9b7a6f2a10 --for revoked', 'until its revocation is done'],
  ],
  async run(cli) {
    const client = await cli.client();
    const wanted: OrderGoal = cli.get(goal) ?? 'issued';
    const ids = cli.rest('id');
    // What a reissue replaces is what the order shows now.
    const orders = wanted === 'reissued' ? await Promise.all(ids.map((id) => client.orders.get(id))) : ids;
    const progress = new Progress(cli.terminal);
    const onPoll = ({ id, status }: Order) => progress.show(`waiting: ${id} is ${status}`);
    const settled: { id: string; order?: Order; error?: CertsError }[] = [];
    for await (const one of client.orders.waitUntilAll(orders, wanted, { ...patience(cli), onPoll })) {
      progress.end();
      settled.push(one);
      if (cli.isJson) continue;
      const { id, order, error } = one;
      cli.out.print(error === undefined ? `${id}  ${clean(order?.status)}` : `${id}  ${clean(inLine(error.message))}`);
    }
    if (cli.isJson) cli.out.json(settled);
    const failed = settled.flatMap(({ error }) => (error ? [exitCodeOf(error)] : []));
    const [code, ...others] = new Set(failed);
    if (code === undefined) return exit.ok;
    // One reason for all of them is what has to be seen to; several are in what was printed.
    throw new Failure(
      others.length === 0 ? code : exit.unreached,
      `Not ${wanted}: ${failed.length} of ${settled.length} order${settled.length === 1 ? '' : 's'}.`,
    );
  },
};

export const watch: Command = {
  name: 'watch',
  group: 'Orders',
  summary: 'print each change of orders, until they settle',
  details: 'Without ids, of all that are under way. With --json one object a line.',
  arguments: [{ ...several, optional: true }],
  options: [maxWait, every, json],
  account: true,
  examples: [
    ['watch', 'everything that is under way'],
    ['watch 1c7d2a0e-6a5f-4f7e-9a51-0d9b7a6f2a10 --json', 'one order, a line of JSON for each change'],
  ],
  async run(cli) {
    const client = await cli.client();
    const given = cli.rest('id');
    const found = given.length > 0 ? [] : await client.orders.list({ statuses: underWay, size: 100 }).toArray();
    // The service may ignore the filter.
    const ids = given.length > 0 ? given : found.filter(({ status }) => underWay.includes(status)).map(({ id }) => id);
    cli.out.endWithReader();
    const progress = new Progress(cli.terminal);
    const follow = async (id: string) => {
      for await (const order of client.orders.watch(id, patience(cli))) {
        progress.end();
        report(cli, order);
        progress.show(`watching ${ids.length} order${ids.length === 1 ? '' : 's'}`);
      }
    };
    const ended = await Promise.allSettled(ids.map(follow));
    progress.end();
    const failed = ended.find((one): one is PromiseRejectedResult => one.status === 'rejected');
    if (failed) throw failed.reason;
    if (ids.length === 0 && !cli.isJson) cli.out.note('No order is under way.');
    return exit.ok;
  },
};

function report(cli: Cli, order: Order): void {
  const at = new Date().toISOString();
  if (cli.isJson) cli.out.jsonLine({ at, order });
  else
    cli.out.print(
      [at.replace(/\.\d+Z$/, 'Z'), order.id, order.status, namesOf(order)[0]].filter(Boolean).map(clean).join('  '),
    );
}
