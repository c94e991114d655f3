/** Finds out how a service is to be read, by a few reading calls. Loaded when it is needed. */
import type { Client } from '../client/client.js';
import { CertsError, ValidationError } from '../errors/classes.js';
import { checkObject, refuse } from '../errors/refuse.js';
import { readings } from '../generated/sandbox.js';
import { basesBelow, serviceUrl } from '../host/address.js';
import { throwIfAborted } from '../host/signal.js';
import type { ClientOptions } from '../types/client.js';
import type {
  DiagnosedCall,
  DiagnosedReading,
  DiagnosedToken,
  DiagnoseOptions,
  Diagnosis,
} from '../types/diagnosis.js';
import { version } from '../version.js';
import { at, type Exchange, Recorder } from './exchange.js';
import { rules } from './rules.js';
import { type Seen, steps } from './steps.js';
import { formOf, undocumented } from './undocumented.js';
import { shownName } from './words.js';

/**
 * @param make Makes a client of its own, so that its token is not that of others.
 */
export async function diagnose(
  given: ClientOptions,
  make: (changes: ClientOptions) => Client,
  asked: DiagnoseOptions,
): Promise<Diagnosis> {
  checkObject(asked);
  const { onPlan, ...options } = asked;
  if (onPlan !== undefined && typeof onPlan !== 'function') {
    throw refuse('invalid_option', 'onPlan', 'The option `onPlan` must be a function.');
  }
  onPlan?.(steps.flatMap(({ plan }) => plan ?? []));
  const recorder = new Recorder(given.fetch);
  const bases = basesOf(given);
  const client = make({ fetch: recorder.fetch, readOnly: true, ...ownToken(given), ...fixed(given, bases) });
  const seen = new Map<string, Exchange>();
  const calls: DiagnosedCall[] = [];
  try {
    for (const { name, ask } of steps) {
      const error = await outcomeOf(ask(client, seen, options));
      // Whoever gives up gets no half of a diagnosis.
      throwIfAborted(options.signal);
      keep(await recorder.take(), name, error, { seen, calls, bases });
    }
  } finally {
    client.close();
  }
  return {
    ...{ format: 1, version, at: new Date().toISOString(), calls, service: serviceOf(bases, seen) },
    ...tokenOf(seen),
    readings: readingsOf(seen),
    undocumented: undocumented(seen),
    limitHeaders: limitHeadersOf(seen),
  };
}

/** No store is given the token of a diagnosis. */
function ownToken({ auth }: ClientOptions): Pick<ClientOptions, 'auth'> {
  if (typeof auth !== 'object' || !('username' in auth)) return {};
  const { tokenStore: _, ...rest } = auth;
  return { auth: rest };
}

/** The same addresses, whatever the environment says: a sandbox's `fetch` cannot be told when it is wrapped. */
const fixed = ({ auth }: ClientOptions, { certs, auth: authentication }: Bases): ClientOptions =>
  auth === 'proxy' ? {} : { certsBaseUrl: certs, authBaseUrl: authentication };

const ofOptions = ['unknown_option', 'invalid_option'];

/** Why a call failed without a reply; nothing if it was made, or not. */
async function outcomeOf(call: Promise<unknown> | undefined): Promise<string | undefined> {
  try {
    await call;
    return undefined;
  } catch (error) {
    // Every call has the same options, and all would fail.
    if (error instanceof ValidationError && error.findings.some(({ code }) => ofOptions.includes(code))) throw error;
    return error instanceof CertsError ? error.code : 'unknown';
  }
}

/** Where both services are. */
type Bases = Readonly<Record<'certs' | 'auth', string>>;

function basesOf({ certsBaseUrl, authBaseUrl }: ClientOptions): Bases {
  const trimmed = (base: string) => base.replace(/\/+$/, '');
  const usual = basesBelow(serviceUrl);
  return {
    certs: trimmed(certsBaseUrl ?? usual.certsBaseUrl),
    auth: trimmed(authBaseUrl ?? usual.authBaseUrl),
  };
}

interface Kept {
  readonly seen: Map<string, Exchange>;
  readonly calls: DiagnosedCall[];
  readonly bases: Bases;
}

