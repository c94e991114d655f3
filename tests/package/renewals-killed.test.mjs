import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, describe, it } from 'node:test';
import { order, organization } from './scenarios/clients.mjs';
import { installPackage } from './support/install.mjs';
import { startSandboxServer } from './support/sandbox-server.mjs';

const day = 86_400_000;

/** A run in a process of its own; it prints a line for each event, and one before each delivery. */
const program = (options, journal, only) => `
  import { CertsClient } from 'markmonitor-certs';
  const client = new CertsClient(${JSON.stringify({ ...options, rateLimit: false })});
  // Due a day after it was issued, which those may be that are named by their ids: what is new is not.
  const at = ({ cert }) => new Date(Date.parse(cert.dateValidFrom) + ${day});
  const plan = await client.renewals.plan({ policy: { at }, only: ${JSON.stringify(only)} });
  const deliver = ({ commonName }) => console.log('deliver', commonName);
  const pause = { minDelay: 1, maxDelay: 1 };
  for await (const event of client.renewals.run(plan, { journal: ${JSON.stringify(journal)}, deliver, ...pause })) {
    console.log(event.type, event.state ?? event.code ?? event.summary?.outcome ?? '');
    if (event.type === 'waiting') {
      await fetch(${JSON.stringify(new URL('/sandbox/advance', options.certsBaseUrl).href)}, { method: 'POST', body: '{"ms":60000}' });
    }
  }`;

describe('a run that is killed', () => {
  let project;
  let api;
  let server;
  before(async () => {
    project = await installPackage();
    api = await project.import();
    server = await startSandboxServer('--rate-limit', 'off');
  });
  after(async () => {
    await server?.stop();
    await project?.remove();
  });

  /** Runs it, and kills it at so many lines. The lines. */
  async function night(journal, only, killedAt = Number.POSITIVE_INFINITY) {
    const child = spawn(process.execPath, ['--input-type=module', '--eval', program(server.options, journal, only)], {
      cwd: project.folder,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const lines = [];
    const ended = new Promise((resolve) => child.once('exit', (code, signal) => resolve(signal ?? code)));
    for await (const line of createInterface(child.stdout)) {
      lines.push(line);
      if (lines.length === killedAt) child.kill('SIGKILL');
    }
    return { lines, ended: await ended };
  }

  it('anywhere is continued: one order for each certificate, all delivered, every key there', async () => {
    const client = new api.CertsClient({ ...server.options, rateLimit: false });
    const owner = await client.organizations.create(organization());
    for (let killedAt = 1, isOver = false; !isOver; killedAt += 3) {
      const names = ['a', 'b', 'c'].map((name) => `${name}${killedAt}.example.com`);
      const ids = [];
      for (const commonName of names) {
        const { csr } = await api.createCsr({ subject: { commonName }, dnsNames: [commonName] });
        const wanted = { ...order(owner, csr, { commonName }), certType: 'SSL_DV_GEOTRUST' };
        ids.push((await client.orders.create(wanted)).id);
      }
      await server.advance(day / 24);
      await server.advance(2 * day);
      const folder = await mkdtemp(join(tmpdir(), 'killed-'));
      try {
        const journal = join(folder, 'journal');
        const killed = await night(journal, ids, killedAt);
        isOver = killed.ended === 0;
        const again = isOver ? killed : await night(journal, ids);
        const told = [...killed.lines, '--- again', ...again.lines].join('\n');
        const delivered = new Set([...killed.lines, ...again.lines].filter((line) => line.startsWith('deliver ')));
        for (const commonName of names) {
          const orders = await client.orders.list({ commonNames: [commonName] }).toArray();
          const isDelivered = delivered.has(`deliver ${commonName}`);
          assert.equal(orders.length, isDelivered ? 2 : 1, `${commonName}, killed at ${killedAt}:\n${told}`);
          // Between the entry and the send, nobody but a person can tell.
          assert.ok(isDelivered || again.lines.includes('problem unknown'), told);
        }
        const keys = await readdir(join(folder, 'keys')).catch(() => []);
        const entries = await readFile(journal, 'utf8').catch(() => '');
        for (const [, key] of entries.matchAll(/"key":"([^"]+)"/g))
          assert.ok(keys.includes(key.split('/').at(-1)), key);
      } finally {
        await rm(folder, { recursive: true });
      }
    }
  });

  it('in the middle of a line leaves a journal that is read', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'torn-'));
    const journal = join(folder, 'journal');
    const first = '{"at":1,"step":"run","run":"the first"}';
    await writeFile(journal, `0\t${first.length}\t${first}\n1\t99\t{"at":2,"st`);
    const { lines } = await night(journal, []);
    assert.equal(lines.at(-1).startsWith('ended'), true);
    const text = await readFile(journal, 'utf8');
    assert.match(text, /^0\t.*\n1\t99\t\{"at":2,"st\n1\t\d+\t\{/);
    await rm(folder, { recursive: true });
  });
});
