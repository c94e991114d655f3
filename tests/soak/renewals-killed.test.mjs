/**
 * `markmonitor-certs renew`, killed with SIGKILL at two hundred random moments, against the sandbox over HTTP, where a minute
 * passes with each call. Whatever it had done by then, the next runs bring each renewal to its end: one order for each, its key
 * there, its certificate delivered with that key. `KILL_SEED` repeats a run's moments, `KILLS` says how many.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, it } from 'node:test';
import { serveEstate } from '../cli/support/estate.mjs';
import { installProgram } from '../cli/support/program.mjs';

const day = 86_400_000;
const kills = Number(process.env.KILLS ?? 200);
const seed = Number(process.env.KILL_SEED ?? randomInt(2 ** 31));
const names = ['a', 'b', 'c', 'd', 'e'].map((name) => `${name}.example.com`);

let state = seed;
/** A number from 0 to below that one: mulberry32. */
function below(limit) {
  state = (state + 0x6d2b79f5) | 0;
  let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
  return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * limit);
}

let program;
let estate;
let api;
before(async () => {
  program = await installProgram();
  api = await program.project.import();
  estate = await serveEstate(program.project, names, 150);
});
after(async () => {
  await estate?.close();
  await program?.remove();
});

const words = [
  'renew',
  '--yes',
  '--json',
  '--out',
  'out',
  '--every',
  '10ms',
  '--deploy-hook',
  'true',
  '--renewed-hook',
  'true',
];
const requests = () => estate.sandbox.requests.length;

