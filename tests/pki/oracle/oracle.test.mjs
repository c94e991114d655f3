/**
 * Our reading of hundreds of requests beside that of OpenSSL and of pyca/cryptography.
 *
 * Python makes the requests; without it, or without its packages, the test is skipped with a word, but never in CI.
 */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { againstOpenssl, againstPyca, readOpenssl, reasons } from './compare.mjs';
import { core } from './core.mjs';

const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const packages = ['cryptography==50.0.2', 'cryptography-vectors==50.0.2'];
const execute = promisify(execFile);
const folder = mkdtempSync(join(tmpdir(), 'markmonitor-certs-oracle-'));
after(() => rmSync(folder, { recursive: true, force: true }));

/** Python with what the generator needs, in the cache of the set-up; or why there is none. */
async function python() {
  const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'markmonitor-certs');
  const home = join(cache, `python-${packages.join('-').replaceAll('==', '-')}`);
  const command = join(home, 'bin', 'python');
  const marker = join(home, 'ready');
  if (existsSync(marker)) return { command };
  try {
    await execute('python3', ['-m', 'venv', '--clear', home], { timeout: 120_000 });
    await execute(command, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...packages], {
      timeout: 300_000,
    });
    await execute(command, ['-c', `open(${JSON.stringify(marker)}, 'w')`]);
    return { command };
  } catch (error) {
    return { missing: error.message.split('\\n')[0] };
  }
}

async function openssl(file, isPem, ...options) {
  const source = ['req', '-in', file, '-inform', isPem ? 'PEM' : 'DER', '-noout'];
  try {
    return { status: 0, ...(await execute('openssl', [...source, ...options], { timeout: 30_000 })) };
  } catch ({ code, stdout = '', stderr = '' }) {
    return { status: code, stdout, stderr };
  }
}

/** Runs a job for each item, as many at a time as there are processors. */
async function forEach(items, job) {
  const rest = [...items];
  const work = async () => {
    for (let item = rest.shift(); item; item = rest.shift()) await job(item);
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
}

let requests;
let skip = false;

before(async () => {
  const { command, missing } = await python();
  if (missing) {
    assert.ok(!process.env.CI, `CI has to have Python with venv and pip: ${missing}`);
    skip = `no Python with venv and pip here: ${missing}`;
    return;
  }
  const { stdout } = await execute(command, [here('generate.py'), folder], { maxBuffer: 1 << 27, timeout: 120_000 });
  requests = Object.entries(JSON.parse(stdout));
});

test('OpenSSL and pyca read what we read, and what they accept we accept', async (t) => {
  if (skip) return t.skip(skip);
  const found = [];
  const unused = new Set(reasons);
  await forEach(requests, async ([label, { file, pyca }]) => {
    const path = join(folder, file);
    const bytes = new Uint8Array(readFileSync(path));
    const isPem = Buffer.from(bytes).includes('-----BEGIN');
    const ours = await core.inspectCsr(bytes).catch((error) => {
      assert.equal(error.type, 'ParseError', `${label}: ${error.message}`);
      return { error };
    });
    const names = ['-nameopt', 'sep_multiline,oid,utf8,space_eq'];
    const theirs = readOpenssl({
      subject: await openssl(path, isPem, '-subject', ...names),
      text: await openssl(path, isPem, '-text'),
      verify: await openssl(path, isPem, '-verify'),
      key: await openssl(path, isPem, '-pubkey'),
    });
    for (const difference of [
      ...againstOpenssl(ours, theirs, core.sameKey),
      ...againstPyca(ours, pyca, core.sameKey),
    ]) {
      const known = reasons.find((reason) => reason.label.test(label) && reason.difference.test(difference));
      if (known) unused.delete(known);
      else found.push(`${label}: ${difference}`);
    }
  });
  assert.ok(requests.length > 400, `only ${requests.length} requests were made`);
  t.diagnostic(`${requests.length} requests`);
  assert.deepEqual(found, []);
  assert.deepEqual([...unused], [], 'a reason that explains nothing any more');
});
