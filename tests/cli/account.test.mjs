/** What reads the service, what changes it, and how both fail, against the sandbox over HTTP. */
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { connect } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { installProgram, refusals, sample } from './support/program.mjs';

const execute = promisify(execFile);
const nobody = '0f9b7a52-3c1d-4e5f-8a6b-7c8d9e0f1a2b';

describe('at a prompt, with a service', { concurrency: 4 }, () => {
  let program;
  let service;
  /** An order of each status that a test needs. */
  const ids = {};
  before(async () => {
    program = await installProgram();
    service = await program.sandbox('--demo', '--rate-limit', 'off');
    const { value } = await program.json(['orders'], { env: service });
    for (const { id, status } of value) ids[status] = [...(ids[status] ?? []), id];
    await program.write('secret', `${service.MARKMONITOR_API_KEY}\n`);
    await program.write('password', service.MARKMONITOR_PASSWORD);
    await program.write('empty.json', '{}');
    await program.write('list.json', '[]');
  });
  after(() => program?.remove());

  const run = (...words) => program.run(words, { env: service });
  const json = async (...words) => {
    const { value, code, stderr } = await program.json(words, { env: service });
    assert.equal(code, 0, stderr);
    return value;
  };

  it('lists orders in columns or as JSON, by status, by name, sorted, and so many', async () => {
    const { stdout, code } = await run('orders', '--status', 'DIGI_ISSUED', '--limit', '3');
    assert.equal(code, 0);
    const [head, ...rows] = stdout.trimEnd().split('\n');
    assert.match(head, /^ID +STATUS +TYPE +COMMON NAME +VALID UNTIL$/);
    assert.equal(rows.length, 3);
    for (const row of rows) assert.match(row, /^[0-9a-f-]{36} {2}DIGI_ISSUED {2}SSL_\w+ +\S+ +\d{4}-\d\d-\d\d$/);
    const sorted = await json('orders', '--sort', 'dateCreated,desc', '--limit', '2');
    assert.ok(sorted[0].dateCreated >= sorted[1].dateCreated);
    const [{ cert }] = await json('orders', '--status', 'DIGI_ISSUED', '--limit', '1');
    const named = await json('orders', '--name', cert.commonName);
    assert.ok(named.length > 0 && named.every((order) => order.cert.commonName === cert.commonName));
  });

  it('shows an order, an organization and a contact, and what changed', async () => {
    const [id] = ids.DIGI_ISSUED;
    assert.match((await run('show', id)).stdout, new RegExp(`^id: +${id}\nstatus: +DIGI_ISSUED$`, 'm'));
    const order = await json('show', id);
    const organization = await json('show', order.organizationId, '--of', 'organization');
    assert.equal(organization.id, order.organizationId);
    const contact = await json('show', organization.contacts[0].id, '--of', 'contact');
    assert.equal(contact.organizationId, organization.id);
    assert.match((await run('show', contact.id, '--of', 'contact')).stdout, /^email: /m);
    assert.match((await run('show', organization.id, '--of', 'organization')).stdout, /^validations: +OV ACTIVE/m);
    const changes = (await run('history', id)).stdout;
    assert.match(changes, /The order was created\./);
    assert.match(changes, /^\S+Z +system +Status changed to /m);
    assert.ok((await json('history', organization.id, '--of', 'organization')).length > 0);
  });

  it('lists prices, organizations, contacts, groups and what ends soon', async () => {
    const lines = async (...words) => (await run(...words)).stdout.trimEnd().split('\n').length - 1;
    assert.equal(await lines('prices'), (await json('prices')).length);
    assert.equal(await lines('organizations', '--name', 'Handel'), 1);
    assert.equal(await lines('contacts', '--limit', '3'), 3);
    assert.equal(await lines('groups'), (await json('groups')).length);
    const [soon, later] = await Promise.all(['20d', '400d'].map((span) => json('expiring', '--within', span)));
    assert.ok(soon.length > 0 && later.length > soon.length);
    assert.deepEqual(await json('expiring', '--within', '1h', '--organizations'), []);
  });

  it('says where a list was cut off, unless it was asked to', async () => {
    const env = await program.sandbox('--demo', '--rate-limit', 'off');
    const { CertsClient } = await program.project.import();
    const [apiKey, username, password] = secretsOf(env);
    const [certsBaseUrl, authBaseUrl] = ['certs', 'auth'].map((part) => `${env.MARKMONITOR_BASE_URL}/${part}/v1`);
    const auth = { apiKey, username, password };
    const client = new CertsClient({ auth, certsBaseUrl, authBaseUrl, rateLimit: false });
    const [{ firstName, lastName, jobTitle, phone, provider, contactTypes, organizationId }, ...others] =
      await client.contacts.list().toArray();
    const add = async (at) => {
      const contact = { firstName, lastName, jobTitle, phone, provider, contactTypes, organizationId };
      await client.contacts.create({ ...contact, email: `number-${at}@example.com` });
    };
    await Promise.all(Array.from({ length: 100 - 1 - others.length }, (_, at) => add(at)));
    const all = await program.json(['contacts'], { env });
    assert.deepEqual([all.value.length, all.stderr], [100, '']);
    await add(100);
    const cut = await program.json(['contacts'], { env });
    assert.deepEqual(
      [cut.value.length, cut.stderr],
      [100, 'There are more than these 100: --limit N lists up to N.\n'],
    );
    const wanted = await program.json(['contacts', '--limit', '3'], { env });
    assert.deepEqual([wanted.value.length, wanted.stderr], [3, '']);
    assert.equal((await program.json(['contacts', '--limit', '1000'], { env })).value.length, 101);
  });

  it('makes, changes and deletes a contact, each confirmed beforehand', async () => {
    const [organization] = await json('organizations');
    const [contact] = sample('organization.json').contacts;
    await program.write('contact.json', JSON.stringify({ ...contact, organizationId: organization.id }));
    const made = await json('contacts', 'create', 'contact.json', '--yes');
    assert.equal(made.email, 'ada@example.com');
    const changed = await program.json(['contacts', 'update', made.id, '-', '-y'], {
      env: service,
      text: '{ "jobTitle": "Lead" }',
    });
    assert.equal(changed.value.jobTitle, 'Lead');
    assert.deepEqual(await json('contacts', 'delete', made.id, '--yes'), { id: made.id, deleted: true });
    assert.equal((await run('show', made.id, '--of', 'contact')).code, 4);
  });

  it('ends by Ctrl-C at a question, so that the loop of a shell does, and takes the end of input for a no', async () => {
    const ask = async (key) => {
      const { PATH } = process.env;
      const env = { PATH, HOME: program.folder, NO_COLOR: '1', ...service };
      const line = `${program.file} contacts delete ${nobody}`;
      const child = spawn('script', ['-qec', line, '/dev/null'], { cwd: program.folder, env });
      let shown = '';
      child.stdout.setEncoding('utf8').on('data', (text) => {
        if (!shown.includes('[y/N]') && `${shown}${text}`.includes('[y/N]')) child.stdin.write(key);
        shown += text;
      });
      const [code] = await once(child, 'close');
      return { code, said: shown.split(/\r?\n/).at(-2) };
    };
    assert.deepEqual(await ask('\u0003'), { code: 130, said: 'error: Stopped by Ctrl-C.' });
    assert.deepEqual(await ask('\u0004'), { code: 3, said: 'error: Nothing was done.' });
  });

  it('creates an organization with its contacts', async () => {
    await program.write('organization.json', JSON.stringify(sample('organization.json')));
    assert.equal((await json('organizations', 'create', 'organization.json', '--yes')).name, 'Example Inc.');
  });

  it('makes calls that there is no command for', async () => {
    const reply = JSON.parse((await run('request', 'GET', '/order', '--query', 'size=2')).stdout);
    assert.equal(reply.content.length, 2);
    const groups = JSON.parse((await run('request', 'get', '/group', '--service', 'auth')).stdout);
    assert.ok(Object.values(groups).some(Array.isArray));
    const [id] = ids.DIGI_PENDING;
    await program.write('emails.json', '{ "additionalEmails": ["ops@example.com"] }');
    const path = `/order/${id}/updateAdditionalEmails`;
    const changed = await run('request', 'PATCH', path, '--body', 'emails.json', '--yes');
    assert.equal(changed.code, 0, changed.stderr);
    assert.deepEqual(JSON.parse(changed.stdout).additionalEmails, ['ops@example.com']);
  });

  it('takes secrets from files, and those before the environment', async () => {
    const { MARKMONITOR_BASE_URL, MARKMONITOR_USERNAME } = service;
    const files = ['--api-key-file', 'secret', '--password-file', 'password'];
    const env = { MARKMONITOR_BASE_URL, MARKMONITOR_API_KEY: 'wrong', MARKMONITOR_PASSWORD: 'wrong' };
    const words = ['groups', ...files, '--username', MARKMONITOR_USERNAME];
    assert.equal((await program.run(words, { env })).code, 0);
    const elsewhere = ['--base-url', `${MARKMONITOR_BASE_URL}/`];
    const other = { ...env, MARKMONITOR_BASE_URL: 'http://127.0.0.1:1', MARKMONITOR_USERNAME };
    assert.equal((await program.run(['groups', ...files, ...elsewhere], { env: other })).code, 0);
  });

  it('takes secrets from files as Windows writes them', async () => {
    const { MARKMONITOR_API_KEY, ...env } = service;
    const wide = Buffer.from(`\ufeff${MARKMONITOR_API_KEY}\r\n`, 'utf16le');
    const key = MARKMONITOR_API_KEY;
    for (const content of [`${key}\r\n`, `\ufeff${key}\r\n`, `${key}\n\r\n\n`, wide]) {
      await program.write('of-windows', content);
      const { code, stderr } = await program.run(['groups', '--api-key-file', 'of-windows'], { env });
      assert.equal(code, 0, stderr);
    }
  });

  it('names what is wrong as its own options are called', async () => {
    const { code, stderr } = await run('orders', '--base-url', `${service.MARKMONITOR_BASE_URL}/elsewhere`);
    assert.equal(code, 4, stderr);
    assert.match(stderr, /404.* Check --base-url: /);
  });

  it('goes where the library goes, and a sandbox in a script stays itself', async () => {
    const code = `
      import { CertsClient } from 'markmonitor-certs';
      import { createSandbox } from 'markmonitor-certs/sandbox';
      const there = await new CertsClient().orders.list({ size: 1 });
      process.env.MARKMONITOR_BASE_URL = 'https://127.0.0.1:1/gateway';
      const sandbox = await createSandbox();
      const client = new CertsClient({ auth: sandbox.credentials, fetch: sandbox.fetch });
      const { service } = await client.diagnose();
      const here = await client.orders.list({ size: 1 });
      console.log(JSON.stringify([there.page.totalElements, here.page.totalElements, service.certs.status]));`;
    const options = { cwd: program.project.folder, env: { PATH: process.env.PATH, ...service } };
    const { stdout } = await execute(process.execPath, ['--input-type=module', '--eval', code], options);
    const all = await json('orders', '--limit', '1000');
    assert.deepEqual(JSON.parse(stdout), [all.length, 0, 200]);
  });

  it('takes a token in place of user and password', async () => {
    const { MARKMONITOR_BASE_URL: base, MARKMONITOR_API_KEY: key, MARKMONITOR_USERNAME: username } = service;
    const headers = { 'x-api-key': key, 'content-type': 'application/json' };
    const body = JSON.stringify({ username, password: service.MARKMONITOR_PASSWORD });
    const reply = await fetch(`${base}/auth/v1/auth/authenticate`, { method: 'POST', headers, body });
    const env = { MARKMONITOR_BASE_URL: base, MARKMONITOR_API_KEY: key, MARKMONITOR_TOKEN: (await reply.json()).token };
    assert.equal((await program.run(['groups'], { env })).code, 0);
  });

  it('goes through a proxy, but where NO_PROXY says otherwise', async () => {
    const proxy = await tunnel();
    const secure = await encrypted(service.MARKMONITOR_BASE_URL);
    const trusted = { ...service, MARKMONITOR_BASE_URL: secure.url, NODE_EXTRA_CA_CERTS: secure.authority };
    const through = await program.run(['groups'], { env: { ...trusted, HTTPS_PROXY: proxy.url } });
    assert.equal(through.code, 0, through.stderr);
    assert.ok(
      proxy.asked.length > 0 && proxy.asked.every((host) => host === new URL(secure.url).host),
      proxy.asked.join(),
    );
    const before = proxy.asked.length;
    const around = { ...trusted, https_proxy: proxy.url, HTTP_PROXY: proxy.url, NO_PROXY: 'localhost' };
    assert.equal((await program.run(['groups'], { env: around })).code, 0);
    assert.equal(proxy.asked.length, before);
    const unknown = await program.run(['groups'], { env: { ...trusted, NODE_EXTRA_CA_CERTS: '' } });
    assert.equal(unknown.code, 6, unknown.stderr);
    const closed = await program.run(['groups'], { env: { ...trusted, HTTPS_PROXY: 'http://127.0.0.1:1' } });
    assert.equal(closed.code, 6, closed.stderr);
    proxy.close();
    secure.close();
  });

  /** A proxy that tunnels, and keeps whereto. */
  async function tunnel() {
    const asked = [];
    const server = createServer((_, response) => response.writeHead(502).end());
    server.on('connect', ({ url }, socket) => {
      asked.push(url);
      const { hostname, port } = new URL(`https://${url}`);
      const there = connect(port, hostname, () => {
        socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
        there.pipe(socket).pipe(there);
      });
      for (const end of [socket, there]) end.on('error', () => {});
    });
    const port = await listening(server);
    return { asked, url: `http://127.0.0.1:${port}`, close: () => closing(server) };
  }

  /** The same service by TLS, with a certificate of an authority that nobody knows. */
  async function encrypted(base) {
    const names = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
    const made = [
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-nodes',
      '-days',
      '2',
      ...names,
    ];
    await execute('openssl', [...made, '-keyout', 'tls.key', '-out', 'tls.crt'], { cwd: program.folder });
    const [key, cert] = [await program.read('tls.key'), await program.read('tls.crt')];
    const server = createSecureServer({ key, cert }, async (request, response) => {
      const chunks = [];
      for await (const chunk of request) chunks.push(chunk);
      const { method, url, headers } = request;
      const kept = ['x-api-key', 'authorization', 'content-type', 'accept'].filter((name) => headers[name]);
      const init = { method, headers: Object.fromEntries(kept.map((name) => [name, headers[name]])) };
      const reply = await fetch(base + url, { ...init, ...(chunks.length > 0 && { body: Buffer.concat(chunks) }) });
      response.writeHead(reply.status, { 'content-type': 'application/json' });
      response.end(Buffer.from(await reply.arrayBuffer()));
    });
    const port = await listening(server);
    const authority = `${program.folder}/tls.crt`;
    return { url: `https://localhost:${port}`, authority, close: () => closing(server) };
  }

  const listening = (server) => new Promise((resolve) => server.listen(0, () => resolve(server.address().port)));

  function closing(server) {
    server.close();
    server.closeAllConnections();
  }

  it('tells a failure as JSON on standard error, and nothing on standard output', async () => {
    const { stdout, stderr, code } = await run('show', nobody, '--json');
    assert.equal(stdout, '');
    const { error, exitCode } = JSON.parse(stderr);
    assert.deepEqual([error.code, exitCode, code], ['not_found', 4, 4]);
    for (const words of [
      ['expiring', '--within', 'soon'],
      ['request', 'GET', 'order'],
    ]) {
      const { stderr } = await run(...words, '--json');
      assert.equal(JSON.parse(stderr).error.code, 'usage', stderr);
    }
  });

  it('says that standard output cannot be written', { skip: !existsSync('/dev/full') && 'no /dev/full' }, async () => {
    for (const words of ['prices', 'help', 'watch', 'renew --only intranet.handel.example.net --json']) {
      const line = `"${program.file}" ${words} > /dev/full`;
      const env = { ...process.env, ...service };
      const error = await execute('sh', ['-c', line], { env }).catch((error) => error);
      assert.equal(error.code, 9, words);
      assert.match(error.stderr, /^error: Cannot write standard output: ENOSPC/m);
    }
  });

  it('diagnoses: says first what it will do, then what holds, and shows no value', async () => {
    const { stdout, stderr, code } = await run('doctor');
    assert.equal(code, 0);
    assert.match(stderr, /^What it will do, and nothing else:\n {2}\S/);
    assert.match(stdout, /^pageForm +holds +nested$/m);
    assert.match(stdout, /^createReply +not seen +It would take an order\.$/m);
    const diagnosis = await json('doctor');
    assert.equal(diagnosis.format, 1);
    const shown = stdout + stderr + JSON.stringify(diagnosis);
    for (const value of [...Object.values(ids).flat(), 'industries.example.com', ...secretsOf(service)]) {
      assert.ok(!shown.includes(value), value);
    }
    const away = await program.run(['doctor'], { env: { ...service, MARKMONITOR_BASE_URL: 'http://127.0.0.1:1' } });
    assert.equal(away.code, 6);
    const wrong = await program.run(['doctor'], { env: { ...service, MARKMONITOR_PASSWORD: 'wrong' } });
    assert.equal(wrong.code, 5);
  });

  const secretsOf = ({ MARKMONITOR_API_KEY, MARKMONITOR_USERNAME, MARKMONITOR_PASSWORD }) => [
    ...[MARKMONITOR_API_KEY, MARKMONITOR_USERNAME, MARKMONITOR_PASSWORD],
  ];

  const wrong = (env) => ({ env });
  const table = [
    [['orders', '--limit', '0'], 2, /--limit <number>: `0` is not a whole number of 1 or more/],
    [['orders', '--status', 'NOT_A_STATUS'], 4, /statuses/],
    [['orders', 'x'], 2, /too many arguments/],
    [['orders', '--organization', 'x'], 4, /./],
    [['orders', '--base-url', 'ftp://x'], 2, /must begin with https/],
    [['orders', '--base-url', ''], 2, /--base-url.* must begin with https/],
    [['orders', '--base-url', 'https://example.com/?a'], 2, /--base-url.* has a part after \?/],
    [['orders', '--base-url', 'http://example.com'], 2, /^error: .*--base-url.* unencrypted.*\n$/],
    [
      ['orders'],
      2,
      /^error: .*MARKMONITOR_BASE_URL.* unencrypted.*\n$/,
      wrong({ MARKMONITOR_BASE_URL: 'http://10.0.0.1' }),
    ],
    [['orders', '--base-url', 'https://ada:c4nary@example.com'], 2, /holds a secret/],
    [['orders', '--api-key', 'c4nary'], 2, /Secrets are never arguments/],
    [['orders', '--password=c4nary'], 2, /Secrets are never arguments/],
    [['orders', '--tokn=c4nary'], 2, /unknown option '--tokn'/],
    [['orders', '--json=1'], 2, /^error: --json takes no value\.$/m],
    [['renew', '--yes=true'], 2, /^error: --yes takes no value\.$/m],
    [['orders', '--api-key-file', 'nothing'], 2, /Cannot read nothing/],
    [['orders'], 5, /MARKMONITOR_API_KEY \(or --api-key-file\)/, wrong({ MARKMONITOR_API_KEY: '' })],
    ...['MARKMONITOR_API_KEY', 'MARKMONITOR_USERNAME', 'MARKMONITOR_PASSWORD', 'MARKMONITOR_TOKEN'].map((name) => [
      ['orders'],
      5,
      /^error: (MARKMONITOR_(API_KEY|PASSWORD|TOKEN)|The user name) holds the end of a line .* Windows \(CRLF\)\.\n$/,
      wrong({ [name]: 'c4nary\r' }),
    ]),
    [
      ['orders'],
      2,
      /MARKMONITOR_BASE_URL\) holds the end of a line/,
      wrong({ MARKMONITOR_BASE_URL: 'http://127.0.0.1\r' }),
    ],
    ...['proxy.example.com:3128', 'not an address', 'ftp://ada:c4nary@example.com', '//c4nary'].map((address) => [
      ['orders'],
      2,
      /^error: HTTPS_PROXY is not the address of a proxy: write it with its scheme/,
      wrong({ HTTPS_PROXY: address }),
    ]),
    [['orders'], 5, /401|403/, wrong({ MARKMONITOR_PASSWORD: 'c4nary' })],
    [['orders'], 5, /401|403/, wrong({ MARKMONITOR_API_KEY: 'c4nary' })],
    [['orders'], 6, /./, wrong({ MARKMONITOR_BASE_URL: 'http://127.0.0.1:1' })],
    [['show'], 2, /missing required argument 'id'/],
    [
      ['show', 'x'],
      4,
      /^error: Nothing was sent, for the call would fail\.\n {2}error: id: .*UUID.* \[invalid_id\]\n$/,
    ],
    [['show', nobody], 4, /404/],
    [['show', nobody, '--of', 'group'], 2, /`group` is not one of order, organization, contact/],
    [['history', nobody], 4, /404/],
    [['expiring', '--within', '30'], 2, /`30` is not a span of time: write 30d/],
    [['organizations', 'create', 'nothing'], 2, /Cannot read nothing/],
    [['organizations', 'create', 'list.json', '--yes'], 2, /one JSON object/],
    [['organizations', 'create', 'empty.json'], 3, /confirm with --yes/],
    [['organizations', 'create', 'empty.json', '--yes'], 4, /name/],
    [['contacts', 'creat'], 2, /too many arguments|unknown command/],
    [['contacts', 'create', 'empty.json', '--yes'], 4, /./],
    [['contacts', 'update', nobody, 'empty.json'], 3, /--yes/],
    [['contacts', 'update', nobody, 'empty.json', '--yes'], 4, /./],
    [['contacts', 'delete', nobody], 3, /Delete contact .*--yes/],
    [['contacts', 'delete', nobody, '--yes'], 4, /404/],
    [['request', 'BREW', '/order'], 2, /not one of GET, POST/],
    [['request', 'GET', 'order'], 2, /begins with a slash/],
    [['request', 'GET', '/order', '--query', 'size'], 2, /NAME=VALUE/],
    [['request', 'DELETE', `/contact/${nobody}`], 3, /Send DELETE/],
    [['request', 'POST', '/x', '--body', 'nothing'], 2, /Cannot read nothing/],
    [['request', 'POST', '/x', '--body', '-'], 2, /Standard input is not JSON/, { text: '{' }],
    ...[
      '/order',
      '/Order/',
      '//order',
      '/order?x=1',
      '/x/../order',
      '/%6frder',
      '/%256frder',
      '/order;a',
      '\\order',
      '/order.json',
    ].map((path) => [['request', 'POST', path.replace('\\', '/\\'), '--yes'], 4, /use `order FILE`/]),
  ];
  refusals(it, assert, { table, program: () => program, env: () => service, secrets: ['c4nary'] });
});
