import { checkNames, checkObject, refuse } from '../errors/refuse.js';
import { basesBelow, isSafeBase } from '../host/address.js';
import { defaultMaxReplyBytes, isPage } from '../host/environment.js';
import { isSandboxKey, serviceOf } from '../host/service.js';
import { lockedHereToo } from '../store/here.js';
import { tabsStore } from '../store/tabs.js';
import type { Auth, ClientOptions, RateLimitStore } from '../types/client.js';
import type { Store } from '../types/store.js';
import { shared } from '../wasm/shared.js';

/** What the environment of the process holds, where there is one. */
type Environment = Record<string, string | undefined>;

const variables = {
  apiKey: 'MARKMONITOR_API_KEY',
  username: 'MARKMONITOR_USERNAME',
  password: 'MARKMONITOR_PASSWORD',
} as const;

/** The address below which both services are (guide 5, 7), as the program reads it too. */
const baseVariable = 'MARKMONITOR_BASE_URL';

/** Every option there is: the compiler keeps it complete. */
const known: Record<keyof ClientOptions, true> = {
  allowInsecure: true,
  auth: true,
  authBaseUrl: true,
  certsBaseUrl: true,
  dangerouslyAllowBrowser: true,
  fetch: true,
  maxReplyBytes: true,
  maxRetries: true,
  maxRetryAfter: true,
  rateLimit: true,
  readOnly: true,
  store: true,
  timeout: true,
  totalTimeout: true,
};

type Secrets = Exclude<Auth, 'proxy'>;
type NamesOf<T> = T extends unknown ? keyof T : never;

/** The same for what is in `auth`. */
const knownInAuth: Record<NamesOf<Secrets>, true> = {
  apiKey: true,
  password: true,
  token: true,
  tokenStore: true,
  username: true,
};

/**
 * The options with their auth. Here is refused what cannot wait until the core is loaded, or what only JavaScript can
 * tell; the values of all others are the core's affair.
 */
export function checkedOptions(given: ClientOptions): ClientOptions & { auth: Auth } {
  checkNames(given, Object.keys(known));
  const auth = given.auth ?? authFromEnvironment();
  checkAuth(auth);
  checkFetch(given);
  const options = auth === 'proxy' ? given : withBases(given);
  if (auth !== 'proxy') {
    const isSecret = !isSandboxKey(options.fetch, auth.apiKey);
    if (isSecret && isPage() && !options.dangerouslyAllowBrowser) {
      throw refuse('browser', 'dangerouslyAllowBrowser', inPage);
    }
    if (!options.allowInsecure) checkEncryption(options);
  }
  return { ...options, auth };
}

/**
 * The options in the form that the core takes. `clock` is set by the store of the rate limit, if that has one; `underWay` is
 * ended when the core breaks.
 */
export function coreOptions(options: ClientOptions, clock: Clock, underWay: Set<() => void>): object {
  const { maxReplyBytes = defaultMaxReplyBytes(), store = shared().store } = options;
  const locked = lockedHereToo(store, underWay);
  return { ...derivedOptions(options), ...sharedLimit(options, clock), maxReplyBytes, store: locked };
}

/** The name of the store in which the limit is kept: one for each, as long as the process lives. */
export function nameOfStore({ rateLimit }: ClientOptions): string | undefined {
  const scope = typeof rateLimit === 'object' ? rateLimit?.scope : undefined;
  if (typeof scope !== 'object' || scope === null) return scope === 'tabs' ? scope : undefined;
  const { stores } = shared();
  const name = stores.names.get(scope) ?? String(++stores.count);
  stores.names.set(scope, name);
  return name;
}

/** The time of others: how far they are ahead of this machine, in milliseconds. */
export interface Clock {
  ahead: number;
}

