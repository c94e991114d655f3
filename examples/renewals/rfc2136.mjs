/**
 * Publishes what shows control of domains by dynamic update (RFC 2136), as knot, BIND and PowerDNS take it: a `dcv` hook of
 * `client.renewals.run`. It needs `nsupdate`, and waits until the server answers with the records.
 *
 *     dcv: { command: ['node', 'rfc2136.mjs'], env: { DNS_SERVER: '192.0.2.53', DNS_KEY: '/etc/renewals/tsig.key' } }
 */
import { execFileSync } from 'node:child_process';
import { lookup, Resolver } from 'node:dns/promises';
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

const { DNS_SERVER = '127.0.0.1', DNS_PORT = '53', DNS_KEY } = process.env;
// Of standard input, and not a variable: the records of some hundred names are too long for one.
const { MMC_DCV_RECORDS } = JSON.parse(readFileSync(0, 'utf8'));
const records = MMC_DCV_RECORDS.flatMap(({ record }) => record ?? []);
if (records.length === 0) throw new Error('the order shows no token: there is nothing to publish');

/** One line of nsupdate. A name or a value that could be more than that is refused. */
function update({ type, name, value }) {
  if (!/^[\w.-]+$/.test(name) || !/^[\x20-\x7e]+$/.test(value)) throw new Error(`${name} cannot be published`);
  const data = type === 'TXT' ? `"${value.replaceAll(/["\\]/g, '\\$&')}"` : `${value}.`;
  return `update add ${name}. 60 ${type} ${data}`;
}

const { address, family } = await lookup(DNS_SERVER);
const resolver = new Resolver();
resolver.setServers([family === 6 ? `[${address}]:${DNS_PORT}` : `${address}:${DNS_PORT}`]);

/** The zone of a name: the nearest one at or above it that its server has. */
async function zoneOf(name) {
  if (name === '') throw new Error(`${DNS_SERVER} has no zone for what is to be published`);
  const isZone = await resolver.resolveSoa(name).then(
    () => true,
    ({ code }) => {
      // Nothing is there, or this server knows nothing of it.
      if (['ENODATA', 'ENOTFOUND', 'EREFUSED'].includes(code)) return false;
      throw new Error(`${DNS_SERVER} cannot be asked: ${code}`);
    },
  );
  return isZone ? name : await zoneOf(name.replace(/^[^.]*\.?/, ''));
}

// An update is of one zone (RFC 2136, 2.3), and the names of a certificate may be of several.
const zones = new Map();
for (const record of records) {
  const zone = await zoneOf(record.name);
  zones.set(zone, [...(zones.get(zone) ?? []), update(record)]);
}
const script = [`server ${address} ${DNS_PORT}`];
for (const [zone, updates] of zones) script.push(`zone ${zone}`, ...updates, 'send');
execFileSync('nsupdate', DNS_KEY ? ['-k', DNS_KEY] : [], { input: `${script.join('\n')}\n` });

const isThere = async ({ type, name, value }) => {
  try {
    if (type === 'TXT') return (await resolver.resolveTxt(name)).some((parts) => parts.join('') === value);
    return (await resolver.resolveCname(name)).includes(value);
  } catch {
    return false;
  }
};
for (const record of records) while (!(await isThere(record))) await pause(1_000);
