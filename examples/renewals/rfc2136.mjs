/**
 * Publishes what shows control of domains by dynamic update (RFC 2136), as knot, BIND and PowerDNS take it: a `dcv` hook of
 * `client.renewals.run`. It needs `nsupdate`, and waits until the server answers with the records. As the `deliver` hook as well, it
 * removes them when the certificate is there; what there is to remove is kept in the folder DNS_PUBLISHED.
 *
 *     const env = { DNS_SERVER: '192.0.2.53', DNS_KEY: '/etc/renewals/tsig.key', DNS_PUBLISHED: '/var/lib/renewals/dns' };
 *     const command = ['node', 'rfc2136.mjs'];
 *     const options = { dcv: { command, env }, deliver: { command, env, directory: '/etc/ssl/renewed' } };
 */
import { execFileSync } from 'node:child_process';
import { lookup, Resolver } from 'node:dns/promises';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

const { DNS_SERVER = '127.0.0.1', DNS_PORT = '53', DNS_KEY, DNS_PUBLISHED } = process.env;
// Of standard input, and not a variable: the records of some hundred names are too long for one.
const { MMC_EVENT, MMC_NEW_ORDER_ID, MMC_DCV_RECORDS } = JSON.parse(readFileSync(0, 'utf8'));
const { address, family } = await lookup(DNS_SERVER);

function nsupdate(lines) {
  const input = [`server ${address} ${DNS_PORT}`, ...lines, ''].join('\n');
  execFileSync('nsupdate', DNS_KEY ? ['-k', DNS_KEY] : [], { input });
}

/** The lines that remove what was published for this order. */
const removal = DNS_PUBLISHED && join(DNS_PUBLISHED, `${MMC_NEW_ORDER_ID}.nsupdate`);
if (MMC_EVENT === 'deliver') {
  if (removal && existsSync(removal)) {
    nsupdate([readFileSync(removal, 'utf8')]);
    rmSync(removal);
  }
  process.exit();
}

const records = MMC_DCV_RECORDS.flatMap(({ record }) => record ?? []);
if (records.length === 0) throw new Error('the order shows no token: there is nothing to publish');

/** A record in a line of nsupdate. A name or a value that could be more than that is refused. */
function lineOf({ type, name, value }, verb) {
  if (!/^[\w.-]+$/.test(name) || !/^[\x20-\x7e]+$/.test(value)) throw new Error(`${name} cannot be published`);
  const data = type === 'TXT' ? `"${value.replaceAll(/["\\]/g, '\\$&')}"` : `${value}.`;
  return `update ${verb} ${name}. ${verb === 'add' ? '60 ' : ''}${type} ${data}`;
}

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
  zones.set(zone, [...(zones.get(zone) ?? []), record]);
}
const linesOf = (verb) =>
  [...zones].flatMap(([zone, all]) => [`zone ${zone}`, ...all.map((record) => lineOf(record, verb)), 'send']);
if (removal) {
  mkdirSync(DNS_PUBLISHED, { recursive: true });
  writeFileSync(removal, linesOf('delete').join('\n'));
}
nsupdate(linesOf('add'));

const isThere = async ({ type, name, value }) => {
  try {
    if (type === 'TXT') return (await resolver.resolveTxt(name)).some((parts) => parts.join('') === value);
    return (await resolver.resolveCname(name)).includes(value);
  } catch {
    return false;
  }
};
for (const record of records) while (!(await isThere(record))) await pause(1_000);