/** The rate limit with its store, if it has one, whose time counts: the clocks of those who share it may differ. */
function sharedLimit({ rateLimit }: ClientOptions, clock: Clock): { rateLimit?: object } {
  if (typeof rateLimit !== 'object' || rateLimit === null) return {};
  checkObject(rateLimit, 'rateLimit');
  const { scope: given, ...rest } = rateLimit;
  const store = given === 'tabs' ? tabsStore() : given;
  // Where tabs cannot share one, each has its part (`share`).
  if (typeof store !== 'object' || store === null) return given === 'tabs' ? { rateLimit: rest } : {};
  // What is no store the core refuses.
  if (typeof store.update !== 'function') return {};
  const { update } = 'lock' in store ? store : ofLogs(store);
  const timed: Store['update'] = (key, replace, keepMs) => {
    const replaceAt: typeof replace = (value, now) => {
      if (typeof now === 'number') clock.ahead = now - Date.now();
      return replace(value);
    };
    return update.call(store, key, replaceAt, keepMs);
  };
  return { rateLimit: { ...rest, scope: { update: timed } } };
}

/** The deprecated store for logs alone, as what is used of one for all. */
function ofLogs(store: RateLimitStore): Pick<Store, 'update'> {
  return {
    update: (key, replace) =>
      store.update(key, (log) => ({
        log: JSON.parse(replace(JSON.stringify(log ?? [])) ?? '[]') as number[],
        value: undefined,
      })),
  };
}

/** The same for a client that is made of another one: what is left out stays as it was. */
export function derivedOptions(options: ClientOptions): object {
  const { auth, fetch: _, allowInsecure: __, dangerouslyAllowBrowser: ___, ...rest } = options;
  return { ...rest, ...(auth && { auth: coreAuth(auth) }) };
}

function coreAuth(auth: Auth): object {
  if (auth === 'proxy') return { kind: 'proxy' };
  return { ...auth, kind: 'token' in auth ? 'token' : 'password' };
}

function checkFetch({ fetch }: ClientOptions): void {
  if (fetch !== undefined && typeof fetch !== 'function') {
    throw refuse('invalid_option', 'fetch', 'The option `fetch` must be a function.');
  }
}

/** Nothing in a page, where a bundler may have put a `process`. */
const environmentOf = (): Environment | undefined =>
  isPage() ? undefined : (globalThis as { process?: { env?: Environment } }).process?.env;

/** The address that the environment names; none where it may not be read, as in Deno without `--allow-env`. */
function baseOfEnvironment(): string | undefined {
  try {
    return environmentOf()?.[baseVariable]?.replace(/\/+$/, '');
  } catch {
    return undefined;
  }
}

/** The options with the addresses of the environment where they name none. The `fetch` of a sandbox is a service itself. */
function withBases(options: ClientOptions): ClientOptions {
  const base = serviceOf(options.fetch) ? undefined : baseOfEnvironment();
  if (!base) return options;
  const usual = basesBelow(base);
  const { certsBaseUrl = usual.certsBaseUrl, authBaseUrl = usual.authBaseUrl } = options;
  return { ...options, certsBaseUrl, authBaseUrl };
}

function authFromEnvironment(): Auth {
  const environment = environmentOf();
  if (!environment) throw refuse('auth_missing', 'auth', 'The option `auth` is missing.');
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
  checkNames(auth, Object.keys(knownInAuth), 'auth.');
  const wanted = 'token' in auth ? ['apiKey', 'token'] : ['apiKey', 'username', 'password'];
  const missing = wanted.filter((name) => !(auth as Record<string, unknown>)[name]);
  if (missing.length > 0) throw refuse('auth_missing', 'auth', `The option \`auth\` lacks ${missing.join(', ')}.`);
}

const inPage =
  'Everyone who opens this page could read the password and the API key. Keep them on a server of yours and use ' +
  "auth: 'proxy'; where nobody else can open it, set dangerouslyAllowBrowser: true.";

// Here and not in the core: only JavaScript knows the address of the page, which a base may be relative to.
function checkEncryption(options: ClientOptions): void {
  const page = (globalThis as { location?: { href: string } }).location?.href;
  for (const name of ['certsBaseUrl', 'authBaseUrl'] as const) {
    const base = options[name];
    // The core refuses what is not a text.
    if (typeof base !== 'string' || isSafeBase(base, page)) continue;
    const fix = 'Use https:, or set allowInsecure: true for a network that is yours alone.';
    throw refuse(
      'insecure_base_url',
      name,
      `The option \`${name}\`, or ${baseVariable}, would send secrets unencrypted. ${fix}`,
    );
  }
}
