/** The example of RFC 2136 as the hook of a run, against a real BIND. */
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { Resolver } from 'node:dns/promises';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, describe, it } from 'node:test';
import { path } from '../../tools/lib/project.mjs';
import { order, organization } from '../package/scenarios/clients.mjs';
import { installPackage } from '../package/support/install.mjs';

const day = 86_400_000;

/** A port that nothing listens to. */
const freePort = () =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });

describe('control of domains is shown by dynamic update', () => {
  let project;
  let folder;
  let named;
  let port;
  let key;
  before(async () => {
    project = await installPackage();
    folder = await mkdtemp(join(tmpdir(), 'named-'));
    port = await freePort();
    key = join(folder, 'tsig.key');
    await writeFile(key, execFileSync('tsig-keygen', ['-a', 'hmac-sha256', 'renewals']));
    const zones = ['example.com', 'example.org'];
    for (const zone of zones) {
      await writeFile(
        join(folder, `${zone}.zone`),
        '$TTL 60\n@ SOA ns hostmaster 1 60 60 600 60\n@ NS ns\nns A 127.0.0.1\nshop TXT kept\n',
      );
    }
    await writeFile(
      join(folder, 'named.conf'),
      `include "${key}";
       options { directory "${folder}"; listen-on port ${port} { 127.0.0.1; }; listen-on-v6 port ${port} { ::1; };
         pid-file "${folder}/pid"; session-keyfile "${folder}/session.key"; recursion no; };
       controls { };
       ${zones.map((zone) => `zone "${zone}" { type primary; file "${zone}.zone"; allow-update { key renewals; }; };`).join('\n')}`,
    );
    named = spawn('named', ['-g', '-c', join(folder, 'named.conf')], { stdio: ['ignore', 'ignore', 'pipe'] });
    for await (const line of createInterface(named.stderr)) {
      if (/\brunning$/.test(line)) break;
    }
  });
  after(async () => {
    named?.kill('SIGKILL');
    await project?.remove();
    if (folder) await rm(folder, { recursive: true });
  });

  it('with the key of the zones, and not without, for more names than a variable holds', async () => {
    const api = await project.import();
    const { createSandbox } = await project.import('markmonitor-certs/sandbox');
    const readings = { dcvToken: 'in-cert' };
    const sandbox = await createSandbox({ rateLimit: false, readings, now: new Date('2026-04-01T00:00:00Z') });
    const client = new api.CertsClient({ auth: sandbox.credentials, fetch: sandbox.fetch, rateLimit: false });
    const owner = await client.organizations.create(organization());
    const commonName = 'shop.example.com';
    const dnsNames = Array.from({ length: 240 }, (_, at) => `shop-${at}.example.${at % 2 === 0 ? 'com' : 'org'}`);
    const { csr } = await api.createCsr({ subject: { commonName }, dnsNames: [commonName, ...dnsNames] });
    await client.orders.create({ ...order(owner, csr, { commonName, dnsNames }), certType: 'SSL_DV_GEOTRUST' });
    sandbox.advance(150 * day);

    const hook = (env) => ({
      command: [process.execPath, path('examples', 'renewals', 'rfc2136.mjs')],
      env: { DNS_PORT: `${port}`, DNS_PUBLISHED: join(folder, 'published'), ...env },
    });
    const resolver = new Resolver();
    resolver.setServers([`127.0.0.1:${port}`]);
    const published = () => Promise.all([commonName, ...dnsNames.slice(-2)].map((name) => resolver.resolveTxt(name)));
    let seen;
    const night = async (name, dcv) => {
      const run = client.renewals.run(await client.renewals.plan(), {
        journal: join(folder, name),
        minDelay: 1,
        maxDelay: 1,
        dcv,
        deliver: dcv,
      });
      const problems = [];
      for await (const event of run) {
        if (event.type === 'problem') problems.push(event);
        if (event.state === 'issued') seen ??= await published();
        if (event.type === 'waiting') sandbox.advance(15_000);
      }
      return problems;
    };
    const isV6 = Object.values(networkInterfaces()).some((all) => all.some(({ address }) => address === '::1'));
    assert.deepEqual(await night('with', hook({ DNS_KEY: key, DNS_SERVER: isV6 ? '::1' : 'localhost' })), []);
    for (const texts of seen) assert.match(texts.join(), /^(kept,)?sandbox-[0-9a-f]{32}(,kept)?$/);
    await assert.rejects(resolver.resolveTxt(dnsNames.at(-1)), { code: 'ENOTFOUND' }, 'what has served is removed');
    assert.deepEqual(await resolver.resolveTxt(commonName), [['kept']], 'and nothing else');

    sandbox.advance(150 * day);
    const [problem] = await night('without', hook({}));
    assert.equal(problem.code, 'dcv_failed');
    assert.match(problem.output, /REFUSED/);
  });
});
