import type { Service } from 'markmonitor-certs';
import { type Command, json, option, parsed, repeated } from '../command.js';
import { exit, Failure, usage } from '../failure.js';
import { readText } from '../input.js';
import { oneOf } from '../spans.js';

const query = repeated('--query <name=value>', 'a parameter');
const body = option('--body <file>', 'JSON, or - for standard input');
const services = ['certs', 'auth'] as const;
const service = parsed('--service <name>', 'certs (the default) or auth', oneOf<Service>(...services), services);
const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;

export const request: Command = {
  name: 'request',
  group: 'Tools',
  summary: 'make a call that has no command of its own',
  details:
    'Prints the reply as JSON, also without --json. Anything but GET asks. An order is not placed this way: `order` places it once.',
  arguments: [
    { name: 'method', description: methods.join(', ') },
    { name: 'path', description: 'the path under the service, such as /order/prices' },
  ],
  options: [query, body, service, json],
  account: true,
  asks: true,
  examples: [
    ['request GET /organization --query size=5', 'some organizations'],
    ['request GET /group --service auth', 'a path of the authentication service'],
  ],
  async run(cli) {
    const method = oneOf(...methods)(cli.argument('method').toUpperCase() as (typeof methods)[number]);
    const path = cli.argument('path');
    if (!path.startsWith('/')) throw usage('The path begins with a slash, such as /order/prices.');
    if (method === 'POST' && isOrder(path)) {
      throw new Failure(
        exit.refused,
        'An order costs money, and this call may send it twice: use `order FILE`, which places it once.',
      );
    }
    const content = await bodyOf(cli.get(body), cli.terminal);
    const client = await cli.client();
    if (method !== 'GET') await cli.confirm(`Send ${method} ${path}?`);
    const reply = await client.request({
      ...{ method, path, service: cli.get(service) ?? 'certs', query: queryOf(cli.get(query) ?? []) },
      ...(content !== undefined && { body: content }),
    });
    cli.out.json(reply ?? null);
    return undefined;
  },
};

/** Whether a server may take it for `/order`, in whatever way it is written. */
function isOrder(path: string): boolean {
  let plain = path;
  // Encoded, perhaps more than once.
  for (let round = 0; round < 3; round += 1) plain = plain.replace(/%[0-9a-f]{2}/gi, decoded);
  const parts = new URL(plain.replaceAll('\\', '/').replace(/\/+/g, '/'), 'http://service').pathname.split('/');
  const last = parts.filter((part) => part !== '').at(-1) ?? '';
  return /^order(\.\w*)?(;.*)?$/i.test(last.trim());
}

const decoded = (text: string) => String.fromCharCode(Number.parseInt(text.slice(1), 16));

function queryOf(pairs: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.indexOf('=');
      if (at < 1) throw usage('A parameter is NAME=VALUE, such as --query size=5.');
      return [pair.slice(0, at), pair.slice(at + 1)];
    }),
  );
}

async function bodyOf(file: string | undefined, terminal: Parameters<typeof readText>[1]): Promise<unknown> {
  if (file === undefined) return undefined;
  const text = await readText(file, terminal);
  try {
    return JSON.parse(text);
  } catch {
    throw usage(`${file === '-' ? 'Standard input' : file} is not JSON.`);
  }
}
