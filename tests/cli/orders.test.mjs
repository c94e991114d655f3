/** The life of an order at a prompt, against the sandbox over HTTP, whose time jumps whenever somebody looks. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { chmod, lstat, mkdir, readdir, open as readOpen, rename, rm, symlink } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { installProgram, refusals } from './support/program.mjs';

const execute = promisify(execFile);
const nobody = '0f9b7a52-3c1d-4e5f-8a6b-7c8d9e0f1a2b';

describe('an order at a prompt', { concurrency: 4 }, () => {
  let program;
  let service;
  /** Another one, whose orders stay as they are. */
  let still;
  let organization;
  before(async () => {
    program = await installProgram();
    service = await program.sandbox('--demo', '--rate-limit', 'off');
    still = await program.sandbox('--demo', '--rate-limit', 'off', '--reading', 'dcvToken=in-cert', '--seed', '2');
    [organization] = (await program.json(['organizations'], { env: service })).value;
    await program.write('passphrase', 'correct horse\n');
    await program.write('list.json', '[]');
    await program.write('empty.json', '{}');
  });
  after(() => program?.remove());

  const at = (env) => ({
    env,
    run: (...words) => program.run(words, { env }),
    json: async (...words) => {
      const { value, code, stderr } = await program.json(words, { env });
      assert.equal(code, 0, stderr);
      return value;
    },
  });

  /** A sandbox that nobody else looks at: each look lets its time jump, at which tokens expire. */
  const alone = async () => at(await program.sandbox('--demo', '--auto-advance', '--rate-limit', 'off'));

  /** Writes an order of this name with its key and request; returns the words that order it. */
  async function prepared(name, { of = organization, more = {} } = {}) {
    const subject = ['--organization', of.name, '--country', of.country];
    await program.run(['create', name, `www.${name}`, ...subject]);
    const contact = of.contacts.find(({ contactTypes }) => contactTypes[0].type === 'ORGANIZATION_CONTACT');
    const order = {
      organizationId: of.id,
      contacts: [{ id: contact.id, contactTypes: [{ type: 'ORGANIZATION_CONTACT' }] }],
      ...{ certType: 'SSL_OV_BASIC', locale: 'en', provider: 'DIGICERT' },
      cert: { commonName: name, dnsNames: [`www.${name}`], dcvMethod: 'DNS_TXT_TOKEN', ...more },
    };
    await program.write(`${name}.json`, JSON.stringify(order));
    return ['order', `${name}.json`, '--csr', `${name}.csr`];
  }

  it('is placed once, waited for, downloaded, reissued and revoked', async () => {
    const { env, run, json } = await alone();
    const words = await prepared('life.example');
    const placed = await program.json([...words, '--max-cost', '300', '--yes'], { env });
    assert.equal(placed.value.kind, 'placed');
    assert.match(placed.stderr, /POST http.*\/order\n/);
    assert.match(placed.stderr, /"commonName": "life\.example"/);
    assert.match(placed.stderr, /^price: 300$/m);
    const { id } = placed.value.order;
    const again = await json(...words, '--yes');
    assert.deepEqual([again.kind, again.order.id], ['givenBack', id]);
    const [settled] = await json('wait', id, '--every', '10ms');
    assert.equal(settled.order.status, 'DIGI_ISSUED');

    const nginx = await json('download', id, '--layout', 'nginx', '--out', 'nginx');
    assert.deepEqual(nginx.files, ['nginx/life.example.crt']);
    const crt = String(await program.read('nginx/life.example.crt'));
    assert.equal(crt.match(/BEGIN CERTIFICATE/g).length, 2, 'the leaf and its intermediate, not the root');
    const pem = await json('download', id, '--out', 'pem');
    assert.deepEqual(
      pem.files,
      ['life.example.pem', 'life.example.chain.pem', 'life.example.fullchain.pem'].map((file) => `pem/${file}`),
    );
    const apache = await json('download', id, '--layout', 'apache', '--out', 'apache');
    assert.deepEqual(apache.files, ['apache/life.example.crt', 'apache/life.example.chain.crt']);
    assert.equal(String(await program.read('apache/life.example.crt')).match(/BEGIN/g).length, 1);
    for (const layout of ['iis', 'java']) {
      assert.match((await json('download', id, '--layout', layout, '--out', `${layout}-p7b`)).files[0], /\.p7b$/);
      const key = ['--key-file', 'life.example.key', '--passphrase-file', 'passphrase'];
      const { files } = await json('download', id, '--layout', layout, '--out', layout, ...key);
      assert.equal(files[0], `${layout}/life.example.${layout === 'iis' ? 'pfx' : 'p12'}`);
      assert.equal(await program.mode(files[0]), 0o600);
      const read = ['pkcs12', '-in', `${program.folder}/${files[0]}`, '-passin', 'pass:correct horse', '-nodes'];
      const { stdout } = await execute('openssl', read);
      assert.equal(stdout.match(/BEGIN PRIVATE KEY/g).length, 1);
      assert.equal(stdout.match(/BEGIN CERTIFICATE/g).length, 3);

      // One that others could read is replaced, not written into: whoever has it open reads no key.
      await chmod(`${program.folder}/${files[0]}`, 0o644);
      const open = await readOpen(`${program.folder}/${files[0]}`);
      await json('download', id, '--layout', layout, '--out', layout, '--force', ...key);
      assert.equal(await program.mode(files[0]), 0o600);
      const [kept, fresh] = [await open.readFile(), await program.read(files[0])];
      await open.close();
      assert.ok(kept.length > 0 && !kept.equals(fresh));
      assert.deepEqual(await readdir(`${program.folder}/${layout}`), [files[0].split('/')[1]], 'nothing half written');
    }
    const second = await run('download', id, '--layout', 'nginx', '--out', 'nginx');
    assert.equal(second.code, 2);
    assert.match(second.stderr, /already exists/);
    const forced = ['download', id, '--layout', 'nginx', '--out', 'nginx', '--force'];
    await rename(`${program.folder}/nginx/life.example.crt`, `${program.folder}/elsewhere.crt`);
    await symlink('../elsewhere.crt', `${program.folder}/nginx/life.example.crt`);
    for (const old of ['old', undefined]) {
      if (old === undefined) await rm(`${program.folder}/elsewhere.crt`);
      else await program.write('elsewhere.crt', old);
      assert.equal((await run(...forced)).code, 0);
      assert.equal(
        String(await program.read('elsewhere.crt')),
        crt,
        'a link stays, whether it leads to a file or not yet',
      );
      assert.ok((await lstat(`${program.folder}/nginx/life.example.crt`)).isSymbolicLink());
    }
    await rm(`${program.folder}/nginx/life.example.crt`);
    await mkdir(`${program.folder}/nginx/life.example.crt`);
    const onFolder = await run(...forced);
    assert.deepEqual([onFolder.code, onFolder.stdout], [2, '']);
    assert.match(onFolder.stderr, /^error: Cannot write nginx\/life\.example\.crt: something else has this name\.$/m);

    await program.run([
      'create',
      'life.example',
      '--key-out',
      'new.key',
      '--csr-out',
      'new.csr',
      '--like',
      'life.example.csr',
    ]);
    const before = settled.order.cert.serialNumber;
    await json('reissue', id, '--csr', 'new.csr', '--yes');
    const reissued = await json('wait', id, '--every', '10ms');
    assert.equal(reissued[0].order.status, 'DIGI_ISSUED');
    assert.notEqual(reissued[0].order.cert.serialNumber, before);
    assert.equal((await json('revoke', id, '--yes')).cert.revokeStatus, 'PENDING');
    const [revoked] = await json('wait', id, '--for', 'revoked', '--every', '10ms');
    assert.equal(revoked.order.status, 'DIGI_REVOKED');
  });

  it('ends the wait with the code of what refuses every look', async () => {
    const wait = (env, span, ids) =>
      program.run(['wait', ...ids, '--every', '10ms', '--max-wait', span, '--json'], { env });
    const id = await pending();
    const table = [
      [4, still, nobody],
      [4, still, 'x', nobody],
      [5, { ...still, MARKMONITOR_PASSWORD: 'wrong' }, id, nobody],
      [8, still, id, nobody],
      [8, still, id],
    ];
    for (const [code, env, ...ids] of table) {
      const { stdout, stderr, code: exitCode } = await wait(env, code === 8 ? '2s' : '10m', ids);
      assert.equal(exitCode, code, `${ids}: ${stderr}`);
      assert.equal(JSON.parse(stdout).length, ids.length);
      const { error, ...rest } = JSON.parse(stderr);
      assert.deepEqual(rest, { exitCode: code });
      assert.match(error.message, new RegExp(`^Not issued: ${ids.length} of ${ids.length} orders?\\.$`));
    }
    const { order } = (await program.json([...(await prepared('come.example')), '--yes'], { env: service })).value;
    const canceled = await program.json(['cancel', order.id, '--yes'], { env: service });
    assert.equal(canceled.value.status, 'DIGI_CANCELED');
    const some = await program.run(['wait', order.id, nobody, '--for', 'canceled'], { env: service });
    assert.deepEqual([some.code, some.stderr], [4, 'error: Not canceled: 1 of 2 orders.\n']);
  });

  it('is placed where nobody reads what is printed', async () => {
    const { env, json } = await alone();
    for (const unread of [['stderr'], ['stdout'], ['stdout', 'stderr']]) {
      const name = `${unread.join('-')}.unread.example`;
      const { code } = await program.run([...(await prepared(name)), '--yes', '--json'], { env, unread });
      assert.equal(code, 0, name);
      const again = await json('order', `${name}.json`, '--csr', `${name}.csr`, '--yes');
      assert.equal(again.kind, 'givenBack', name);
    }
  });

  it('ends watching when nobody reads, and no other command', async () => {
    const [id, env] = [await pending(), still];
    assert.equal((await program.run(['watch', id], { env, unread: ['stdout'] })).code, 0);
    assert.equal((await program.run(['orders'], { env, unread: ['stdout', 'stderr'] })).code, 0);
    const waiting = ['wait', id, '--max-wait', '1s', '--every', '10ms'];
    assert.equal((await program.run(waiting, { env, unread: ['stdout'] })).code, 8);
  });

  it('is watched until it settles, a line for each change', async () => {
    const { env } = await alone();
    const words = await prepared('watched.example');
    const { value } = await program.json([...words, '--yes'], { env });
    const { id } = value.order;
    const { stdout, code } = await program.run(['watch', id, '--every', '10ms', '--json'], { env });
    assert.equal(code, 0);
    const lines = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    assert.ok(lines.length > 1 && lines.every(({ order }) => order.id === id), stdout);
    assert.equal(lines.at(-1).order.status, 'DIGI_ISSUED');
    const text = await program.run(['watch', id, '--every', '10ms'], { env });
    assert.match(text.stdout, new RegExp(`^\\S+Z {2}${id} {2}DIGI_ISSUED {2}watched\\.example\n$`));
  });

  it('ends the wait with 8 where it cannot be issued', async () => {
    const { run, json } = await alone();
    const words = await prepared('a.rejected.example');
    const { order } = await json(...words, '--yes');
    const { stdout, code } = await run('wait', order.id, '--every', '10ms');
    assert.equal(code, 8);
    assert.match(stdout, new RegExp(`^${order.id} {2}.*DIGI_REJECTED`));
    const late = await program.run(['wait', await pending(), '--max-wait', '30ms', '--every', '10ms'], { env: still });
    assert.equal(late.code, 8);
    assert.match(late.stdout, /or raise --max-wait\./);
    const watched = await program.run(['watch', await pending(), '--max-wait', '30ms', '--every', '10ms'], {
      env: still,
    });
    assert.equal(watched.code, 8);
    assert.match(watched.stderr, /or raise --max-wait\./);
  });

  /** An order of the sandbox that stands still. */
  async function pending(status = 'DIGI_PENDING') {
    const { value } = await program.json(['orders', '--status', status, '--limit', '1'], { env: still });
    return value[0].id;
  }

  it('is not placed where it costs more, and not without a yes', async () => {
    const { run, json } = at(service);
    const words = await prepared('costly.example');
    const costly = await run(...words, '--max-cost', '299.99', '--yes');
    assert.equal(costly.code, 4);
    assert.match(costly.stderr, /it costs 300, and --max-cost is 299\.99/);
    const unasked = await run(...words);
    assert.equal(unasked.code, 3);
    assert.deepEqual(await json('orders', '--name', 'costly.example'), []);
  });

  it('is not placed with errors, which are named', async () => {
    const words = await prepared('wrong.example', { more: { dnsNames: ['not a name'] } });
    const { code, stderr, stdout } = await at(service).run(...words, '--yes');
    assert.equal(code, 4);
    assert.equal(stdout, '');
    assert.match(stderr, /Nothing was sent, for the order would fail\.\n {2}error: cert\.dnsNames/);
  });

  it('is not placed beside one that differs', async () => {
    const { run, json } = await alone();
    const { order } = await json(...(await prepared('twice.example')), '--yes');
    // What it has is shown from when its certificate is.
    await json('wait', order.id, '--every', '10ms');
    const other = JSON.parse(await program.read('twice.example.json'));
    other.cert.dnsNames = ['www.twice.example', 'api.twice.example'];
    await program.write('other.json', JSON.stringify(other));
    const { code, stderr } = await run('order', 'other.json', '--csr', 'twice.example.csr', '--yes');
    assert.equal(code, 4);
    assert.match(stderr, /already exists and differs: names\. Nothing was sent/);
  });

  it('says what to publish, as words, as records and as a zone file', async () => {
    const env = still;
    const id = await pending();
    const { value } = await program.json(['dcv', id], { env });
    assert.ok(value.length > 0);
    for (const { record, domain } of value) {
      assert.deepEqual([record.type, record.name], ['TXT', domain]);
      assert.match(record.value, /^sandbox-/);
    }
    const zone = await program.run(['dcv', id, '--zone', '--token', 'a"b\\c'], { env });
    for (const line of zone.stdout.trimEnd().split('\n')) assert.match(line, /^\S+\. 300 IN TXT "a\\"b\\\\c"$/);
    const long = await program.run(['dcv', id, '--zone', '--token', `${value[0].domain}=${'x'.repeat(300)}`], { env });
    assert.match(long.stdout, /IN TXT "x{255}" "x{45}"$/m);
    const cname = await program.run(['dcv', id, '--zone', '--token', 'abc', '--method', 'DNS_CNAME_TOKEN'], { env });
    assert.match(cname.stdout, /^abc\.\S+\. 300 IN CNAME \S+\.$/m);
    const words = await program.run(['dcv', id, '--method', 'HTTP_TOKEN', '--token', 'abc'], { env });
    assert.match(words.stdout, /\.well-known\/pki-validation\/fileauth\.txt: abc$/m);
    const none = await program.run(['dcv', id, '--zone', '--method', 'EMAIL'], { env });
    assert.deepEqual([none.code, none.stdout], [4, '']);
  });

  it('submits its domains for validation, or sends the emails again', async () => {
    const id = await pending();
    assert.equal((await program.json(['validate', id, '--yes'], { env: still })).value.id, id);
    assert.equal((await program.run(['validate', id, '--email', '--yes'], { env: still })).code, 0);
    assert.equal((await program.run(['validate', id, 'www.never.example'], { env: still })).code, 3);
  });

  it('is canceled after a yes at the terminal, and not after anything else', async () => {
    const env = still;
    const { value } = await program.json(['orders', '--status', 'DIGI_PENDING', '--sort', 'dateCreated,desc'], { env });
    const [{ id }] = value;
    const refused = await typed(`cancel ${id}`, 'n');
    assert.match(refused, /Cancel order .*which is DIGI_PENDING\? \[y\/N\]/);
    assert.match(refused, /Nothing was done\.[\s\S]*code 3/);
    assert.match(await typed(`cancel ${id}`, 'y'), /status: +DIGI_CANCELED[\s\S]*code 0/);
  });

  /** Runs a command line at a terminal, where `answer` is typed. */
  async function typed(line, answer) {
    const { PATH } = process.env;
    const child = execFile('script', ['-qec', `${program.file} ${line}; echo code $?`, '/dev/null'], {
      cwd: program.folder,
      env: { PATH, HOME: program.folder, TERM: 'xterm', NO_COLOR: '1', ...still },
    });
    let shown = '';
    child.stdout.on('data', (data) => {
      if (!shown.includes('[y/N]') && (shown + data).includes('[y/N]')) child.stdin.write(`${answer}\n`);
      shown += data;
    });
    await new Promise((resolve) => child.once('close', resolve));
    return shown;
  }

  it('shows progress on a terminal only', async () => {
    const id = await pending('DIGI_PROCESSING');
    // Long enough for a first look on a busy machine.
    const words = ['wait', id, '--max-wait', '4s', '--every', '50ms'];
    assert.match(await typed(words.join(' '), ''), new RegExp(`waiting: ${id} is DIGI_PROCESSING[\\s\\S]*code 8`));
    const piped = await program.run(words, { env: still });
    assert.ok(!(piped.stdout + piped.stderr).includes('\r'));
  });

  const table = [
    [['order'], 2, /missing required argument 'file'/],
    [['order', 'nothing'], 2, /Cannot read nothing/],
    [['order', 'list.json'], 2, /one JSON object/],
    [['order', 'empty.json', '--yes'], 4, /organizationId/],
    [['order', 'empty.json', '--csr', 'nothing'], 2, /Cannot read nothing/],
    [['order', 'empty.json', '--max-cost', 'much'], 2, /--max-cost <amount>: `much` is not an amount/],
    [['dcv', nobody], 4, /404/],
    [['dcv', 'x'], 4, /UUID/],
    [['dcv', nobody, '--json', '--zone'], 2, /Choose one/],
    [['dcv', nobody, '--method', 'POST'], 2, /not one of DNS_TXT_TOKEN/],
    [['validate', nobody, '--yes'], 4, /404/],
    [['wait'], 2, /missing required argument 'id'/],
    [['wait', nobody, '--for', 'ever'], 2, /`ever` is not one of issued/],
    [['wait', nobody, '--max-wait', '3 days'], 2, /is not a span of time/],
    [['wait', nobody, '--max-wait', '99999999d'], 2, /--max-wait <span>: it must be 36500d at most/],
    [['watch', '--every', `${'9'.repeat(400)}d`], 2, /--every <span>: it must be 36500d at most/],
    [['watch', nobody], 4, /404/],
    [['watch', 'x'], 4, /UUID/],
    [['download', nobody], 4, /404/],
    [['download', nobody, '--layout', 'tomcat'], 2, /not one of nginx, apache, iis, java, pem/],
    [['download', nobody, '--layout', 'nginx', '--key-file', 'passphrase'], 2, /is for the layouts iis and java/],
    [['download', nobody, '--layout', 'iis', '--key-file', 'passphrase'], 2, /needs a passphrase/],
    [['revoke', nobody, '--yes'], 4, /404/],
    [['cancel', nobody, '--yes'], 4, /404/],
    [['reissue', nobody, '--yes'], 4, /404/],
    [['revoke'], 2, /missing required argument/],
  ];
  refusals(it, assert, { table, program: () => program, env: () => service, secrets: ['correct horse'] });
});
