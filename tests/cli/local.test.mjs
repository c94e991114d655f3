/** What is done on this machine: inspect, create, check-order, completion, help. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { installProgram, refusals, sample } from './support/program.mjs';

const execute = promisify(execFile);
const person = ['--organization', 'Example Inc.', '--country', 'US'];

describe('at a prompt, without a service', { concurrency: 4 }, () => {
  let program;
  before(async () => {
    program = await installProgram();
    await program.run(['create', 'example.com', 'www.example.com', ...person]);
    await program.run([
      'create',
      'localhost',
      ...person,
      '--unchecked',
      '--key-out',
      'bad.key',
      '--csr-out',
      'bad.csr',
    ]);
    await program.write(
      'order.json',
      JSON.stringify({ certType: 'SSL_OV_BASIC', cert: { commonName: 'example.com' } }),
    );
    await program.write('list.json', '[]');
    await program.write('broken.json', '{ "a": 1,\n  s3cret }');
    await program.write('empty', '');
    await program.write('passphrase', 'correct horse\n');
  });
  after(() => program?.remove());

  it('makes a key that only its owner reads, and a request', async () => {
    assert.equal(await program.mode('example.com.key'), 0o600);
    const csr = `${program.folder}/example.com.csr`;
    const { stdout } = await execute('openssl', ['req', '-in', csr, '-noout', '-subject', '-verify', '-text']);
    assert.match(stdout, /CN ?= ?example\.com/);
    assert.match(stdout, /DNS:example\.com, DNS:www\.example\.com/);
  });

  it('overwrites nothing, and makes neither file where one of them is there', async () => {
    const before = await program.read('example.com.key');
    const { code, stderr } = await program.run(['create', 'example.com', ...person, '--csr-out', 'other.csr']);
    assert.equal(code, 2);
    assert.match(stderr, /example\.com\.key already exists/);
    assert.deepEqual(await program.read('example.com.key'), before);
    const second = await program.run(['create', 'example.com', ...person, '--key-out', 'other.key']);
    assert.equal(second.code, 2);
    const files = await program.files();
    assert.ok(!files.includes('other.csr') && !files.includes('other.key'), files.join());
  });

  it('makes a request with a key that is there, encrypted or not', async () => {
    const made = await program.json([
      ...['create', 'enc.example', ...person, '--key', 'rsa:2048', '--passphrase-file', 'passphrase'],
    ]);
    assert.deepEqual([made.value.key, made.value.csr], ['enc.example.key', 'enc.example.csr']);
    assert.match(String(await program.read('enc.example.key')), /BEGIN ENCRYPTED PRIVATE KEY/);
    assert.ok(!made.stdout.includes('PRIVATE KEY'), 'the key is in its file alone');
    const own = ['--key-file', 'enc.example.key', '--key-passphrase-file', 'passphrase', '--csr-out', 'second.csr'];
    assert.equal((await program.run(['create', 'enc.example', ...person, ...own])).code, 0);
    const [first, second] = await Promise.all(['enc.example.csr', 'second.csr'].map(keyOf));
    assert.equal(first, second);
  });

  const keyOf = async (csr) =>
    (await execute('openssl', ['req', '-in', `${program.folder}/${csr}`, '-noout', '-pubkey'])).stdout;

  it('makes a request like another one', async () => {
    const like = ['create', '--like', 'example.com.csr', '--key-out', 'like.key', '--csr-out', 'like.csr'];
    assert.equal((await program.run(like)).code, 0);
    const { value } = await program.json(['inspect', 'like.csr']);
    assert.deepEqual(value[0].inspection.csr.subjectAltNames.dns, ['example.com', 'www.example.com']);
  });

  it('reads a request as text, as JSON and as SARIF', async () => {
    const { stdout, code } = await program.run(['inspect', 'example.com.csr']);
    assert.equal(code, 0);
    assert.match(stdout, /^ {8}Subject: C=US, O=Example Inc\., CN=example\.com$/m);
    assert.match(stdout, /^ {4}Signature: valid$/m);
    const { value } = await program.json(['inspect', 'example.com.csr', 'bad.csr']);
    assert.deepEqual(
      value.map(({ kind, file }) => [kind, file]),
      [
        ['csr', 'example.com.csr'],
        ['csr', 'bad.csr'],
      ],
    );
    const { stdout: text, code: bad } = await program.run(['inspect', 'bad.csr', '--sarif']);
    assert.equal(bad, 1);
    const sarif = JSON.parse(text);
    const [{ tool, results }] = sarif.runs;
    assert.equal(sarif.version, '2.1.0');
    assert.ok(results.length > 0);
    for (const { ruleId, ruleIndex, level, message, locations } of results) {
      assert.equal(tool.driver.rules[ruleIndex].id, ruleId);
      assert.ok(['error', 'warning', 'note'].includes(level) && message.text);
      const [{ physicalLocation: place }] = locations;
      assert.equal(place.artifactLocation.uri, 'bad.csr');
      assert.ok(place.region.byteLength > 0);
    }
  });

  it('reads standard input, and says of each thing where it is', async () => {
    const text = `Dear all,\n\n${await program.read('example.com.csr')}`;
    const { value, code } = await program.json(['inspect', '-'], { text });
    assert.equal(code, 0);
    const found = value.find(({ kind }) => kind === 'csr');
    assert.ok(found.start > 0 && found.file === '-');
  });

  it('fails from the severity on that --fail-on names', async () => {
    const level = async (name, file) => (await program.run(['inspect', file, '--fail-on', name])).code;
    assert.deepEqual(await Promise.all(['error', 'never'].map((name) => level(name, 'bad.csr'))), [1, 0]);
    assert.equal(await level('info', 'example.com.csr'), 0);
    const { value } = await program.json(['inspect', 'bad.csr']);
    assert.ok(value[0].inspection.findings.some(({ severity }) => severity === 'error'));
  });

  it('shows what would change the terminal, and does not do it', async () => {
    const names = ['create', 'example.com', '--organization', 'A\u001b[31mB\u202e', '--country', 'US', '--unchecked'];
    await program.run([...names, '--key-out', 'escape.key', '--csr-out', 'escape.csr']);
    const { stdout, stderr } = await program.run(['inspect', 'escape.csr']);
    assert.match(stdout, /O=A\\u001b\[31mB\\u202e/);
    for (const sign of ['\u001b', '\u202e']) assert.ok(!(stdout + stderr).includes(sign));
  });

  it('checks an order with its request', async () => {
    const { value, code } = await program.json(['check-order', 'order.json', '--csr', 'example.com.csr']);
    assert.equal(code, 1);
    assert.ok(value.findings.some((one) => one.code === 'required' && one.field === 'organizationId'));
    const sarif = await program.run(['check-order', 'order.json', '--sarif', '--fail-on', 'never']);
    assert.equal(sarif.code, 0);
    assert.ok(JSON.parse(sarif.stdout).runs[0].results.length > 0);
  });

  it('finds nothing wrong with the order that its page shows', async () => {
    await program.write('sample.json', JSON.stringify(sample('order.json')));
    const words = ['check-order', 'sample.json', '--csr', 'example.com.csr', '--fail-on', 'info'];
    const { value, code } = await program.json(words);
    assert.deepEqual([value.findings, code], [[], 0]);
  });

  it('explains itself and every command, with examples of options that there are', async () => {
    const { stdout, code } = await program.run(['--help']);
    assert.equal(code, 0);
    const listed = [...stdout.matchAll(/^ {2}([a-z-]+)(?: \[([a-z|]+)\])? {2,}/gm)];
    const names = listed.flatMap(([, name, below]) => [
      name,
      ...(below?.split('|') ?? []).map((word) => `${name} ${word}`),
    ]);
    assert.ok(names.length > 25 && names.includes('contacts update'), names.join());
    for (const name of names.filter((name) => name !== 'help')) {
      const help = await program.run([...name.split(' '), '--help']);
      assert.equal(help.code, 0, name);
      const [described, examples] = help.stdout.split('\nExamples:\n');
      assert.match(examples, new RegExp(`^ {2}# .+\\n {2}markmonitor-certs ${name}`), name);
      for (const [option] of examples.matchAll(/--[a-z-]+/g))
        assert.ok(described.includes(option), `${name} ${option}`);
    }
    assert.match((await program.run(['help', 'order'])).stdout, /^Usage: markmonitor-certs order /);
    assert.match((await program.run(['completion', '--help'])).stdout, /^ {2}shell +the shell \(choices: "bash", /m);
    assert.match((await program.run(['--version'])).stdout, /^\d+\.\d+\.\d+\n$/);
  });

  it('says nothing in colour unless at a terminal', async () => {
    const { stdout, stderr } = await program.run(['inspect', 'bad.csr', 'nothing'], { env: { TERM: 'xterm' } });
    assert.ok(!(stdout + stderr).includes('\u001b'));
    const typed = (env) => onTerminal(`${program.file} inspect bad.csr`, env);
    assert.ok((await typed({ TERM: 'xterm' })).includes('\u001b[31merror'));
    assert.ok(!(await typed({ TERM: 'xterm', NO_COLOR: '1' })).includes('\u001b[31m'));
  });

  const onTerminal = async (line, env) => {
    const { PATH } = process.env;
    const options = { cwd: program.folder, env: { PATH, HOME: program.folder, ...env } };
    const { stdout } = await execute('script', ['-qc', `${line} || true`, '/dev/null'], options);
    return stdout;
  };

  const table = [
    [[], 2, /Usage: markmonitor-certs/],
    [['inspct'], 2, /unknown command 'inspct'[\s\S]*Did you mean inspect/],
    [['help', 'inspct'], 2, /unknown command 'inspct'[\s\S]*Did you mean inspect/],
    [['inspct', '--help'], 2, /unknown command 'inspct'/],
    [['inspect'], 2, /missing required argument 'file'/],
    [['inspect', 'nothing'], 2, /Cannot read nothing: there is no such file/],
    [['inspect', '.'], 2, /it is a folder/],
    [['inspect', '-', '-'], 2, /can be read once/],
    [['inspect', 'example.com.csr', '--json', '--sarif'], 2, /"Choose one of --json and --sarif\./],
    [
      ['inspect', 'example.com.csr', '--fail-on', 'panic'],
      2,
      /--fail-on.*`panic` is not one of error, warning, info, never/,
    ],
    [['inspect', 'example.com.csr', '--jsn'], 2, /unknown option '--jsn'[\s\S]*Did you mean --json/],
    [['create'], 2, /Which name is it for\?/],
    [['create', 'example.org', '--country', 'USA'], 1, /country/],
    [
      ['create', 'intranet'],
      1,
      /^error: subjectAltNames\.dns\[0\]: intranet is not a full name.* \[dns_single_label, .*\]\n$/,
    ],
    [['create', 'a b', '--organization', 'X', '--country', 'US'], 1, /error/],
    [['create', 'example.org', '--key', 'dsa:1024'], 2, /`dsa:1024` is not one of/],
    [['create', 'example.org', '--key', 'ec:P-256', '--key-file', 'example.com.key'], 2, /Choose one of --key/],
    [['create', 'example.org', '--key-file', 'example.com.csr'], 1, /key/],
    [['create', 'example.org', '--key-file', 'example.com.key', '--passphrase-file', 'passphrase'], 2, /for a new key/],
    [['create', 'example.org', '--passphrase-file', 'empty'], 2, /empty is empty: it must hold the secret/],
    [['create', 'example.org', '--passphrase', 's3cret'], 2, /Secrets are never arguments/],
    [['create', '--like', 'example.com.csr'], 2, /--key-out FILE/],
    [['create', '--like', 'list.json', '--key-out', 'x.key', '--csr-out', 'x.csr'], 1, /./],
    [['create', 'example.org', '--country', 'US', '--key-out', 'no/folder/x.key'], 2, /Cannot write .*no such file/],
    [['check-order', 'list.json'], 2, /must hold one JSON object/],
    [['check-order', 'broken.json'], 2, /broken\.json is not JSON, at line 2, column 3/],
    [['check-order', '-', '--csr', '-'], 2, /can be read once/, { text: '{}' }],
    [['check-order', 'order.json', '--organization', 'nothing'], 2, /Cannot read nothing/],
    [['completion', 'tcsh'], 2, /Allowed choices are bash, zsh, fish/],
    [['sandbox', '--port', '70000'], 2, /--port <number>: `70000` is not a whole number of 0 to 65535/],
    [['sandbox', '--reading', 'dates'], 2, /is not NAME=VALUE/],
    [['sandbox', '--reading', 'dates=epoch'], 2, /epoch/],
    [['sandbox', '--rate-limit', 'abc'], 2, /--rate-limit <limit>: `abc` is not a limit: write 20, 20\/30s or off/],
    [['sandbox', '--rate-limit', '0'], 2, /`0` is not a limit/],
    [['sandbox', '--rate-limit', '20/x'], 2, /is not a span of time/],
  ];
  refusals(it, assert, { table, program: () => program, secrets: ['s3cret', 'correct horse'] });

  it('says which Node it needs where this one is older', async () => {
    await program.write('older.mjs', 'delete process.getBuiltinModule;');
    const { stderr, code } = await program.run(['create', 'x.example'], {
      env: { NODE_OPTIONS: '--import ./older.mjs' },
    });
    assert.equal(code, 2);
    assert.match(stderr, /^error: Node \S+ is too old: use 20\.19, 22\.12 or a newer one\.\n$/);
  });

  it('completes commands, options and their values in bash', async () => {
    const { stdout: script } = await program.run(['completion', 'bash']);
    const complete = async (...words) => {
      const typed = words.map((word) => `'${word}'`).join(' ');
      const line = `${script}\nCOMP_WORDS=(markmonitor-certs ${typed}); COMP_CWORD=${words.length}; _markmonitor_certs; printf '%s\\n' "\${COMPREPLY[@]}"`;
      const { stdout } = await execute('bash', ['-c', line], { cwd: program.folder });
      return stdout.trim().split('\n');
    };
    assert.deepEqual(await complete('insp'), ['inspect']);
    assert.deepEqual(await complete('contacts', 'up'), ['update']);
    assert.deepEqual(await complete('orders', '--stat'), ['--status']);
    assert.deepEqual(await complete('contacts', 'delete', '--y'), ['--yes']);
    assert.deepEqual(await complete('inspect', '--fail-on', 'wa'), ['warning']);
    assert.deepEqual(await complete('completion', 'f'), ['fish']);
    assert.ok((await complete('inspect', 'example.com')).includes('example.com.csr'));
    // As bash divides a line.
    assert.deepEqual(await complete('create', '--key', 'rsa', ':', '3'), ['3072']);
    assert.deepEqual(await complete('create', '--key', '=', 'rsa', ':', ''), ['2048', '3072', '4096']);
    assert.deepEqual(await complete('renew', '--layout', '=', 'ng'), ['nginx']);
    assert.deepEqual(await complete('renew', '--layout', '=', 'pem', '--max-c'), ['--max-cost']);
    // Files for what is a file, a folder or a program, and for nothing else.
    for (const option of ['--out', '--journal', '--renewed-hook']) {
      assert.ok((await complete('renew', option, 'example.com')).includes('example.com.csr'), option);
    }
    for (const option of ['--within', '--only', '--max-cost', '--every', '--username']) {
      assert.deepEqual(await complete('renew', option, ''), [''], option);
    }
    await program.write('an example.csr', '');
    assert.deepEqual(await complete('inspect', 'an'), ['an example.csr']);
  });

  for (const shell of ['zsh', 'fish']) {
    it(`completes in ${shell}: every command is there`, async () => {
      const { stdout } = await program.run(['completion', shell]);
      for (const word of ['inspect', 'check-order', 'update', 'max-cost', 'nginx'])
        assert.ok(stdout.includes(word), word);
    });
  }
});
