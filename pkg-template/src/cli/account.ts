/** The client of a command: who it is, where the service is, and which proxy leads there. */
import { type Auth, CertsClient, type ClientOptions, ValidationError } from 'markmonitor-certs';
import { basesBelow, serviceUrl } from '../host/address.js';
import type { Cli, Option } from './command.js';
import { option } from './command.js';
import { exit, Failure, usage } from './failure.js';
import { readSecret } from './input.js';
import type { Environment } from './terminal.js';

/** What every command that calls the service takes. Secrets are in files or in the environment, never arguments. */
export const account = {
  baseUrl: option('--base-url <url>', `the service; default MARKMONITOR_BASE_URL, else ${serviceUrl}`),
  apiKeyFile: option('--api-key-file <file>', 'holds the API key; default MARKMONITOR_API_KEY'),
  username: option('--username <name>', 'the user; default MARKMONITOR_USERNAME'),
  passwordFile: option('--password-file <file>', 'holds the password; default MARKMONITOR_PASSWORD'),
  tokenFile: option('--token-file <file>', 'holds a token, in place of user and password; default MARKMONITOR_TOKEN'),
} as const;

/** Makes the client. Nothing is sent. */
export async function openClient(cli: Pick<Cli, 'get' | 'terminal'>): Promise<CertsClient> {
  const { environment } = cli.terminal;
  const bases = basesOf(cli.get(account.baseUrl) ?? (environment.MARKMONITOR_BASE_URL || undefined));
  const auth = await authOf(cli);
  const fetch = await proxyingFetch(environment);
  const options: ClientOptions = { auth, ...bases, ...(fetch && { fetch }) };
  try {
    return new CertsClient(options);
  } catch (error) {
    const isOpen = error instanceof ValidationError && error.findings[0]?.code === 'insecure_base_url';
    throw isOpen ? usage(`${where} would send secrets unencrypted: use https:// for any machine but this one.`) : error;
  }
}

/** What names the service. */
const where = 'The address of the service (--base-url, or MARKMONITOR_BASE_URL)';

/** Both services are below one address (guide 5, 7). */
function basesOf(base: string | undefined): Pick<ClientOptions, 'authBaseUrl' | 'certsBaseUrl'> {
  if (base === undefined) return {};
  if (controls.test(base)) throw usage(`${where} ${hasControls}`);
  if (!URL.canParse(base) || !/^https?:$/.test(new URL(base).protocol)) {
    throw usage(`${where} must begin with https://, such as ${serviceUrl}.`);
  }
  const { username, password, search, hash } = new URL(base);
  if (username || password) throw usage(`${where} holds a secret: credentials do not belong there.`);
  if (search || hash) throw usage(`${where} has a part after ? or #, which no address of a service has.`);
  const origin = base.replace(/\/+$/, '');
  return basesBelow(origin);
}

async function authOf(cli: Pick<Cli, 'get' | 'terminal'>): Promise<Auth> {
  const { environment } = cli.terminal;
  const secret = (file: Option<string>, variable: string) => secretOf(cli.get(file), variable, cli);
  const apiKey = await secret(account.apiKeyFile, 'MARKMONITOR_API_KEY');
  const token = await secret(account.tokenFile, 'MARKMONITOR_TOKEN');
  if (apiKey && token) return { apiKey, token };
  const username = plain('The user name', cli.get(account.username) ?? environment.MARKMONITOR_USERNAME);
  const password = await secret(account.passwordFile, 'MARKMONITOR_PASSWORD');
  if (apiKey && username && password) return { apiKey, username, password };
  const missing = [
    !apiKey && 'MARKMONITOR_API_KEY (or --api-key-file)',
    !username && 'MARKMONITOR_USERNAME (or --username)',
    !password && 'MARKMONITOR_PASSWORD (or --password-file)',
  ].filter(Boolean);
  throw new Failure(exit.access, `Who is calling? Set in the environment: ${missing.join(', ')}.`);
}

/** A file that is named goes before the environment. */
async function secretOf(file: string | undefined, variable: string, { terminal }: Pick<Cli, 'terminal'>) {
  return file === undefined
    ? plain(variable, terminal.environment[variable])
    : plain(file, await readSecret(file, terminal));
}

const controls = /\p{Cc}/u;
const hasControls =
  'holds the end of a line or another control character. A file that sets it may have the line ends of Windows (CRLF).';

/** Refuses what the service would take for a wrong password: it locks accounts. */
function plain(name: string, value: string | undefined): string | undefined {
  if (value !== undefined && controls.test(value)) throw new Failure(exit.access, `${name} ${hasControls}`);
  return value;
}

/** Node's own fetch knows no proxies in Node 20: undici's does, by HTTPS_PROXY, HTTP_PROXY and NO_PROXY. */
async function proxyingFetch(environment: Environment): Promise<typeof globalThis.fetch | undefined> {
  const names = ['https_proxy', 'HTTPS_PROXY', 'http_proxy', 'HTTP_PROXY'].filter((name) => environment[name]);
  if (names.length === 0) return undefined;
  for (const name of names) {
    const address = environment[name] ?? '';
    if (URL.canParse(address) && /^(https?|socks5?):$/.test(new URL(address).protocol)) continue;
    throw usage(
      `${name} is not the address of a proxy: write it with its scheme, such as http://proxy.example.com:3128.`,
    );
  }
  const { EnvHttpProxyAgent, fetch } = await import('undici');
  const dispatcher = new EnvHttpProxyAgent();
  const ask = (url: string, init: object) => fetch(url, { ...init, dispatcher });
  return ask as unknown as typeof globalThis.fetch;
}