/** Keeps the last reply under the step's name, and those about tokens under theirs. */
function keep(exchanges: readonly Exchange[], step: string, error: string | undefined, kept: Kept): void {
  const { seen, calls, bases } = kept;
  for (const exchange of exchanges) {
    const path = pathOf(exchange.url, bases);
    calls.push({ call: `${exchange.method} ${path}`, status: exchange.status });
    const [, ofTokens] = /^\/auth\/(authenticate|refresh)$/.exec(path) ?? [];
    if (ofTokens === undefined) seen.set(step, exchange);
    else if (!seen.has(ofTokens)) seen.set(ofTokens, exchange);
  }
  if (error !== undefined && exchanges.length === 0) calls.push({ call: step, error });
}

/** The path under the service's base, ids left out. */
function pathOf(url: string, bases: Bases): string {
  const path = url.replace(/[?#].*$/, '');
  const base = Object.values(bases).find((base) => path.startsWith(`${base}/`));
  if (base === undefined) return '/…';
  const below = path.slice(base.length);
  // Whatever an id is like: the parts of the paths are words of twelve letters at most.
  return below.replace(/[^/]{13,}|[^/]*[^a-z/][^/]*/gi, '{id}');
}

function serviceOf(bases: Bases, seen: Seen): Diagnosis['service'] {
  const part = (base: string, exchange: Exchange | undefined) => ({
    path: base.replace(/^[a-z]+:\/\/[^/]*/i, '').replace(/[^\w/.-]/g, '…') || '/',
    ...(exchange && { status: exchange.status }),
  });
  return {
    isUsualHost: Object.values(bases).every((base) => base.startsWith(`${serviceUrl}/`)),
    certs: part(bases.certs, seen.get('large')),
    auth: part(bases.auth, seen.get('authenticate') ?? seen.get('groups')),
  };
}

function tokenOf(seen: Seen): { token?: DiagnosedToken } {
  const token = at(seen.get('authenticate')?.json, 'token');
  if (typeof token !== 'string') return {};
  const claims = claimsOf(token);
  if (claims === undefined) return { token: { form: 'opaque', claims: [] } };
  const [from, until] = [at(claims, 'iat'), at(claims, 'exp')];
  const life = typeof from === 'number' && typeof until === 'number' ? { lifeSeconds: until - from } : {};
  return { token: { form: 'JWT', ...life, claims: [...new Set(Object.keys(claims).map(shownName))] } };
}

/** The claims of a JWT (RFC 7519), unverified. */
function claimsOf(token: string): object | undefined {
  try {
    const [, payload = ''] = token.split('.');
    const claims: unknown = JSON.parse(atob(payload.replaceAll('-', '+').replaceAll('_', '/')));
    return typeof claims === 'object' && claims !== null ? claims : undefined;
  } catch {
    return undefined;
  }
}

function readingsOf(seen: Seen): DiagnosedReading[] {
  return (Object.keys(readings) as (keyof typeof readings)[]).map((name) => {
    const rule = rules[name];
    if (typeof rule === 'string') return { name, state: 'unseen', values: [], note: rule };
    const values = rule(seen);
    if (values === undefined) return { name, state: 'unseen', values: [], note: 'Nothing that was seen tells.' };
    const state = values.length === 0 ? 'unlike' : values.length === 1 ? 'holds' : 'open';
    return { name, state, values };
  });
}

/** Names that headers of limits have, of gateways and in the IETF's draft. */
const limitName = /^(x-)?(retry-after|rate-?limit(-(limit|remaining|reset|used|policy))?(-(second|minute|hour|day))?)$/;

/** Small numbers, alone or with what they are about: `100;w=60`, `limit=100, remaining=99, reset=30`. */
const limitValue = /^((limit|remaining|reset|[qrtw])?=?\d{1,6}([;,] ?|$)){1,6}$/;

function limitHeadersOf(seen: Seen): Record<string, string> {
  const shown: Record<string, string> = {};
  const others = new Set<string>();
  for (const [name, value] of [...seen.values()].flatMap(({ headers }) => [...headers])) {
    if (limitName.test(name)) shown[name] = limitValue.test(value) ? value : formOf(value);
    else if (/limit|retry|quota|throttl/.test(name)) others.add(name);
  }
  if (others.size > 0) shown['*'] = `${others.size} of other names`;
  return shown;
}
