import { ValidationError } from './errors.js';
import { spelledOut } from './fetch.js';
import { serviceOf } from './service.js';
import type { Auth, ClientOptions } from './types/index.js';

/** What the environment of the process gives, where there is one. */
type Environment = Record<string, string | undefined>;

const variables = {
  apiKey: 'MARKMONITOR_API_KEY',
  username: 'MARKMONITOR_USERNAME',
  password: 'MARKMONITOR_PASSWORD',
} as const;

/** The options with their auth, checked as far as that is possible before the core is loaded. */
export function checkedOptions(options: ClientOptions): ClientOptions & { auth: Auth } {
  const auth = options.auth ?? authFromEnvironment();
  checkAuth(auth);
  if (auth !== 'proxy') {
    if (isPage() && !options.dangerouslyAllowBrowser) throw refuse('browser', 'dangerouslyAllowBrowser', inPage);
    if (!options.allowInsecure) checkEncryption(options);
  }
  return { ...options, auth };
}

/** The options in the form that the core takes. */
export function coreOptions(options: Partial<ClientOptions>): object {
  const { auth, fetch, dangerouslyAllowBrowser: _, ...rest } = options;
  const service = fetch && serviceOf(fetch);
  return {
    ...rest,
    ...(auth && { auth: coreAuth(auth) }),
    ...(fetch && { fetch: spelledOut(fetch) }),
    ...(service && { service }),
  };
}

function coreAuth(auth: Auth): object {
  if (auth === 'proxy') return { kind: 'proxy' };
  return { kind: 'token' in auth ? 'token' : 'password', ...auth };
}

function authFromEnvironment(): Auth {
  const environment = (globalThis as { process?: { env?: Environment } }).process?.env;
  if (isPage() || !environment) throw refuse('auth_missing', 'auth', 'The option `auth` is missing.');
  const missing = Object.values(variables).filter((name) => !environment[name]);
  if (missing.length > 0) {
    const names = missing.join(', ');
    throw refuse('auth_missing', 'auth', `Pass the option \`auth\`, or set in the environment: ${names}.`);
  }
  const [apiKey, username, password] = Object.values(variables).map((name) => environment[name] ?? '');
  return { apiKey, username, password } as Auth;
}

function checkAuth(auth: Auth): void {
  if (auth === 'proxy') return;
  if (typeof auth !== 'object' || auth === null) {
    const forms = '{ apiKey, username, password }, { apiKey, token } and "proxy"';
    throw refuse('auth_invalid', 'auth', `The option \`auth\` must be one of ${forms}.`);
  }
  const wanted = 'token' in auth ? ['apiKey', 'token'] : ['apiKey', 'username', 'password'];
  const missing = wanted.filter((name) => !(auth as Record<string, unknown>)[name]);
  if (missing.length > 0) throw refuse('auth_missing', 'auth', `The option \`auth\` lacks ${missing.join(', ')}.`);
}

const inPage =
  'Everyone who opens this page could read the password and the API key. Keep them on a server of yours and use ' +
  "auth: 'proxy'; if you know that nobody else can open the page, set dangerouslyAllowBrowser: true.";

/** Whether this is a page or a worker of one: there, whoever has the page has all that it holds. */
function isPage(): boolean {
  const scope = globalThis as { document?: unknown; importScripts?: unknown; navigator?: { userAgent?: string } };
  if (typeof scope.document === 'object') return true;
  // Cloudflare's workers run on servers, and yet look like those of a page.
  return typeof scope.importScripts === 'function' && scope.navigator?.userAgent !== 'Cloudflare-Workers';
}

function checkEncryption(options: ClientOptions): void {
  for (const name of ['certsBaseUrl', 'authBaseUrl'] as const) {
    const base = options[name];
    if (base === undefined || !isUnencrypted(base)) continue;
    const mend = 'Use https:, or set allowInsecure: true for a network that is yours alone.';
    throw refuse('insecure_base_url', name, `The option \`${name}\` would send secrets unencrypted. ${mend}`);
  }
}

function isUnencrypted(base: string): boolean {
  const page = (globalThis as { location?: { href: string } }).location?.href;
  const url = URL.canParse(base, page) ? new URL(base, page) : undefined;
  return url?.protocol === 'http:' && !isLoopback(url.hostname);
}

// RFC 6761 6.3, RFC 1122 3.2.1.3, RFC 4291 2.5.3. A parsed URL has IPv4 addresses in their plain form.
function isLoopback(host: string): boolean {
  return host === 'localhost' || host.endsWith('.localhost') || /^127(\.\d+){3}$/.test(host) || host === '[::1]';
}

function refuse(code: string, field: string, message: string): ValidationError {
  return new ValidationError({ code: 'invalid', message, findings: [{ severity: 'error', code, message, field }] });
}
