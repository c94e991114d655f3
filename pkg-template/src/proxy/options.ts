import { type Inside, insideOf } from '../client/inside.js';
import { checkNames, refuse } from '../errors/refuse.js';
import { isSafeBase, serviceUrl } from '../host/address.js';
import type { ProxyOptions } from './types.js';

/** Every option there is: the compiler keeps it complete. */
const known: Record<keyof ProxyOptions, true> = {
  authorize: true,
  bodyTimeout: true,
  cacheFor: true,
  client: true,
  durableObject: true,
  hosts: true,
  maxBodyBytes: true,
  maxWait: true,
  onAudit: true,
  onError: true,
  prefix: true,
  rememberFor: true,
  timeout: true,
  trustProxy: true,
};

/** The inside of the client. What is missing or wrong is refused. */
export function checkedOptions(options: ProxyOptions): Inside {
  checkNames(options, Object.keys(known));
  const inside = insideOf(options.client);
  if (!inside) throw refuse('invalid_option', 'client', 'The option `client` must be a CertsClient.');
  if (inside.isProxied) throw refuse('invalid_option', 'client', 'The client must hold the key: this is the proxy.');
  if (basesOf(inside).some((base) => !URL.canParse(base) || !isSafeBase(base))) {
    throw refuse('insecure_base_url', 'client', 'The client must call the service over https:.');
  }
  if (!/^(?:\/[\w.-]+)+$/.test(String(options.prefix)) || /\/\.+(?:\/|$)/.test(options.prefix)) {
    throw refuse('invalid_option', 'prefix', 'The option `prefix` must be a path such as /api/certs.');
  }
  const hosts: unknown = options.hosts;
  const isHost = (host: unknown) =>
    typeof host === 'string' && /^(?:[\w.-]+|\[[0-9a-f:]+\])(?::(?:\d+|\*))?$/i.test(host);
  if (!Array.isArray(hosts) || hosts.length === 0 || !hosts.every(isHost)) {
    const message =
      "The option `hosts` must list the names that the portal is opened under, such as ['portal.example.com'].";
    throw refuse('invalid_option', 'hosts', message);
  }
  for (const name of ['authorize', 'onAudit', 'onError'] as const) {
    const given: unknown = options[name];
    if (typeof given === 'function' || (given === undefined && name !== 'authorize')) continue;
    throw refuse('invalid_option', name, `The option \`${name}\` must be a function.`);
  }
  for (const name of ['bodyTimeout', 'cacheFor', 'maxBodyBytes', 'maxWait', 'rememberFor', 'timeout'] as const) {
    const given: unknown = options[name];
    if (given === undefined || (typeof given === 'number' && given >= 0)) continue;
    throw refuse('invalid_option', name, `The option \`${name}\` must be a number, at least 0.`);
  }
  return inside;
}

/** What no page may see: hosts and the user of the service. */
export function secretOf(inside: Inside): string[] {
  const hosts = basesOf(inside).map((base) => new URL(base).hostname);
  return [...hosts, inside.user].filter((word) => word.length > 3);
}

/** All addresses of the service, the usual one included. */
const basesOf = ({ bases: { certsBaseUrl, authBaseUrl } }: Inside) =>
  [certsBaseUrl, authBaseUrl, serviceUrl].map((base) => base ?? serviceUrl);