/** A run that is killed after so many requests and so many milliseconds, unless it has ended by then. */
async function night(more, moment) {
  const first = requests();
  const { PATH } = process.env;
  const env = { PATH, HOME: program.folder, ...estate.env };
  const child = spawn(program.file, [...words, ...more], {
    cwd: program.folder,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr']) child[name].setEncoding('utf8').on('data', (text) => (output[name] += text));
  const ended = new Promise((resolve) => child.once('close', (code, signal) => resolve(signal ?? code)));
  if (moment) {
    const look = setInterval(() => {
      if (requests() - first < moment.requests) return;
      clearInterval(look);
      setTimeout(() => child.kill('SIGKILL'), moment.ms);
    }, 1);
    ended.then(() => clearInterval(look));
  }
  const how = await ended;
  return { ...output, how, requests: requests() - first };
}

const ordersOf = async (commonName) => estate.client.orders.list({ commonNames: [commonName] }).toArray();
const replacedBy = ({ comments }) => /replaces=([^\]\s]+)/.exec(comments ?? '')?.[1];
const journal = async () => readFile(join(program.folder, 'out', '.renewals', 'journal'), 'utf8').catch(() => '');

/** The digests of public keys, by what shows them: each is read once. */
const digests = new Map();
async function keyOf(pem) {
  if (!digests.has(pem)) {
    const isKey = pem.includes('PRIVATE KEY');
    const { csr } = isKey ? await api.createCsr({ subject: { commonName: 'x.example.com' }, key: pem }) : { csr: pem };
    digests.set(pem, (await api.parseCsr(csr)).publicKey.sha256);
  }
  return digests.get(pem);
}

/** The moment at which so much of a certificate's life is over. */
function whenOver(part, { cert }) {
  const [from, until] = [cert.dateValidFrom, cert.dateValidUntil].map((date) => Date.parse(date));
  return from + part * (until - from);
}

/** What may not be at any moment. */
async function check(told) {
  const folder = join(program.folder, 'out', '.renewals', 'keys');
  const keys = (await readdir(folder).catch(() => [])).map((file) => join(folder, file));
  const made = new Set();
  for (const key of keys) {
    const pem = await readFile(key, 'utf8').catch(() => '');
    // A key that was being written is nobody's: it is not in the journal.
    if (pem.trimEnd().endsWith('-----END PRIVATE KEY-----')) made.add(await keyOf(pem));
  }
  for (const name of names) {
    const orders = await ordersOf(name);
    const byId = new Map(orders.map((order) => [order.id, order]));
    const renewals = orders.filter(replacedBy);
    const replaced = renewals.map(replacedBy);
    assert.equal(new Set(replaced).size, replaced.length, `${name} was renewed twice: ${told()}`);
    assert.equal(replaced.length, orders.length - 1, `${name} has an order of no renewal: ${told()}`);
    for (const order of renewals) {
      const isDue = Date.parse(order.dateCreated) >= whenOver(2 / 3, byId.get(replacedBy(order)));
      assert.ok(isDue, `${order.id} of ${name} was ordered before it was due: ${told()}`);
      if (order.cert?.csr)
        assert.ok(made.has(await keyOf(order.cert.csr)), `the key of ${order.id} is lost: ${told()}`);
    }
    const isGood = ({ cert }) => Date.parse(cert?.dateValidUntil) > estate.sandbox.now;
    assert.ok(orders.some(isGood), `${name} has ended: ${told()}`);
  }
}

/** The newest order of each name. */
async function newestOf(name) {
  const orders = await ordersOf(name);
  return orders.find(({ id }) => !orders.some((other) => replacedBy(other) === id));
}

/** Lets time go on until something is due: until three quarters of the life are over of what ends first. */
async function letTimePass() {
  const newest = await Promise.all(names.map(newestOf));
  estate.sandbox.advance(Math.min(...newest.map((order) => whenOver(0.75, order))) - estate.sandbox.now);
}

/** All is renewed that is due: what is delivered is the newest, with its key. */
async function checkDelivered(told) {
  for (const name of names) {
    const newest = await newestOf(name);
    // What became due while the run was under way is the next one's.
    assert.ok(estate.sandbox.now - day < whenOver(2 / 3, newest), `${name} is due, and was not renewed: ${told()}`);
    const [cert, key] = await Promise.all(
      ['cert', 'privkey'].map((file) => readFile(join(program.folder, 'out', name, 'live', `${file}.pem`), 'utf8')),
    );
    const { leaf } = await estate.client.orders.certificate(newest.id);
    assert.ok(await api.sameKey(cert, leaf.pem), `${name}: its newest certificate is delivered: ${told()}`);
    assert.equal(await keyOf(key), leaf.publicKey.sha256, `${name}: with its key: ${told()}`);
  }
}

it(`orders nothing twice, loses no key and delivers all, killed ${kills} times`, async () => {
  console.log(`KILL_SEED=${seed}`);
  const killedIn = new Map();
  let [killed, whole, persons] = [0, 30, 0];
  for (let round = 1; killed < kills; round += 1) {
    if (round > 1) await letTimePass();
    let assumed = [];
    for (let tries = 0; ; tries += 1) {
      assert.ok(tries < 400, 'it ends');
      // Now and then one is left alone, so that there are several rounds, and none is killed over and over while it waits.
      const moment = killed < kills && below(5) > 0 ? { requests: below(whole), ms: below(60) } : undefined;
      const { how, stdout, stderr, requests } = await night(assumed, moment);
      assumed = [];
      const told = () => `seed ${seed}, round ${round}, killed ${killed} times\n${stdout}\n${stderr}`;
      await check(told);
      if (how === 'SIGKILL') {
        killed += 1;
        const step = /"step":"(\w+)"[^\n]*\n?$/.exec(await journal())?.[1] ?? 'nothing';
        killedIn.set(step, (killedIn.get(step) ?? 0) + 1);
        continue;
      }
      if (how === 0 || how === 10) {
        whole = Math.max(whole, requests);
        await checkDelivered(told);
        break;
      }
      assert.ok([11, 12, 13].includes(how), `${how}: ${told()}`);
      const { summary } = JSON.parse(stdout.trimEnd().split('\n').at(-1));
      for (const { onceId, orderId, commonName } of summary.renewals) {
        if (onceId === undefined) continue;
        // What is there is found without a person.
        const orders = await ordersOf(commonName);
        assert.ok(
          !orders.some((order) => replacedBy(order) === orderId),
          `${commonName} is there, and was not found: ${told()}`,
        );
        assumed.push('--assume-not-placed', onceId);
        persons += 1;
      }
      if (assumed.length === 0) estate.sandbox.advance(day);
    }
  }
  console.log(
    `killed after these entries: ${JSON.stringify(Object.fromEntries(killedIn))}; a person was asked ${persons} times`,
  );
});
