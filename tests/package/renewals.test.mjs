import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import {
  chmod,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  readlink,
  rename,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { order, organization } from './scenarios/clients.mjs';
import { installPackage } from './support/install.mjs';

const day = 86_400_000;

describe('renewals', () => {
  let project;
  let api;
  let sandboxes;
  let folder;
  before(async () => {
    project = await installPackage();
    api = await project.import();
    sandboxes = await project.import('markmonitor-certs/sandbox');
  });
  after(() => project?.remove());
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'renewals-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  /** An account with certificates of these names, so many days later. */
  async function estate(names, daysLater, cert = {}) {
    const sandbox = await sandboxes.createSandbox({ rateLimit: false, now: new Date('2026-04-01T00:00:00Z') });
    const client = new api.CertsClient({ auth: sandbox.credentials, fetch: sandbox.fetch, rateLimit: false });
    const owner = await client.organizations.create(organization());
    const orders = [];
    for (const commonName of names) {
      const made = await api.createCsr({ subject: { commonName }, dnsNames: [commonName] });
      const placed = await client.orders.create({
        ...order(owner, made.csr, { commonName, ...cert }),
        certType: 'SSL_DV_GEOTRUST',
      });
      orders.push({ ...placed, ...made });
    }
    sandbox.advance(daysLater * day);
    return { sandbox, client, orders };
  }
  const options = (more) => ({
    journal: join(folder, 'renewals.journal'),
    minDelay: 1,
    maxDelay: 1,
    ...more,
  });
  /** Carries a plan out; its events. */
  async function night({ client, sandbox }, more, planned) {
    const plan = await client.renewals.plan(planned);
    const events = [];
    for await (const event of client.renewals.run(plan, options(more))) {
      events.push(event);
      if (event.type === 'waiting') sandbox.advance(60_000);
    }
    return { plan, events, summary: events.at(-1).summary, problems: events.filter(({ type }) => type === 'problem') };
  }
  const ordersOf = async ({ client }, name) => (await client.orders.list({ commonNames: [name] }).toArray()).length;

  it('orders what is due once, keeps its key, and delivers it', async () => {
    const here = await estate(['shop.example.com', 'www.example.com'], 150);
    const delivered = [];
    const { plan, summary, problems } = await night(here, { deliver: (certificate) => delivered.push(certificate) });
    assert.deepEqual(
      plan.items.map(({ action, price, urgency }) => [action, price, urgency]),
      [
        ['renew', 100, 'due'],
        ['renew', 100, 'due'],
      ],
    );
    assert.deepEqual(problems, []);
    assert.equal(summary.outcome, 'renewed', summary.text);
    assert.equal(delivered.length, 2);
    for (const { certificate, fullchain, chain, key, commonName } of delivered) {
      assert.equal((await stat(key)).mode & 0o777, 0o600);
      const { csr } = await api.createCsr({ like: certificate, key: await readFile(key, 'utf8') });
      assert.ok(await api.sameKey(csr, certificate), `the key of ${commonName} is that of its certificate`);
      assert.equal(fullchain, certificate + chain);
    }
    for (let later = 0; later < 3; later += 1) {
      here.sandbox.advance(day);
      const again = await night(here, { deliver: () => assert.fail('delivered again') });
      assert.equal(again.summary.outcome, 'nothingDue');
    }
    assert.equal(await ordersOf(here, 'shop.example.com'), 2);
  });

  it('plans the same twice, as plain data, and sends nothing but what reads', async () => {
    const here = await estate(['shop.example.com'], 150);
    const before = here.sandbox.requests.length;
    const [one, other] = [await here.client.renewals.plan(), await here.client.renewals.plan()];
    assert.deepEqual(one.items, other.items);
    assert.deepEqual(JSON.parse(JSON.stringify(one)), one);
    const sent = here.sandbox.requests.slice(before).filter(({ path }) => path.startsWith('/certs'));
    const methods = sent.map(({ method }) => method);
    assert.deepEqual(new Set(methods), new Set(['GET']));
    const never = await here.client.renewals.plan({ policy: { at: () => '2030-01-01' } });
    assert.equal(never.items[0].action, 'later');
    const soon = await here.client.renewals.plan({ policy: { at: ({ cert }) => (cert.commonName ? 60 : 1) } });
    assert.equal(soon.items[0].action, 'renew');
  });

  it('plans nothing where an order of the list cannot be asked for', async () => {
    const { sandbox } = await estate(['shop.example.com', 'www.example.com'], 150);
    for (const hide of [() => null, ({ id, ...rest }) => ({ orderId: id, ...rest }), (one) => ({ order: one })]) {
      const fetch = async (url, init) => {
        const response = await sandbox.fetch(url, init);
        if (!/\/order\?/.test(url)) return response;
        const page = await response.json();
        page.content = page.content.map((one, at) => (at === 1 ? hide(one) : one));
        return Response.json(page);
      };
      const client = new api.CertsClient({ auth: sandbox.credentials, fetch, rateLimit: false });
      await assert.rejects(client.renewals.plan(), {
        name: 'DecodeError',
        code: 'unreadable',
        path: '$.content[1].id',
      });
    }
  });

  /** A client to which the service shows orders as `change` makes them. */
  function showing({ sandbox }, change) {
    const fetch = async (url, init) => {
      const response = await sandbox.fetch(url, init);
      if (!/\/order[/?]/.test(url) || /download/.test(url)) return response;
      const shown = await response.json();
      const changed = Array.isArray(shown.content) ? { ...shown, content: shown.content.map(change) } : change(shown);
      return Response.json(changed, { status: response.status, headers: { date: response.headers.get('date') } });
    };
    // All sandboxes number their orders alike: what was ordered of one says nothing of another.
    const store = api.createMemoryStore();
    return new api.CertsClient({ auth: sandbox.credentials, fetch, rateLimit: false, store });
  }

  it('renews all of a page in which an order holds half a surrogate pair', async () => {
    const here = await estate(['shop.example.com', 'www.example.com'], 150);
    const client = showing(here, (one) =>
      one.id === here.orders[0].id ? { ...one, comments: 'bad \ud83d here' } : one,
    );
    const { plan, summary } = await night({ ...here, client });
    assert.deepEqual(
      plan.items.map(({ action }) => action),
      ['renew', 'renew'],
    );
    assert.equal(summary.outcome, 'renewed', summary.text);
    assert.equal(summary.orders, 2);
  });

  it('takes no page for empty that it cannot read', async () => {
    const here = await estate(['shop.example.com', 'www.example.com'], 150);
    const deep = JSON.parse('['.repeat(200) + ']'.repeat(200));
    const client = showing(here, (one) => ({ ...one, cert: { ...one.cert, dnsNames: deep } }));
    await assert.rejects(client.renewals.plan(), { code: 'internal', message: /cannot read a page/ });
  });

  it('goes by the service, whatever the clock of the machine shows and however often it is set', async (t) => {
    const here = await estate(['shop.example.com', 'www.example.com'], 150);
    const planned = (await here.client.renewals.plan()).items;
    const [right, wrong] = [Date.now, [400 * day, -400 * day, 0, 30 * 60_000, -30 * 60_000]];
    let times = 0;
    t.mock.method(Date, 'now', () => right() + wrong[times % wrong.length]);
    for (const _ of wrong) {
      times += 1;
      assert.deepEqual((await here.client.renewals.plan()).items, planned);
    }
    const delivered = [];
    const { client, sandbox } = here;
    const run = client.renewals.run(
      await client.renewals.plan(),
      options({ deliver: ({ key }) => delivered.push(key) }),
    );
    let summary;
    for await (const event of run) {
      times += 1;
      if (event.type === 'waiting') sandbox.advance(60_000);
      summary = event.summary ?? summary;
    }
    assert.equal(summary.outcome, 'renewed', summary.text);
    assert.ok(times > 15, `the clock was set ${times} times`);
    assert.equal(delivered.length, 2);
    for (const _ of wrong) {
      times += 1;
      assert.equal((await night(here, { deliver: () => assert.fail('again') })).summary.outcome, 'nothingDue');
    }
    assert.equal(await ordersOf(here, 'shop.example.com'), 2);
  });

  it('says why a name cannot be ordered any more', async () => {
    const here = await estate(['shop.example.com'], 150);
    const fetch = async (url, init) => {
      const reply = await here.sandbox.fetch(url, init);
      const text = (await reply.text()).replaceAll('shop.example.com', 'shop.corp.internal');
      return new Response(text, { status: reply.status, headers: reply.headers });
    };
    const client = new api.CertsClient({ auth: here.sandbox.credentials, fetch, rateLimit: false });
    const [item] = (await client.renewals.plan()).items;
    assert.deepEqual([item.action, item.blockedBy], ['blocked', 'names']);
    assert.ok(item.findings.some(({ severity }) => severity === 'error'));
  });

  it('renews with the old key, which gives a new order and not the old one', async () => {
    const here = await estate(['shop.example.com'], 150);
    const [{ privateKeyPem, csr: old }] = here.orders;
    const key = async ({ order }) => ({ csr: (await api.createCsr({ like: order.cert.csr, key: privateKeyPem })).csr });
    const { summary } = await night(here, { key });
    assert.equal(summary.outcome, 'renewed', summary.text);
    assert.equal(await ordersOf(here, 'shop.example.com'), 2);
    const { leaf } = await here.client.orders.certificate(summary.renewals[0].newOrderId);
    assert.ok(await api.sameKey(old, leaf.pem));
  });

  it('publishes DCV records, and goes on when that fails', async () => {
    const { client, sandbox } = await estate(['shop.example.com', 'www.example.com'], 150);
    const asked = [];
    // No order is issued before the records were asked for.
    const here = { client, sandbox: { advance: (ms) => asked.length > 0 && sandbox.advance(ms) } };
    const dcv = async (request) => {
      asked.push(request);
      if (request.order.cert.commonName === 'www.example.com') throw new Error('no such zone');
    };
    const { summary, problems } = await night(here, { dcv });
    const ofName = (name) => asked.filter(({ order }) => order.cert.commonName === name);
    const [[shop], failing] = [ofName('shop.example.com'), ofName('www.example.com')];
    assert.equal(asked.length, 1 + failing.length);
    assert.ok(failing.length <= 3, `tried ${failing.length} times`);
    assert.equal(shop.method, 'DNS_TXT_TOKEN');
    assert.match(shop.domains[0].text, /TXT record/);
    assert.equal(problems.length, failing.length);
    for (const { code, message } of problems) assert.match(`${code}: ${message}`, /^dcv_failed: .*no such zone/);
    assert.equal(summary.outcome, 'renewed', summary.text);
  });

  it('delivers into a folder, and runs hooks without a shell, which never see the key', async () => {
    const here = await estate(['*.example.com'], 150);
    const hook = join(folder, 'hook.sh');
    await writeFile(hook, '#!/bin/sh\nenv | grep MMC_ >> "$(dirname "$0")/told"\necho "$1"\n');
    await chmod(hook, 0o755);
    process.env.MARKMONITOR_PASSWORD = 'the-password';
    const directory = join(folder, 'certs');
    const { summary, problems } = await night(here, {
      deliver: { directory, command: [hook, '$(id)'] },
      renewed: { command: [hook] },
    });
    delete process.env.MARKMONITOR_PASSWORD;
    assert.deepEqual(problems, []);
    const place = join(directory, '_wildcard.example.com');
    assert.equal(await readlink(join(place, 'live')), summary.renewals[0].newOrderId);
    const fullchain = await readFile(join(place, 'live', 'fullchain.pem'), 'utf8');
    assert.equal((await api.parseBundle(fullchain)).leaf.subject.commonName, '*.example.com');
    assert.ok((await lstat(join(place, 'live', 'privkey.pem'))).isSymbolicLink());
    const told = await readFile(join(folder, 'told'), 'utf8');
    assert.match(told, /MMC_EVENT=deliver[\s\S]*MMC_EVENT=renewed/);
    assert.match(told, /MMC_KEY=\/.*\.key/);
    assert.doesNotMatch(told, /PRIVATE KEY|the-password/);
  });

  it('puts nothing to use whose key is not there, or is not its own, and delivers it when that is back', async () => {
    const other = (await api.createCsr({ subject: { commonName: 'other.example.com' }, dnsNames: [] })).privateKeyPem;
    const broken = {
      'is gone': [async (key) => rm(key), /cannot be read: ENOENT/],
      'is empty': [async (key) => writeFile(key, ''), /is not a private key/],
      'is blank': [async (key) => writeFile(key, '\n'), /is not a private key/],
      'is a part': [async (key) => writeFile(key, (await readFile(key, 'utf8')).slice(0, 60)), /is not a private key/],
      'is another': [async (key) => writeFile(key, other), /is not that of its certificate/],
      'is a folder': [async (key) => rm(key).then(() => mkdir(key)), /cannot be read: EISDIR/],
    };
    const own = {
      save: async (name, pem) => {
        const path = join(folder, `${name}.pem`);
        await writeFile(path, pem);
        return path;
      },
    };
    const ways = {
      'into a folder': (delivered) => ({ deliver: { directory: join(folder, 'certs') }, key: delivered.keys }),
      'into a folder, with keys of a store': () => ({ deliver: { directory: join(folder, 'certs') }, key: own }),
      'by a function': (delivered) => ({ deliver: () => delivered.push(1), key: delivered.keys }),
    };
    let at = 0;
    for (const [way, optionsOf] of Object.entries(ways)) {
      for (const [how, [damage, says]] of Object.entries(broken)) {
        at += 1;
        const name = `shop${at}.example.com`;
        const here = await estate([name], 150);
        const delivered = Object.assign([], { keys: join(folder, `keys${at}`) });
        const given = { ...optionsOf(delivered), journal: join(folder, `journal${at}`) };
        const plan = await here.client.renewals.plan();
        let [problem, summary, key, whole] = [];
        for await (const event of here.client.renewals.run(plan, options(given))) {
          if (event.type === 'waiting') here.sandbox.advance(60_000);
          if (event.type === 'problem') problem = event;
          if (event.state === 'checked') {
            [, key] = /"key":"([^"]+)"/.exec(await readFile(given.journal, 'utf8'));
            whole = await readFile(key, 'utf8');
            await damage(key);
          }
          summary = event.summary;
        }
        const told = `${way}, a key that ${how}`;
        assert.deepEqual([problem?.code, summary.outcome], ['deliver_failed', 'someFailed'], told);
        assert.match(problem.message, says, told);
        assert.ok(problem.message.includes(key) && !problem.message.includes('PRIVATE KEY'), told);
        assert.deepEqual([...delivered], [], told);
        await assert.rejects(lstat(join(folder, 'certs', name)), { code: 'ENOENT' }, told);

        await rm(key, { recursive: true, force: true });
        await writeFile(key, whole);
        here.sandbox.advance(day);
        const next = await night(here, given);
        assert.equal(next.summary.outcome, 'renewed', `${told}: ${next.summary.text}`);
        assert.equal(await ordersOf(here, name), 2, told);
      }
    }
  });

  it('delivers into no other folder, whatever a certificate is called', async () => {
    const certs = join(folder, 'certs');
    for (const [at, commonName] of ['..', '.', '', '../../x', 'a b/../..'].entries()) {
      const here = await estate(['shop.example.com'], 150);
      const journal = join(folder, 'outside', `journal${at}`);
      const show = (one) => ({ ...one, cert: { ...one.cert, commonName } });
      const client = showing(here, (one) => (one.id === here.orders[0].id ? one : show(one)));
      const { summary } = await night({ ...here, client }, { journal, deliver: { directory: certs } });
      assert.equal(summary.outcome, 'renewed', summary.text);
    }
    assert.deepEqual((await readdir(folder)).sort(), ['certs', 'outside']);
    for (const name of await readdir(certs)) {
      assert.match(name, /^[\w.-]*\w[\w.-]*$/);
      assert.ok((await readdir(join(certs, name))).includes('live'), name);
    }
  });

  describe('of one common name and other names', () => {
    const names = ['a', 'b'].map((label) => `${label}.example.com`);
    const live = () => join(folder, 'certs', 'www.example.com', 'live');
    const deliver = () => ({ directory: join(folder, 'certs') });

    /** An account with two such certificates; both are due. */
    async function pair() {
      const here = await estate([], 0);
      const owner = await here.client.organizations.create(organization());
      for (const name of names) {
        const all = ['www.example.com', name];
        const { csr } = await api.createCsr({ subject: { commonName: all[0] }, dnsNames: all });
        const cert = order(owner, csr, { commonName: all[0], dnsNames: all.slice(1) });
        await here.client.orders.create({ ...cert, certType: 'SSL_DV_GEOTRUST' });
      }
      here.sandbox.advance(150 * day);
      return here;
    }

    it('leaves the one in its folder that is there, and delivers the other one into another', async () => {
      const here = await pair();
      const { problems, summary } = await night(here, { deliver: deliver() });
      assert.deepEqual([problems.map(({ code }) => code), summary.outcome], [['deliver_failed'], 'someFailed']);
      const [left] = summary.renewals.filter(({ state }) => state !== 'done');
      const [first] = summary.renewals.filter(({ state }) => state === 'done');
      assert.equal(await readlink(live()), first.newOrderId);
      assert.ok(problems[0].message.includes(`which alone has ${first.dnsNames}:`), problems[0].message);
      const apart = { directory: join(folder, 'apart') };
      const only = { only: [...left.dnsNames] };
      for (const later of [0, 140]) {
        here.sandbox.advance(later * day);
        const one = await night(here, { deliver: apart }, only);
        assert.equal(one.summary.outcome, 'renewed', one.summary.text);
        assert.equal(await readlink(live()), first.newOrderId);
        const file = await readFile(join(apart.directory, 'www.example.com', 'live', 'cert.pem'));
        assert.ok((await api.parseCertificate(file)).subjectAltNames.dns.includes(left.dnsNames[0]));
      }
      const next = await night(here, { deliver: deliver() }, { only: [...first.dnsNames] });
      assert.equal(next.summary.outcome, 'renewed', next.summary.text);
      assert.equal(await readlink(live()), next.summary.renewals.at(-1).newOrderId);
    });

    it('takes the place of one that has ended, or that is gone', async () => {
      for (const told of ['ended', 'gone']) {
        const here = await pair();
        const given = { journal: join(folder, `journal of one ${told}`), deliver: deliver() };
        const [first] = (await night(here, given, { only: [names[0]] })).summary.renewals;
        // So that it ends before the other one.
        here.sandbox.advance(40 * day);
        const { problems } = await night(here, given);
        assert.deepEqual([problems.map(({ code }) => code), told], [['deliver_failed'], told]);
        // The other one waits for its folder, and this one is not renewed.
        if (told === 'gone') await rm(join(live(), '..', first.newOrderId), { recursive: true });
        here.sandbox.advance((told === 'gone' ? 2 : 165) * day);
        const later = await night(here, given, { only: [names[1]] });
        assert.deepEqual(later.problems, [], told);
        assert.notEqual(await readlink(live()), first.newOrderId, told);
        await rm(join(folder, 'certs'), { recursive: true });
      }
    });
  });

  it('leaves one link behind where a folder is in the place of its link, however often it is tried', async () => {
    const here = await estate(['shop.example.com'], 150);
    const place = join(folder, 'certs', 'shop.example.com');
    await mkdir(join(place, 'live'), { recursive: true });
    for (const later of [0, 2]) {
      here.sandbox.advance(later * day);
      const { problems, summary } = await night(here, { deliver: { directory: join(folder, 'certs') } });
      assert.match(problems[0].message, /^It was not delivered: EISDIR: .*\/live'$/);
      assert.deepEqual((await readdir(place)).sort(), ['.live', summary.renewals[0].newOrderId, 'live'].sort());
    }
  });

  it('leaves nothing behind where a folder is in the place of a file, however often it is tried', async () => {
    const here = await estate(['shop.example.com'], 150);
    const deliver = { directory: join(folder, 'certs') };
    const { summary } = await night(here, {
      deliver: ({ order }) =>
        mkdir(join(folder, 'certs', 'shop.example.com', order.id, 'cert.pem'), { recursive: true }).then(() => {
          throw new Error('later');
        }),
    });
    for (const later of [2, 2]) {
      here.sandbox.advance(later * day);
      const { problems } = await night(here, { deliver });
      assert.match(problems[0].message, /^It was not delivered: EISDIR: /);
      const left = await readdir(join(folder, 'certs', 'shop.example.com', summary.renewals[0].newOrderId));
      assert.deepEqual(left, ['cert.pem']);
    }
  });

  it('links to a key in its folder wherever that is mounted, and to another one where it is', async () => {
    const here = await estate(['shop.example.com'], 150);
    for (const isWithin of [true, false]) {
      const [directory, elsewhere] = [join(folder, 'certs'), join(folder, 'elsewhere')];
      const key = join(isWithin ? directory : folder, 'keys');
      // As a folder often is: behind a link.
      await mkdir(join(folder, 'disk', 'certs'), { recursive: true });
      await symlink(join(folder, 'disk', 'certs'), directory);
      const { summary } = await night(here, { key, deliver: { directory } });
      assert.equal(summary.outcome, 'renewed', summary.text);
      const privateKey = await readFile(summary.renewals[0].key, 'utf8');
      for (const place of [directory, elsewhere]) {
        if (place === elsewhere) await rename(join(folder, 'disk', 'certs'), elsewhere);
        assert.equal(await readFile(join(place, 'shop.example.com', 'live', 'privkey.pem'), 'utf8'), privateKey);
      }
      await rm(elsewhere, { recursive: true });
      await rm(directory);
      here.sandbox.advance(150 * day);
    }
  });

  it('makes no link to a key that is not a file', async () => {
    const here = await estate(['shop.example.com'], 150);
    const key = { save: (name) => `vault:${name}` };
    const { summary } = await night(here, { key, deliver: { directory: join(folder, 'certs') } });
    assert.equal(summary.outcome, 'renewed', summary.text);
    const live = join(folder, 'certs', 'shop.example.com', 'live');
    assert.deepEqual((await readdir(live)).sort(), ['cert.pem', 'chain.pem', 'fullchain.pem']);
  });

  it('has failed where a function throws half a surrogate pair, or a text that is cut in one', async () => {
    for (const message of [
      'bad \ud83d here',
      `bad ${'\u{1f600}'.repeat(2_000)}`,
      `bad  ${'\u{1f600}'.repeat(2_000)}`,
    ]) {
      for (const [name, code] of [
        ['deliver', 'deliver_failed'],
        ['renewed', 'hook_failed'],
        ['dcv', 'dcv_failed'],
      ]) {
        const { client, sandbox } = await estate(['shop.example.com'], 150);
        let isAsked = name !== 'dcv';
        const fail = () => {
          isAsked = true;
          throw new Error(message);
        };
        // The order is not issued before the records were asked for.
        const here = { client, sandbox: { advance: (ms) => isAsked && sandbox.advance(ms) } };
        const journal = join(folder, crypto.randomUUID());
        const { problems } = await night(here, { journal, revokeOld: true, [name]: fail });
        assert.equal(problems[0]?.code, code);
        assert.match(problems[0].message, /bad/);
        const steps = (await readFile(journal, 'utf8')).match(/(?<="step":")\w+/g);
        if (name === 'deliver') assert.ok(!steps.includes('delivered') && !steps.includes('revoking'), `${steps}`);
        if (name === 'renewed') assert.ok(!steps.includes('told'), `${steps}`);
      }
    }
  });

  it('keeps of what a function throws what fits into a message', async () => {
    const here = await estate(['shop.example.com'], 150);
    const deliver = () => {
      throw new Error(`It began here. ${'and so on '.repeat(300_000)}It ended there.`);
    };
    const { problems, summary } = await night(here, { deliver });
    for (const text of [problems[0].message, summary.text, await readFile(join(folder, 'renewals.journal'), 'utf8')]) {
      assert.match(text, /It began here\..*It ended there/);
      assert.ok(text.length < 10_000, `${text.length} characters`);
    }
  });

  it('remembers a hook that failed, shows its output without secrets, and orders nothing again', async () => {
    const here = await estate(['shop.example.com'], 150);
    const hook = join(folder, 'hook.mjs');
    const key = '-----BEGIN PRIVATE KEY-----\nMIIsecret\n-----END PRIVATE KEY-----';
    await writeFile(hook, `console.log(${JSON.stringify(key)}); console.log('disk is full'); process.exit(3);`);
    const deliver = { command: [process.execPath, hook] };
    const { summary, problems } = await night(here, { deliver });
    assert.equal(summary.outcome, 'someFailed');
    assert.deepEqual(
      problems.map(({ code }) => code),
      ['deliver_failed'],
    );
    assert.match(problems[0].message, /ended with 3/);
    assert.match(problems[0].output, /disk is full/);
    assert.doesNotMatch(JSON.stringify(problems), /MIIsecret/);
    here.sandbox.advance(day);
    const again = await night(here, {});
    assert.equal(again.summary.outcome, 'renewed');
    assert.equal(await ordersOf(here, 'shop.example.com'), 2);
  });

  it('tells and writes no secret of what a function throws or a program prints', async () => {
    const pem = (await api.createCsr({ subject: { commonName: 'k.example.com' }, dnsNames: [] })).privateKeyPem;
    const hook = join(folder, 'hook.mjs');
    const says = 'the disk is full';
    const raise = (what) => (text) => {
      throw what(`${says}: ${text}`);
    };
    const throwing = {
      'an error': raise((text) => new Error(text)),
      'an error of a name': raise((text) => Object.assign(new Error(says), { name: text })),
      'with a cause': raise((text) => new Error(text, { cause: new Error(text) })),
      'a text': raise((text) => text),
      'an object': raise((message) => ({ message })),
    };
    const functions = ['key', 'dcv', 'deliver', 'renewed', 'failed'];
    /** Ways to fail with a text, as options of a run. */
    const ways = [
      ...functions.map((name) => [name, 'an error', throwing['an error']]),
      ...Object.entries(throwing).map(([form, fail]) => ['deliver', form, fail]),
      ['deliver', 'a program', { command: [process.execPath, hook] }],
      ['renewed', 'a program', { command: [process.execPath, hook] }],
    ];
    for (const [name, form, way] of ways) {
      const here = await estate(['shop.example.com'], 150);
      const { apiKey, password } = here.sandbox.credentials;
      const token = await here.client.tokens.get();
      const secrets = { apiKey, password, token, pem };
      const text = [
        ...[apiKey, password, token, JSON.stringify(`"${password}`), encodeURIComponent(apiKey), pem],
        ...[JSON.stringify(pem), Buffer.from(`${apiKey}:${password}`).toString('base64')],
      ].join(' ');
      await writeFile(hook, `console.log(${JSON.stringify(`${says}: ${text}`)}); process.exit(3);`);
      const fail = typeof way === 'function' ? () => way(text) : way;
      // What runs for failures runs where there is one.
      const more = name === 'failed' ? { deliver: throwing['an error'] } : {};
      const journal = join(folder, `${name} ${form}`);
      const { events } = await night(here, { journal, ...more, [name]: fail });
      const told = JSON.stringify(events) + (await readFile(journal, 'utf8'));
      assert.match(told, new RegExp(says), `${name}, ${form}`);
      const lines = pem.split('\n').slice(1, -2);
      const base64 = Buffer.from(`${apiKey}:${password}`).toString('base64');
      for (const secret of [...Object.values(secrets), ...lines, base64, 'PRIVATE KEY']) {
        assert.ok(!told.includes(secret), `${name}, ${form}: ${secret} in ${told}`);
      }
    }
  });

  it('withholds a private key in whatever form', async () => {
    const pem = (await api.createCsr({ subject: { commonName: 'k.example.com' }, dnsNames: [] })).privateKeyPem;
    const body = pem.split('\n').slice(1, -2).join('');
    const forms = [pem, pem.slice(0, -60), pem.slice(20), body, Buffer.from(pem).toString('base64')];
    for (const form of forms) {
      const here = await estate(['shop.example.com'], 150);
      const deliver = () => {
        throw new Error(`no: ${form}`);
      };
      const journal = join(folder, String(forms.indexOf(form)));
      const { events, problems } = await night(here, { journal, deliver });
      assert.match(problems[0].message, /\[private key\]/);
      const told = JSON.stringify(events) + (await readFile(journal, 'utf8'));
      for (const part of [body.slice(-40, -10), form.slice(-40, -10)]) assert.ok(!told.includes(part), told);
    }
  });

  /** A journal with an order under way, its lines, and the plan of before. */
  async function underWay() {
    const here = await estate(['shop.example.com'], 150);
    const journal = join(folder, 'renewals.journal');
    const plan = await here.client.renewals.plan();
    for await (const event of here.client.renewals.run(plan, options({}))) if (event.state === 'placed') break;
    const text = await readFile(journal, 'utf8');
    return { here, plan, text, lines: text.split('\n').slice(0, -1) };
  }

  it('reads a journal whose last line was cut off, and stops before anything is sent where others cannot be read', async () => {
    const { here, plan, text, lines } = await underWay();
    assert.ok(lines.length >= 5, text);
    const changed = (at, line) => [...lines.slice(0, at), ...[line].flat(), ...lines.slice(at + 1), ''].join('\n');
    const next = `${lines.length}\t99\t{"at":`;
    const isRead = {
      'as it is': text,
      'cut off in its last line': text + next,
      'cut off within a letter': Buffer.concat([Buffer.from(text + next), Buffer.from('ü').subarray(0, 1)]),
      'cut off after its number': `${text}${lines.length}`,
      'filled up with zeros': `${text}${next}\0\0\0`,
      'without its last end of a line': text.slice(0, -1),
      'cut off once before, and continued': changed(2, [`${lines[2].slice(0, -9)}`, lines[2]]),
      'with a line twice': changed(2, [lines[2], lines[2]]),
    };
    const isDamaged = {
      'a line of something else': [changed(2, 'garbage'), 3],
      'a line cut short': [changed(2, lines[2].slice(0, -9)), 3],
      'a letter changed': [changed(2, lines[2].replace('{', '[')), 3],
      'a letter more': [changed(2, lines[2].replace('{', '{ ')), 3],
      'a line missing': [changed(2, []), 3],
      'the first lines missing': [lines.slice(2).join('\n'), 1],
      'a line added by hand': [`${text}{"x":`, lines.length + 1],
      'ends of lines of another system': [text.replaceAll('\n', '\r\n'), 1],
      'a mark of byte order': [`\ufeff${text}`, 1],
    };
    for (const [name, content] of Object.entries(isRead)) {
      const journal = join(folder, 'renewals.journal');
      await writeFile(journal, content);
      const { items } = await here.client.renewals.plan({ journal });
      assert.deepEqual(
        items.map(({ action }) => action).filter((action) => action === 'continue'),
        ['continue'],
        name,
      );
      // What is written after it is read again.
      for await (const event of here.client.renewals.run(plan, options({}))) if (event.type === 'waiting') break;
      const again = await here.client.renewals.plan({ journal });
      assert.ok(
        again.items.some(({ action }) => action === 'continue'),
        name,
      );
    }
    for (const [name, [content, line]] of Object.entries(isDamaged)) {
      const journal = join(folder, name);
      await writeFile(journal, content);
      const sent = here.sandbox.requests.length;
      const says = { code: 'store_failed', message: new RegExp(`^Line ${line} of the journal ${journal} .*backup`) };
      await assert.rejects(here.client.renewals.plan({ journal }), says, name);
      await assert.rejects(here.client.renewals.run(plan, options({ journal })).next(), says, name);
      assert.equal(here.sandbox.requests.length, sent, name);
      assert.equal(await readFile(journal, 'utf8'), content, 'it is left as it was');
    }
    for (const content of ['server { listen 80; }\n', '{}', '5\n', '-----BEGIN', 'a\tb\tc\n']) {
      const journal = join(folder, 'nginx.conf');
      await writeFile(journal, content);
      const says = { name: 'ValidationError', message: /nginx\.conf is not a journal of renewals, see its line 1/ };
      await assert.rejects(here.client.renewals.plan({ journal }), says, content);
      await assert.rejects(here.client.renewals.run(plan, options({ journal })).next(), says, content);
      assert.equal(await readFile(journal, 'utf8'), content);
    }
  });

  it('reads entries that hold half a surrogate pair', async () => {
    const { here, lines } = await underWay();
    const note = (half) => lines.map((line) => line.split('\t')[2].replace(/}$/, `,"note":"bad ${half} here"}`));
    for (const entries of [note('\ud83d'), note('\\ud83d')]) {
      const journal = { read: () => entries, append: () => false, lock: () => undefined };
      const { items } = await here.client.renewals.plan({ journal });
      assert.ok(items.some(({ action }) => action === 'continue'));
    }
  });

  it('refuses a journal that is not a file, and waits for none of its ends', async () => {
    const here = await estate(['shop.example.com'], 150);
    for (const journal of [folder, ...(process.platform === 'win32' ? [] : ['/dev/zero', '/dev/null'])]) {
      const message = `${journal} is not a file: name another.`;
      await assert.rejects(here.client.renewals.plan({ journal }), { name: 'ValidationError', message });
    }
  });

  it('leaves a lock alone that it cannot read', async () => {
    const here = await estate(['shop.example.com'], 150);
    const lock = join(folder, 'renewals.journal.lock');
    await mkdir(lock);
    await assert.rejects(night(here, {}), { code: 'store_failed', message: /lock .* cannot be taken/ });
    assert.ok((await stat(lock)).isDirectory());
    assert.deepEqual(await readdir(folder), ['renewals.journal.lock']);
  });

  it('keeps a journal where a link leads to', async () => {
    const here = await estate(['shop.example.com'], 150);
    await mkdir(join(folder, 'shared'));
    const [journal, shared] = [join(folder, 'renewals.journal'), join(folder, 'shared', 'journal')];
    const entry = '{"at":1,"step":"run","run":"an old one"}';
    const lines = Array.from({ length: 2_500 }, (_, at) => `${at}\t${entry.length}\t${entry}\n`);
    await writeFile(shared, [...lines, `2500\t23\t{"at":1,"step":"ended"}\n`].join(''));
    await symlink(shared, journal);
    const locked = [];
    const deliver = async () => locked.push(...(await readdir(join(folder, 'shared'))));
    const { summary } = await night(here, { deliver });
    assert.equal(summary.outcome, 'renewed', summary.text);
    assert.deepEqual(locked.sort(), ['journal', 'journal.lock'], 'all who share it share its lock');
    assert.equal(await readlink(journal), shared);
    const left = (await readFile(shared, 'utf8')).split('\n');
    assert.ok(left.length < 30, `${left.length} lines`);
    assert.equal((await night(here, { deliver: () => assert.fail('again') })).summary.outcome, 'nothingDue');
  });

  it('takes a lock that a crash has left in part, and leaves alone what is none', async () => {
    const lock = join(folder, 'renewals.journal.lock');
    for (const left of ['', '\0\0\0', '{"owner":"some']) {
      const here = await estate(['shop.example.com'], 150);
      await writeFile(lock, left);
      const { summary } = await night(here, { journal: join(folder, 'renewals.journal') });
      assert.equal(summary.outcome, 'renewed', summary.text);
      await rm(join(folder, 'renewals.journal'));
    }
    const here = await estate(['shop.example.com'], 150);
    for (const other of ['lockfileVersion: 9\n', '{}', '12345\n']) {
      await writeFile(lock, other);
      const message = /lock .*renewals\.journal\.lock cannot be taken: .* is not a lock .*remove it/;
      await assert.rejects(night(here, {}), { code: 'store_failed', message });
      assert.equal(await readFile(lock, 'utf8'), other);
    }
    assert.equal(await ordersOf(here, 'shop.example.com'), 1);
  });

  it('takes its lock again where somebody has removed it, and leaves it where somebody has it', async (t) => {
    const here = await estate(['shop.example.com'], 150);
    const lock = join(folder, 'renewals.journal.lock');
    /** What the run does every now and then for as long as it lasts. */
    let beat;
    t.mock.method(globalThis, 'setInterval', (work) => {
      beat = work;
      return {};
    });
    const deliver = async () => {
      await rm(lock);
      await beat();
      assert.equal(JSON.parse(await readFile(lock, 'utf8')).pid, process.pid);
    };
    assert.equal((await night(here, { deliver })).summary.outcome, 'renewed');
    assert.deepEqual(await readdir(folder), ['keys', 'renewals.journal'], 'and gives it back');

    here.sandbox.advance(150 * day);
    const other = JSON.stringify({ owner: 'another', host: 'elsewhere', pid: 1, until: Date.now() + 60_000 });
    const taken = async () => {
      await writeFile(lock, other);
      await beat();
    };
    assert.equal((await night(here, { deliver: taken })).summary.outcome, 'locked');
    assert.equal(await readFile(lock, 'utf8'), other);
  });

  it('orders nothing with a key of which the disk holds a part', async () => {
    const code = `
      import { readdirSync } from 'node:fs';
      import { CertsClient, createCsr } from 'markmonitor-certs';
      import { createSandbox } from 'markmonitor-certs/sandbox';
      const sandbox = await createSandbox({ rateLimit: false, now: new Date('2026-04-01T00:00:00Z') });
      const client = new CertsClient({ auth: sandbox.credentials, fetch: sandbox.fetch, rateLimit: false });
      const owner = await client.organizations.create(${JSON.stringify(organization())});
      const key = { algorithm: 'RSA', bits: 2048 };
      const { csr } = await createCsr({ subject: { commonName: 'shop.example.com' }, key });
      const order = ${order.toString()};
      const placed = order(owner, csr, { commonName: 'shop.example.com' });
      await client.orders.create({ ...placed, certType: 'SSL_DV_GEOTRUST' });
      sandbox.advance(${150 * day});
      const entries = [];
      const journal = {
        read: () => entries,
        append: (at, entry) => at === entries.length && entries.push(entry) > 0,
        lock: () => ({ renew: () => true, release: () => {} }),
      };
      const problems = [];
      const options = { journal, key: ${JSON.stringify(folder)}, maxWait: 0 };
      for await (const event of client.renewals.run(await client.renewals.plan(), options)) {
        if (event.type === 'problem') problems.push([event.code, event.message]);
      }
      const orders = (await client.orders.list().toArray()).length;
      console.log(JSON.stringify({ problems, orders, keys: readdirSync(${JSON.stringify(folder)}) }));
    `;
    // No file gets longer than a block, half a key or less.
    const limited = 'ulimit -f 1 && exec "$0" --input-type=module --eval "$1"';
    const { stdout } = await promisify(execFile)('sh', ['-c', limited, process.execPath, code], {
      cwd: project.folder,
    });
    const { problems, orders, keys } = JSON.parse(stdout);
    assert.equal(problems[0]?.[0], 'key_failed', stdout);
    assert.match(problems[0][1], /EFBIG|ENOSPC/);
    assert.equal(orders, 1);
    assert.deepEqual(keys, []);
  });

  it('stops where a store has lost a part of the journal', async () => {
    const { here, plan, lines } = await underWay();
    const keys = lines.map((_, at) => `markmonitor-certs renewals default ${at}`);
    const filled = (without, change = (value) => value) => {
      const store = api.createMemoryStore();
      for (const [at, line] of lines.entries()) {
        const value = change(JSON.stringify({ by: 'somebody', entry: line.split('\t')[2] }), at);
        if (!without.includes(at)) store.set(keys[at], value);
      }
      return store;
    };
    const last = lines.length - 1;
    const stores = {
      'the first': [filled([0]), 0],
      'one between': [filled([2]), 2],
      'two between': [filled([1, 2]), 1],
      'not JSON': [filled([], (value, at) => (at === 2 ? 'garbage' : value)), 2],
      'an entry that is none': [filled([], (value, at) => (at === last ? '{"entry":"garbage"}' : value)), last],
    };
    const whole = api.createRenewalJournal(filled([]));
    assert.ok((await here.client.renewals.plan({ journal: whole })).items.some(({ action }) => action === 'continue'));
    for (const [name, [store, at]] of Object.entries(stores)) {
      const journal = api.createRenewalJournal(store);
      const sent = here.sandbox.requests.length;
      const says = { code: 'store_failed', message: new RegExp(`\`${keys[at]}\``) };
      await assert.rejects(here.client.renewals.plan({ journal }), says, name);
      await assert.rejects(here.client.renewals.run(plan, options({ journal, key: folder })).next(), says, name);
      assert.equal(here.sandbox.requests.length, sent, name);
    }
  });

  it('tells a hook where programs are, if nobody has', async (t) => {
    const here = await estate(['shop.example.com'], 150);
    const { PATH } = process.env;
    t.after(() => Object.assign(process.env, { PATH }));
    delete process.env.PATH;
    const { summary } = await night(here, { deliver: { command: ['printenv', 'PATH'] } });
    assert.equal(summary.outcome, 'renewed', summary.text);
  });

  it('ends a hook that takes too long, with all that it started', async () => {
    const here = await estate(['shop.example.com'], 150);
    const hook = join(folder, 'hook.sh');
    await writeFile(hook, `#!/bin/sh\nsleep 600 & echo $! > ${folder}/child\nwait\n`);
    await chmod(hook, 0o755);
    const { problems } = await night(here, { deliver: { command: [hook], timeout: 200 } });
    assert.match(problems[0].message, /took longer than 200 ms/);
    const child = Number(await readFile(join(folder, 'child'), 'utf8'));
    // What nobody has waited for yet is a zombie.
    const { stdout } = await promisify(execFile)('ps', ['-o', 'stat=', '-p', `${child}`]).catch((error) => error);
    assert.match(stdout.trim(), /^(Z.*)?$/);
  });

  it('is done with a hook that has ended, and leaves running what that started', async () => {
    for (const [end, code] of [
      ['exit 0', undefined],
      ['echo disk is full >&2; exit 3', 'deliver_failed'],
    ]) {
      const here = await estate(['shop.example.com'], 150);
      const hook = join(folder, 'hook.sh');
      await writeFile(hook, `#!/bin/sh\nsleep 600 & echo $! > ${folder}/child\n${end}\n`);
      await chmod(hook, 0o755);
      const journal = join(folder, crypto.randomUUID());
      const { problems } = await night(here, { journal, deliver: { command: [hook], timeout: 30_000 } });
      const child = Number(await readFile(join(folder, 'child'), 'utf8'));
      // Throws where it has been ended.
      process.kill(child, 'SIGKILL');
      assert.equal(problems[0]?.code, code);
      if (code) assert.match(`${problems[0].message} ${problems[0].output}`, /ended with 3.*disk is full/s);
    }
  });

  it('is left alone by a second run beside it', async () => {
    const here = await estate(['shop.example.com'], 150);
    let other;
    const deliver = async () => {
      other = await night(here, {});
    };
    const { summary } = await night(here, { deliver });
    assert.equal(summary.outcome, 'renewed');
    assert.equal(other.summary.outcome, 'locked');
    assert.deepEqual(await readdir(folder), ['keys', 'renewals.journal'], 'the lock is given back');
  });

  it('continues with a journal in a store, and leaves to one of two machines what it has begun', async () => {
    const here = await estate(['shop.example.com'], 150);
    const store = api.createMemoryStore();
    const journal = () => api.createRenewalJournal(store);
    const key = join(folder, 'keys');
    const fail = () => {
      throw new Error('not now');
    };
    const first = await night(here, { journal: journal(), key, deliver: fail });
    assert.equal(first.summary.outcome, 'someFailed');
    const both = await Promise.all([1, 2].map(() => night(here, { journal: journal(), key, deliver: () => {} })));
    assert.deepEqual(both.map(({ summary }) => summary.outcome).sort(), ['locked', 'renewed']);
    assert.equal(await ordersOf(here, 'shop.example.com'), 2);
  });

  it('ends at once when nobody wants more, and gives its lock back', async () => {
    const here = await estate(['shop.example.com'], 150);
    const run = here.client.renewals.run(await here.client.renewals.plan(), options({ minDelay: 3_600_000 }));
    for await (const event of run) if (event.type === 'waiting') break;
    const { summary } = await night(here, {});
    assert.equal(summary.outcome, 'renewed');
    assert.equal(await ordersOf(here, 'shop.example.com'), 2);
  });

  it('goes on by itself where a run was given up before an order was sent', async () => {
    for (const how of ['by its signal', 'by leaving the loop', 'by its signal, before the search']) {
      const here = await estate(['shop.example.com'], 150);
      const controller = new AbortController();
      const fetch = (url, init) => {
        if (/commonNames=/.test(url) && how === 'by its signal') controller.abort();
        return here.sandbox.fetch(url, init);
      };
      const client = new api.CertsClient({ auth: here.sandbox.credentials, fetch, rateLimit: false });
      const plan = await client.renewals.plan();
      const journal = join(folder, how);
      const run = async () => {
        for await (const event of client.renewals.run(plan, options({ journal, signal: controller.signal }))) {
          if (event.state !== 'placing') continue;
          if (how === 'by leaving the loop') break;
          if (how === 'by its signal, before the search') controller.abort();
        }
      };
      if (how === 'by leaving the loop') await run();
      else await assert.rejects(run(), { name: 'AbortError' });
      assert.equal(await ordersOf(here, 'shop.example.com'), 1, how);
      const next = await night(here, { journal });
      assert.deepEqual([next.summary.outcome, next.problems], ['renewed', []], `${how}: ${next.summary.text}`);
      assert.equal(await ordersOf(here, 'shop.example.com'), 2, how);
    }
  });

  /** A journal in memory: `during` is awaited before an entry of each step is answered. */
  function memoryJournal(during, release = () => {}) {
    const entries = [];
    return {
      entries,
      read: () => entries,
      lock: () => ({ renew: () => true, release }),
      append: async (at, entry) => {
        if (at !== entries.length) return false;
        entries.push(entry);
        await during(JSON.parse(entry).step);
        return true;
      },
    };
  }

  it('leaves no order in doubt where it was given up while an entry was written', async () => {
    const steps = ['run', 'begun', 'makingKey', 'keyed', 'placing', 'placed', 'issued', 'checked', 'delivering'];
    for (const step of steps) {
      const here = await estate(['shop.example.com'], 150);
      const controller = new AbortController();
      let isBroken = true;
      const journal = memoryJournal((written) => {
        if (written === step && isBroken) controller.abort();
      });
      const given = { journal, key: join(folder, `keys of ${step}`), deliver: () => {} };
      await assert.rejects(night(here, { ...given, signal: controller.signal }), { name: 'AbortError' }, step);
      isBroken = false;
      const next = await night(here, given);
      assert.deepEqual([next.summary.outcome, next.problems], ['renewed', []], `${step}: ${next.summary.text}`);
      assert.equal(await ordersOf(here, 'shop.example.com'), 2, step);
    }
  });

  it('writes down that an order was refused, though nobody wants to hear more', async () => {
    const here = await estate(['shop.example.com'], 150);
    let isDown = true;
    const fetch = (url, init) =>
      isDown && init?.method === 'POST' && /\/order$/.test(url)
        ? Response.json({ status: 400, detail: 'not today' }, { status: 400 })
        : here.sandbox.fetch(url, init);
    const client = new api.CertsClient({ auth: here.sandbox.credentials, fetch, rateLimit: false });
    const run = client.renewals.run(await client.renewals.plan(), options({}));
    for await (const event of run) if (event.code === 'refused') break;
    isDown = false;
    here.sandbox.advance(day);
    const next = await night({ ...here, client }, {});
    assert.deepEqual([next.summary.outcome, next.problems], ['renewed', []], next.summary.text);
    assert.equal(await ordersOf(here, 'shop.example.com'), 2);
  });

  it('tells what came of it, though its lock cannot be given back', async () => {
    const here = await estate(['shop.example.com'], 150);
    const release = () => {
      throw new Error('the store is gone');
    };
    const journal = memoryJournal(() => {}, release);
    const { events, summary } = await night(here, { journal, key: folder });
    assert.equal(summary.outcome, 'renewed', summary.text);
    assert.equal(events.at(-1).type, 'ended');
  });

  it('refuses what it cannot use before anything is read', async () => {
    const { client } = await estate([], 0);
    const plan = { items: [], policy: { at: 'third', revoked: 'list', parallel: false } };
    const run = (more) => client.renewals.run(plan, { journal: join(folder, 'j'), ...more }).next();
    for (const wrong of [{ jurnal: 1 }, { maxCost: -1 }, { journal: 5 }, { key: 7 }, { window: 'x' }]) {
      await assert.rejects(run(wrong), { name: 'ValidationError' }, JSON.stringify(wrong));
    }
    await assert.rejects(client.renewals.plan({ policy: { at: 'half' } }), /policy\.at/);
    await assert.rejects(client.renewals.plan({ policies: {} }), /policy/);
    await assert.rejects(client.renewals.plan({ policy: { parallel: 'no' } }), /policy\.parallel/);
  });

  it('refuses a wrong option by its name before anything is sent', async () => {
    const here = await estate(['shop.example.com'], 150);
    const plan = await here.client.renewals.plan();
    const file = join(folder, 'not-executable');
    await writeFile(file, '#!/bin/sh\n');
    const nowhere = { PATH: folder };
    const hooks = ['dcv', 'deliver', 'renewed', 'failed'].flatMap((name) => [
      ...['x', '/etc/ssl', {}, null, 5, true, [], ['ls']].map((value) => [name, { [name]: value }]),
      ...['systemctl reload nginx', [], [''], [5], ['ls', null], null, {}, ['l\0s']].map((command) => [
        `${name}.command`,
        { [name]: { command } },
      ]),
      ...[['/nonexistent/hook'], ['no-such-program', 'x'], [file], [folder], ['./no-such-program']].map((command) => [
        `${name}.command`,
        { [name]: { command } },
      ]),
      [`${name}.command`, { [name]: { command: ['ls'], env: nowhere } }],
      [`${name}.timeout`, { [name]: { command: ['ls'], timeout: '2m' } }],
      [`${name}.timeout`, { [name]: { command: ['ls'], timeout: 0 } }],
      [`${name}.env`, { [name]: { command: ['ls'], env: 'A=1' } }],
      [`${name}.env`, { [name]: { command: ['ls'], env: { A: 1 } } }],
      [`${name}.dir`, { [name]: { dir: '/x' } }],
      [`${name}.comand`, { [name]: { command: ['ls'], comand: ['ls'] } }],
    ]);
    const others = {
      'deliver.directory': [
        { deliver: { directory: 5 } },
        { deliver: { directory: '' } },
        { deliver: { directory: null } },
        { deliver: { directory: file } },
        { deliver: { directory: join(file, 'below') } },
      ],
      journal: [{ journal: join(file, 'journal'), key: folder }],
      'renewed.directory': [{ renewed: { command: ['ls'], directory: '/x' } }],
      assumeNotPlaced: ['x', ['x', 5], {}].map((assumeNotPlaced) => ({ assumeNotPlaced })),
      revokeOld: ['false', 1].map((revokeOld) => ({ revokeOld })),
      key: [5, {}, { save: 'x' }, null, file, join(file, 'keys')].map((key) => ({ key })),
      maxOrders: ['5', Number.NaN, -1, null].map((maxOrders) => ({ maxOrders })),
      window: ['1h', -1].map((window) => ({ window })),
      signal: [{ signal: 5 }],
    };
    const table = [...hooks, ...Object.entries(others).flatMap(([field, all]) => all.map((given) => [field, given]))];
    const sent = here.sandbox.requests.length;
    for (const [field, given] of table) {
      const says = (error) => error.name === 'ValidationError' && error.findings[0].field === field;
      await assert.rejects(
        here.client.renewals.run(plan, options(given)).next(),
        says,
        `${field}: ${JSON.stringify(given)}`,
      );
    }
    assert.equal(here.sandbox.requests.length, sent);
    assert.deepEqual((await readdir(folder)).sort(), ['not-executable']);
    const { summary } = await night(here, { renewed: { command: ['true'] }, deliver: { command: ['true'], env: {} } });
    assert.equal(summary.outcome, 'renewed', summary.text);
  });

  it('says what a key function returned wrong, and orders nothing', async () => {
    const pem = (await api.createCsr({ subject: { commonName: 'k.example.com' }, dnsNames: [] })).privateKeyPem;
    const here = await estate(['shop.example.com'], 150);
    const { csr } = here.orders[0];
    const table = [
      ...[undefined, null, 5, '', {}, pem].map((value) => [{ save: () => value }, /`key\.save` did not return a name/]),
      ...[undefined, null, 'x', {}, { csr: 5 }].map((value) => [() => value, /did not return a request/]),
      ...[5, pem].map((key) => [() => ({ csr, key }), /returned as `key` is not a name/]),
      ...['x', pem].map((csr) => [() => ({ csr }), /returned as `csr` is not a request/]),
    ];
    for (const [at, [key, says]] of table.entries()) {
      const journal = join(folder, `j${at}`);
      const { problems, events } = await night(here, { journal, key });
      assert.equal(problems[0].code, 'key_failed');
      assert.match(problems[0].message, says);
      assert.ok(!(JSON.stringify(events) + (await readFile(journal, 'utf8'))).includes('PRIVATE KEY'));
    }
    assert.equal(await ordersOf(here, 'shop.example.com'), 1);
  });

  it('refuses names in `only` that no order has', async () => {
    const here = await estate(['shop.example.com', 'www.example.com'], 150);
    const [{ id }] = here.orders;
    for (const only of [[id], [id.toUpperCase()], ['SHOP.example.com'], ['shop.example.com', id], []]) {
      const { items } = await here.client.renewals.plan({ only });
      assert.equal(items.length, only.length === 0 ? 0 : 1);
    }
    for (const only of [['shop.example.org'], [''], ['shop.example.com', 'nobody.example.com'], [`${id}0`]]) {
      const says = { name: 'ValidationError', message: new RegExp(`no order .* ${'`'}${only.at(-1)}${'`'}`) };
      await assert.rejects(here.client.renewals.plan({ only }), says);
    }
  });

  it('says that another journal has begun an order', async () => {
    const here = await estate(['shop.example.com'], 150);
    const nightOf = (name) => night(here, { journal: join(folder, name), key: join(folder, `keys of ${name}`) });
    const both = await Promise.all(['one', 'other'].map(nightOf));
    assert.deepEqual(both.map(({ summary }) => summary.outcome).sort(), ['renewed', 'someFailed']);
    const [{ code, message }] = both.flatMap(({ problems }) => problems);
    assert.equal(code, 'refused');
    assert.match(message, /another journal has begun to order it/);
    assert.doesNotMatch(message, /onceId/);
    assert.equal(await ordersOf(here, 'shop.example.com'), 2);
  });

  it('stops where what keeps the journal answers with something else', async () => {
    const here = await estate(['shop.example.com'], 150);
    const plan = await here.client.renewals.plan();
    const lock = () => ({ renew: () => true, release: () => {} });
    const whole = { read: () => [], append: () => true, lock };
    const table = {
      'a lock of nothing': { ...whole, lock: () => ({}) },
      'a lock that cannot be given back': { ...whole, lock: () => ({ renew: () => true }) },
      'true as a lock': { ...whole, lock: () => true },
      'no list': { ...whole, read: () => undefined },
      'objects in it': { ...whole, read: () => [{ at: 1 }] },
      'no JSON in it': { ...whole, read: () => ['garbage'] },
    };
    for (const [name, journal] of Object.entries(table)) {
      const run = here.client.renewals.run(plan, options({ journal, key: folder }));
      await assert.rejects(run.next(), { code: 'store_failed' }, name);
    }
    // A step of a later version, or a letter changed.
    const [known, unknown] = ['run', 'rum'].map((step) => JSON.stringify({ at: 1, step, run: 'the first' }));
    const later = { ...whole, read: () => [known, unknown] };
    const says = { code: 'store_failed', message: /^The entry 1 of the journal .*Nothing was sent\..*backup/ };
    const sent = here.sandbox.requests.length;
    await assert.rejects(here.client.renewals.plan({ journal: later }), says);
    await assert.rejects(here.client.renewals.run(plan, options({ journal: later, key: folder })).next(), says);
    assert.equal(here.sandbox.requests.length, sent);
    assert.equal(await ordersOf(here, 'shop.example.com'), 1);
  });
});
