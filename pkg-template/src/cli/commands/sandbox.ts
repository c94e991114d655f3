import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createSandbox, type Sandbox, type SandboxRateLimit, type SandboxReadings } from 'markmonitor-certs/sandbox';
import { type Cli, type Command, flag, json, parsed, repeated } from '../command.js';
import { exit, Failure, usage } from '../failure.js';
import { span, whole } from '../spans.js';

const port = parsed('--port <number>', 'default 8787; 0 takes a free one', whole(0, 65_535));
const demo = flag('--demo', 'begin with organizations, contacts and orders');
const reading = repeated('--reading <name=value>', 'how an open fact of the service is taken: see docs/contract.md');
const rateLimit = parsed(
  '--rate-limit <limit>',
  'requests per minute, such as 20, or per another span, such as 20/30s; default 100; off for none',
  limitOf,
);
const autoAdvance = flag('--auto-advance', 'let time jump to the next change whenever somebody looks');
const seed = parsed('--seed <number>', 'the seed of the ids; default 1', whole(0));

export const sandbox: Command = {
  name: 'sandbox',
  group: 'Tools',
  summary: 'serve the service on this machine, to try things with',
  details: 'It is in memory, has a certificate authority of its own, and listens on 127.0.0.1 until Ctrl-C.',
  options: [port, demo, reading, rateLimit, autoAdvance, seed, json],
  examples: [
    ['sandbox --demo', 'with orders in every status'],
    ['sandbox --reading dates=epoch-ms --rate-limit 20', 'a service that differs from the usual one'],
  ],
  async run(cli) {
    const service = await made(cli);
    const server = createServer((request, response) => void answer(service, request, response));
    await listening(server, cli.get(port) ?? 8787);
    const { port: taken } = server.address() as AddressInfo;
    explain(cli, service, `http://127.0.0.1:${taken}`);
    await new Promise<void>((resolve) => {
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
    });
    server.close();
    server.closeAllConnections();
    return undefined;
  },
};

async function made(cli: Cli): Promise<Sandbox> {
  const limit = cli.get(rateLimit);
  const given = cli.get(seed);
  try {
    return await createSandbox({
      ...{ demo: cli.get(demo) ?? false, autoAdvance: cli.get(autoAdvance) ?? false, readings: readingsOf(cli) },
      ...(limit !== undefined && { rateLimit: limit }),
      ...(given !== undefined && { seed: given }),
    });
  } catch (error) {
    throw error instanceof TypeError ? usage(error.message) : error;
  }
}

function readingsOf(cli: Cli): SandboxReadings {
  return Object.fromEntries(
    (cli.get(reading) ?? []).map((text) => {
      const [, name, value] = /^([^=]+)=(.+)$/.exec(text) ?? [];
      if (name === undefined) throw usage(`--reading: \`${text}\` is not NAME=VALUE, such as dates=epoch-ms.`);
      return [name, value];
    }),
  );
}

function limitOf(text: string): SandboxRateLimit | false {
  if (text === 'off') return false;
  const [, limit = '', window = '1m'] = /^(\d+)(?:\/(.+))?$/.exec(text) ?? [];
  if (!(Number(limit) > 0)) throw usage(`\`${text}\` is not a limit: write 20, 20/30s or off.`);
  return { limit: whole(1)(limit), windowMs: span(window) };
}

async function listening(server: ReturnType<typeof createServer>, wanted: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(wanted, '127.0.0.1', resolve);
  }).catch((error: NodeJS.ErrnoException) => {
    const why = error.code === 'EADDRINUSE' ? 'something listens there already' : error.message;
    throw new Failure(
      exit.usage,
      `Port ${wanted} cannot be opened: ${why}. Choose another with --port, or a free one with --port 0.`,
    );
  });
}

/** More than any request of the service holds. */
const mostBytes = 4 * 1024 * 1024;

async function answer(service: Sandbox, request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    const chunks: Buffer[] = [];
    let length = 0;
    for await (const chunk of request as AsyncIterable<Buffer>) {
      length += chunk.length;
      if (length > mostBytes) return void response.writeHead(413).end();
      chunks.push(chunk);
    }
    const headers = Object.entries(request.headers).map(([name, value]): [string, string] => [name, String(value)]);
    const { method = 'GET', url = '/' } = request;
    const init = { method, headers, ...(length > 0 && { body: Buffer.concat(chunks) }) };
    const reply = await service.fetch(new URL(url, 'http://127.0.0.1').href, init);
    response.writeHead(reply.status, [...reply.headers].flat());
    response.end(Buffer.from(await reply.arrayBuffer()));
  } catch {
    // A fault that drops the connection, or a request that is none.
    response.destroy();
  }
}

function explain(cli: Cli, { credentials }: Sandbox, url: string): void {
  const { apiKey, username, password } = credentials;
  if (cli.isJson) {
    cli.out.jsonLine({ url, credentials });
    return;
  }
  cli.out.print(`The sandbox listens on ${url}. In another shell:`);
  cli.out.print('');
  cli.out.print(`  export MARKMONITOR_BASE_URL=${url}`);
  cli.out.print(
    `  export MARKMONITOR_API_KEY=${apiKey} MARKMONITOR_USERNAME=${username} MARKMONITOR_PASSWORD=${password}`,
  );
  cli.out.print('  npx markmonitor-certs orders');
  cli.out.print('');
  cli.out.print('Ctrl-C ends it, and all that is in it.');
}
