/** Renewing at a prompt, against the sandbox over HTTP. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { chmod, mkdir, readdir, readlink, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { path } from '../../tools/lib/project.mjs';
import { serveEstate } from './support/estate.mjs';
import { installProgram, refusals } from './support/program.mjs';

/** A name for each test. */
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
const named = ['dry', 'once', 'budget', 'hook', 'json', 'unread', 'locked', 'unwritten', 'twice', ...signals];
const names = named.map((name) => `${name.toLowerCase()}.example.com`);
const quick = ['--every', '10ms'];
const price = 100;

describe('renewing at a prompt', () => {
  let program;
  /** Certificates of which a third of the life is left, and one that ends soon. */
  let estate;
  let late;
  before(async () => {
    program = await installProgram();
    estate = await serveEstate(program.project, names, 150);
    late = await serveEstate(program.project, ['late.example.com'], 195);
  });
  after(async () => {
    await estate?.close();
    await late?.close();
    await program?.remove();
  });

  const run = (...words) => program.run(['renew', ...words], { env: estate.env });
  const node = (file) => `${process.execPath} ${file}`;
  const ordersOf = (name, { client } = estate) => client.orders.list({ commonNames: [name] }).toArray();

  it('prints the plan, and orders nothing without --yes', async () => {
    const [name] = names;
    for (const flags of [[], ['--dry-run'], ['--within', '60d'], ['--out', 'never', '--max-orders', '5']]) {
      const { stdout, stderr, code } = await run('--only', name, ...flags);
      assert.equal(code, 0, stderr);
      const [head, row, ...more] = stdout.trimEnd().split('\n');
      assert.match(head, /^NAME +ENDS +URGENCY +ACTION +PRICE +WHY$/);
      assert.match(row, new RegExp(`^${name} +2026-\\d\\d-\\d\\d +due +renew +${price} +\\S`));
      assert.deepEqual(more, []);
      assert.match(stderr, new RegExp(`^1 to order for ${price}, 0 later, 0 replaced already\\.$`, 'm'));
      assert.match(stderr, /^Nothing was ordered: --yes carries the plan out\.$/m);
    }
    const { value, code } = await program.json(['renew', '--only', name], { env: estate.env });
    assert.deepEqual([code, value.items[0].commonName, value.cost], [0, name, price]);
    assert.equal((await ordersOf(name)).length, 1);
    assert.ok(!(await program.files()).includes('never'));
  });

  it('says by its exit code that nothing is due', async () => {
    const { stdout, stderr, code } = await run('--only', names[0], '--within', '5d');
    assert.deepEqual([code, stdout], [10, ''], stderr);
    assert.match(stderr, /^0 to order/);
  });

  it('with --yes renews once, and finds nothing due when it runs again', async () => {
    const name = 'once.example.com';
    const words = ['--only', name, '--yes', '--out', 'once', '--max-orders', '1', '--metrics', 'once.prom', ...quick];
    const first = await run(...words, '--layout', 'nginx', '--max-cost', String(price), '--ics', 'once.ics');
    assert.equal(first.code, 0, first.stderr);
    assert.match(first.stdout, /^All that was due is renewed\.\n/);
    assert.match(first.stderr, new RegExp(`^${name}: delivered$`, 'm'));
    assert.equal((await ordersOf(name)).length, 2);
    const live = join('once', name, 'live');
    for (const [file, blocks] of Object.entries({ cert: 1, chain: 1, fullchain: 2, privkey: 1 })) {
      const text = String(await program.read(join(live, `${file}.pem`)));
      assert.equal(text.match(/^-----BEGIN /gm).length, blocks, file);
    }
    assert.equal(await program.mode(join(live, 'privkey.pem')), 0o600);
    assert.match(String(await program.read('once.ics')), /^BEGIN:VCALENDAR\r\n[\s\S]*END:VCALENDAR\r\n$/);
    const metrics = String(await program.read('once.prom'));
    assert.match(metrics, /^markmonitor_certs_renewals_by_state\{state="\w+"\} 1$/m);
    assert.match(metrics, /^markmonitor_certs_renewals_outcome\{outcome="renewed"\} 1$/m);
    assert.match(metrics, /^markmonitor_certs_renewals_orders 1$/m);
    for (const line of metrics.trimEnd().split('\n')) {
      assert.match(line, /^(# (HELP|TYPE) \w+ .+|\w+(\{\w+="\w+"\})? \d+)$/);
    }

    const again = await run(...words);
    assert.equal(again.code, 10, again.stderr);
    assert.match(again.stdout, /^Nothing is due\./);
    assert.match(String(await program.read('once.prom')), /_outcome\{outcome="nothingDue"\} 1$/m);
    assert.equal((await ordersOf(name)).length, 2);
    const left = (await program.files()).filter((file) => file.startsWith('once.'));
    assert.deepEqual(left.sort(), ['once.ics', 'once.prom'], 'nothing half written');
  });

  it('buys nothing with a budget of nothing, in money or in orders', async () => {
    const name = 'budget.example.com';
    for (const budget of ['--max-cost', '--max-orders']) {
      const { stdout, stderr, code } = await run('--only', name, '--yes', '--out', 'budget', budget, '0', ...quick);
      assert.equal(code, 11, stderr);
      assert.match(stdout, /^Nothing failed; not all of it is delivered yet\./);
    }
    assert.equal((await ordersOf(name)).length, 1);
  });

  it('says by its exit code that the end of a certificate is near', async () => {
    const words = ['renew', '--yes', '--out', 'late', '--max-orders', '0', ...quick];
    const { stdout, stderr, code } = await program.run(words, { env: late.env });
    assert.equal(code, 13, stderr);
    assert.match(stdout, /^A CERTIFICATE ENDS SOON/);
    assert.match(stderr, /^urgent: late\.example\.com: /m);
    assert.equal((await ordersOf('late.example.com', late)).length, 1);
  });

  it('tells of a deploy hook that failed, and runs it again without a new order', async () => {
    const name = 'hook.example.com';
    const note = (file, ...variables) => `
      import { writeFileSync } from 'node:fs';
      const secrets = Object.keys(process.env).filter((name) => name.startsWith('MARKMONITOR_'));
      const told = ${JSON.stringify(variables)}.map((name) => process.env[name]);
      writeFileSync('${file}', [...told, ...secrets].join(' '));`;
    await program.write('bad.mjs', `console.log(process.env.MMC_COMMON_NAME, '\\u001b[2J'); process.exit(3);`);
    await program.write('good.mjs', note('good.txt', 'MMC_EVENT', 'MMC_COMMON_NAME', 'MMC_FULLCHAIN'));
    await program.write('reload.mjs', note('reload.txt', 'MMC_EVENT', 'MMC_COMMON_NAMES'));
    await program.write('failed.mjs', note('failed.txt', 'MMC_EVENT', 'MMC_COMMON_NAMES'));
    const once = ['--renewed-hook', node('reload.mjs'), '--failed-hook', node('failed.mjs')];
    const words = ['--only', name, '--out', 'hook', ...quick];
    const failed = await run(...words, '--yes', ...once, '--deploy-hook', node('bad.mjs'));
    assert.equal(failed.code, 12, failed.stderr);
    assert.match(failed.stdout, /^SOME CERTIFICATES WERE NOT RENEWED\./);
    assert.match(failed.stderr, /^problem: hook\.example\.com: .*node ended with 3/m);
    assert.match(failed.stderr, /^ {2}\| hook\.example\.com \\u001b\[2J$/m);
    assert.equal(String(await program.read('failed.txt')), `failed ${name}`);
    assert.ok(!(await program.files()).includes('reload.txt'));

    const { value: plan } = await program.json(['renew', ...words], { env: estate.env });
    assert.equal(plan.counts.renew, 0, 'the journal is read');
    estate.sandbox.advance(86_400_000);
    const again = await run(...words, '--yes', ...once, '--deploy-hook', node('good.mjs'));
    assert.equal(again.code, 0, again.stderr);
    const fullchain = join(program.folder, 'hook', name, 'live', 'fullchain.pem');
    assert.equal(String(await program.read('good.txt')), `deliver ${name} ${fullchain}`);
    assert.equal(String(await program.read('reload.txt')), `renewed ${name}`);
    assert.equal((await ordersOf(name)).length, 2);
  });

  it('prints an event a line with --json, the summary last, and no secret', async () => {
    const name = 'json.example.com';
    const [old] = await ordersOf(name);
    const words = ['--only', old.id, '--yes', '--out', 'json', '--revoke-old', '--window', '5ms', ...quick, '--json'];
    const { stdout, stderr, code } = await run(...words);
    assert.equal(code, 0, stderr);
    const lines = stdout.trimEnd().split('\n');
    const events = lines.map((line) => JSON.parse(line));
    assert.equal(events.at(-1).type, 'ended');
    assert.equal(events.at(-1).summary.outcome, 'renewed');
    assert.ok(
      events.some(({ type, commonName, state }) => type === 'step' && commonName === name && state === 'placed'),
    );
    for (const secret of [estate.env.MARKMONITOR_API_KEY, estate.env.MARKMONITOR_PASSWORD, 'PRIVATE KEY']) {
      assert.ok(!(stdout + stderr).includes(secret));
    }
    assert.match((await estate.client.orders.get(old.id)).cert.revokeStatus, /^(PENDING|REVOKED)$/);
  });

  it('goes on to its end where nobody reads what is printed', async () => {
    const words = ['renew', '--only', 'unread.example.com', '--yes', '--out', 'unread', ...quick, '--json'];
    const { code } = await program.run(words, { env: estate.env, unread: ['stdout', 'stderr'] });
    assert.equal(code, 0);
    assert.match(String(await program.read('unread/unread.example.com/live/cert.pem')), /BEGIN CERTIFICATE/);
    assert.equal((await ordersOf('unread.example.com')).length, 2);
  });

  it('leaves when another run has the journal', async () => {
    const words = ['--only', 'locked.example.com', '--yes', '--out', 'locked', ...quick];
    await program.write(
      'slow.mjs',
      `import { existsSync, writeFileSync } from 'node:fs';
      writeFileSync('slow.txt', '');
      const look = setInterval(() => existsSync('go.txt') && clearInterval(look), 20);`,
    );
    const one = run(...words, '--deploy-hook', node('slow.mjs'), '--hook-timeout', '10m');
    const isInHook = async () => (await program.files()).includes('slow.txt');
    while (!(await isInHook())) {
      const ended = await Promise.race([one, new Promise((resolve) => setTimeout(resolve, 50))]);
      assert.equal(ended, undefined);
    }
    const other = await run(...words, '--metrics', 'locked.prom');
    assert.equal(other.code, 14, other.stderr);
    assert.match(other.stdout, /^Another run has the journal/);
    assert.ok(!(await program.files()).includes('locked.prom'));
    await program.write('go.txt', '');
    const { code, stderr } = await one;
    assert.equal(code, 0, stderr);
    assert.equal((await ordersOf('locked.example.com')).length, 2);
  });

  it('stops on a signal in good order: what was not sent is ordered by the next run', async () => {
    for (const signal of signals) {
      const name = `${signal.toLowerCase()}.example.com`;
      const words = ['renew', '--only', name, '--yes', '--out', signal, ...quick, '--json'];
      let child;
      let looked;
      const isLooking = new Promise((resolve) => {
        looked = resolve;
      });
      // The look before the order is never answered.
      estate.held.before = async ({ url }) => {
        if (!url.includes('commonNames=')) return;
        looked();
        await new Promise(() => {});
      };
      const stopped = program.run(words, {
        env: estate.env,
        started: (process) => {
          child = process;
        },
      });
      assert.equal(await Promise.race([isLooking, stopped]), undefined);
      child.kill(signal);
      const { stdout, stderr, code } = await stopped;
      estate.held.before = undefined;
      assert.equal(code, signal, stderr);
      assert.match(stderr, /^Stopping, /m);
      const { error, exitCode } = JSON.parse(stderr.trimEnd().split('\n').at(-1));
      const told = { SIGHUP: [129, 'hungUp'], SIGINT: [130, 'interrupted'], SIGTERM: [143, 'terminated'] };
      assert.deepEqual([exitCode, error.code], told[signal]);
      assert.ok(stdout.trimEnd().split('\n').map(JSON.parse).length > 0, 'whole lines');
      assert.equal((await ordersOf(name)).length, 1);
      assert.deepEqual(await readdir(join(program.folder, signal, '.renewals')), ['journal', 'keys'], 'no lock');

      const again = await program.run(words, { env: estate.env });
      assert.equal(again.code, 0, again.stderr);
      assert.equal((await ordersOf(name)).length, 2);
    }
  });

  it('stops at once on a second Ctrl-C', async () => {
    const name = 'twice.example.com';
    await program.write(
      'deaf.mjs',
      `import { existsSync, writeFileSync } from 'node:fs';
      process.on('SIGTERM', () => {});
      writeFileSync('deaf.txt', '');
      const look = setInterval(() => existsSync('over.txt') && clearInterval(look), 20);`,
    );
    let child;
    const started = (process) => {
      child = process;
      // The hook is under way: it is waited for, unless there is a second one.
      child.stderr.on('data', (text) => String(text).includes('Stopping') && child.kill('SIGINT'));
    };
    const words = ['renew', '--only', name, '--yes', '--out', 'twice', ...quick];
    const hook = ['--deploy-hook', node('deaf.mjs'), '--hook-timeout', '10m'];
    const stopped = program.run([...words, ...hook], { env: estate.env, started });
    while (!(await program.files()).includes('deaf.txt')) {
      const ended = await Promise.race([stopped, new Promise((resolve) => setTimeout(resolve, 50))]);
      assert.equal(ended, undefined);
    }
    child.kill('SIGINT');
    assert.equal((await stopped).code, 'SIGINT');
    await program.write('over.txt', '');
    const { code, stderr } = await program.run(words, { env: estate.env });
    assert.equal(code, 0, stderr);
    assert.equal((await ordersOf(name)).length, 2);
  });

  it('ends by a signal as the first process of a container too, which gets none that it does not listen to', async () => {
    // Nobody but the first process has this number; its own would need a namespace.
    await program.write('first.mjs', `Object.defineProperty(process, 'pid', { value: 1 });`);
    const env = { ...estate.env, NODE_OPTIONS: `--import=${join(program.folder, 'first.mjs')}` };
    for (const [signal, expected] of Object.entries({ SIGHUP: 129, SIGINT: 130, SIGTERM: 143 })) {
      let child;
      estate.held.before = () => {
        child.kill(signal);
        return new Promise(() => {});
      };
      const started = (process) => {
        child = process;
      };
      const { code, stderr } = await program.run(['orders'], { env, started });
      estate.held.before = undefined;
      assert.equal(code, expected, `${signal}: ${stderr}`);
    }
  });

  it('says by its exit code that a file could not be written in the end', async () => {
    const words = ['--only', 'unwritten.example.com', '--yes', '--out', 'unwritten', ...quick, '--json'];
    await program.write(
      'folder.mjs',
      `import { mkdirSync } from 'node:fs'; mkdirSync('gone.prom', { recursive: true });`,
    );
    const files = ['--metrics', 'gone.prom', '--ics', 'there.ics'];
    const { stdout, stderr, code } = await run(...words, ...files, '--deploy-hook', node('folder.mjs'));
    assert.equal(code, 9, stderr);
    const { error, exitCode } = JSON.parse(stderr.trimEnd().split('\n').at(-1));
    assert.deepEqual([exitCode, error.code], [9, 'unwritten']);
    assert.match(error.message, /^Cannot write gone\.prom: /);
    assert.equal(JSON.parse(stdout.trimEnd().split('\n').at(-1)).summary.outcome, 'renewed');
    assert.match(String(await program.read('there.ics')), /^BEGIN:VCALENDAR/, 'the others are written');
  });

  it('takes the lines of its pages, timers among them', async () => {
    for (const page of ['cli.md', 'renewals.md']) {
      const text = readFileSync(path('docs', page), 'utf8');
      const lines = [...text.matchAll(/^(?!#).*\bmarkmonitor-certs (renew .+)$/gm)].map(([, line]) => line);
      assert.ok(lines.length >= 2, page);
      for (const line of lines) {
        // Whoever calls is asked for when the line has been understood.
        const words = [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain);
        const { stderr, code } = await program.run(words);
        assert.equal(code, 5, `${line}: ${stderr}`);
      }
    }
  });

  it('refuses folders that nobody can write into before anything is sent, and reads what is in them', async () => {
    // The superuser can write into all of them.
    const nobody = 65_534;
    const user = process.getuid() === 0 ? nobody : undefined;
    await chmod(program.project.folder, 0o755);
    await chmod(program.folder, 0o777);
    await mkdir(join(program.folder, 'shut'), { mode: 0o555 });
    const sent = estate.sandbox.requests.length;
    for (const [option, value] of [
      ['--out', 'shut'],
      ['--out', 'shut/below/it'],
      ['--journal', 'shut/journal'],
      ['--keys', 'shut/keys'],
    ]) {
      const words = ['renew', '--only', names[0], '--yes', '--out', 'open', option, value];
      const { stderr, code } = await program.run(words, { env: estate.env, user });
      assert.equal(code, 2, `${option} ${value}: ${stderr}`);
      assert.match(stderr, new RegExp(`^error: ${option}: cannot write into \\S*\\bshut\\b.*: EACCES`));
    }
    assert.equal(estate.sandbox.requests.length, sent);
    const plan = await program.run(['renew', '--only', names[0], '--out', 'shut'], { env: estate.env, user });
    assert.equal(plan.code, 0, plan.stderr);
  });

  it('refuses a folder that takes no links, as on FAT, before anything is sent', async () => {
    await program.write(
      'no-links.mjs',
      `import files from 'node:fs/promises';
      files.symlink = async () => { throw Object.assign(new Error('EPERM: no links'), { code: 'EPERM' }); };`,
    );
    const env = { ...estate.env, NODE_OPTIONS: '--import=./no-links.mjs' };
    const sent = estate.sandbox.requests.length;
    const words = ['renew', '--only', names[0], '--yes', '--out', 'fat/out', '--journal', 'journals/fat'];
    const { stderr, code } = await program.run(words, { env });
    assert.equal(code, 2, stderr);
    assert.match(stderr, /^error: --out: cannot write into fat\/out: EPERM: no links\./);
    assert.equal(estate.sandbox.requests.length, sent);
  });

  it('refuses a hook that nothing can run before anything is sent', async () => {
    const words = ['--only', 'nobody.example.com', '--yes', '--out', 'script.d', '--deploy-hook', './script'];
    const windows = /^error: --deploy-hook: the lines of `\.\/script` end as on Windows/;
    const missing = (name) =>
      new RegExp(`^error: --deploy-hook: \`\\./script\` is run by \`${name}\`, and there is no such program`);
    await program.write('plain', '');
    for (const [text, refusal] of [
      ['#!/bin/sh\r\nexit 0\r\n', windows],
      ['#!/usr/bin/env node\r\n', windows],
      ['#!/bin/sh\nexit 0\r\n'],
      ['#!/usr/bin/env node'],
      [''],
      ['#!/usr/bin/nosuchpython3\n', missing('/usr/bin/nosuchpython3')],
      ['#!  /opt/none/bash -e\n', missing('/opt/none/bash')],
      ['#!plain\n', missing('plain')],
      ['#!/tmp\n', missing('/tmp')],
      ['#! /bin/sh -e\n'],
      ['#!\n/bin/nosuchshell\n'],
      ['#!./script\n'],
      ['#!/usr/bin/env nosuchpython3\n', missing('nosuchpython3')],
      ['#!/usr/bin/env -S nosuchpython3 -u\n', missing('nosuchpython3')],
      ['#!/usr/bin/env -S node --no-warnings\n'],
      ['#!/usr/bin/env -S A=1 node\n'],
      ['#!/usr/bin/env -i node\n'],
    ]) {
      await program.write('script', text);
      await chmod(join(program.folder, 'script'), 0o755);
      const sent = estate.sandbox.requests.length;
      const { stderr, code } = await run(...words);
      assert.equal(code, 2, 'nothing has this name');
      assert.match(stderr, refusal ?? /nobody\.example\.com/, text);
      assert.equal(estate.sandbox.requests.length > sent, !refusal, text);
    }
  });

  it('refuses one file for two things before anything is sent, whatever links lead to it', async () => {
    await mkdir(join(program.folder, 'apart'));
    await symlink('apart', join(program.folder, 'linked'));
    await symlink('linked/one', join(program.folder, 'leading'));
    const sent = estate.sandbox.requests.length;
    for (const words of [
      ['--metrics', 'apart/one', '--journal', 'apart/one'],
      ['--ics', 'linked/one', '--journal', 'apart/one'],
      ['--ics', 'apart/one.lock', '--journal', 'linked/one'],
      ['--ics', 'apart/one', '--metrics', 'linked/../linked/one'],
      ['--keys', 'linked/one', '--journal', 'apart/one'],
      ['--ics', 'leading', '--journal', 'apart/one'],
    ]) {
      const { stderr, code } = await run('--only', names[0], '--yes', '--out', 'apart', ...words);
      assert.equal(code, 2, `${words}: ${stderr}`);
      assert.match(stderr, /^error: --\w+ <\w+>: \S+ is that of --\w+ <\w+>: name another\.$/m);
    }
    assert.equal(estate.sandbox.requests.length, sent);
    assert.deepEqual(await readdir(join(program.folder, 'apart')), []);
  });

  it('replaces no link to what is open, such as /dev/stdout', { skip: process.platform !== 'linux' }, async () => {
    const link = join(program.folder, 'output');
    await symlink('/proc/self/fd/1', link);
    const { stderr, code } = await run('--only', names[0], '--yes', '--out', 'open', '--metrics', 'output', ...quick);
    assert.equal(code, 2, stderr);
    assert.match(stderr, /^error: Cannot write output: something else has this name\.$/m);
    assert.equal(await readlink(link), '/proc/self/fd/1');
  });

  it('pauses within the window before anything is read, and ends there when it is stopped', async () => {
    // A clock that says when it is asked for a long pause, and makes none.
    await program.write(
      'clock.mjs',
      `const { fetch, setTimeout } = globalThis;
      Math.random = () => 0.5;
      globalThis.fetch = (...given) => {
        console.error('fetch');
        return fetch(...given);
      };
      globalThis.setTimeout = (work, ms, ...given) => {
        if (ms === 1_800_000) console.error('pause');
        if (process.env.STOP && ms === 1_800_000) process.kill(process.pid, 'SIGTERM');
        return setTimeout(work, ms === 1_800_000 && !process.env.STOP ? 0 : ms, ...given);
      };`,
    );
    const words = ['renew', '--only', names[0], '--yes', '--max-orders', '0', '--out', 'window', '--window', '1h'];
    const env = { ...estate.env, NODE_OPTIONS: '--import ./clock.mjs' };
    const { stderr } = await program.run(words, { env });
    const [first, ...others] = stderr.match(/^(pause|fetch)$/gm);
    assert.deepEqual([first, [...new Set(others)]], ['pause', ['fetch']], stderr);
    const stopped = await program.run(words, { env: { ...env, STOP: '1' } });
    assert.equal(stopped.code, 'SIGTERM', stopped.stderr);
    assert.doesNotMatch(stopped.stderr, /^fetch$/m);
  });

  it('says that an option asks for more than is done, by its name', async () => {
    const words = ['--only', names[0], '--within', '399d', '--yes', '--out', 'held', '--max-orders', '0', ...quick];
    const { stderr } = await run(...words);
    assert.match(stderr, /^problem: --within asks for 1 of the certificates/m);
  });

  const yes = ['renew', '--yes', '--out', 'refused'];

  /** What each option does not take, with a hook that would have the timeout. */
  const hooked = [...yes, '--renewed-hook', 'true'];
  const wrong = [
    ...[
      ['--within', 'soon'],
      ['--within', '0d'],
      ['--within', '400d'],
      ['--within', ''],
      ['--within', '-1d'],
    ],
    ...[
      ['--at', 'half'],
      ['--at', ''],
      ['--only', ''],
      ['--ended-within', '3651d'],
      ['--ended-within', '1'],
    ],
    ...[
      ['--max-cost', '1e3'],
      ['--max-cost', '-1'],
      ['--max-cost', '9'.repeat(400)],
      ['--max-cost', ''],
    ],
    ...[
      ['--max-orders', '-1'],
      ['--max-orders', '1.5'],
      ['--max-orders', '9007199254740991'],
      ['--max-orders', ''],
    ],
    ...[
      ['--out', ''],
      ['--out', '/dev/null'],
      ['--out', '/dev/null/below'],
      ['--layout', 'iis'],
      ['--layout', ''],
    ],
    ...[
      ['--journal', ''],
      ['--journal', '/dev/null/journal'],
      ['--keys', ''],
      ['--keys', '/dev/null'],
    ],
    ...['--dcv-hook', '--deploy-hook', '--renewed-hook', '--failed-hook'].flatMap((hook) =>
      ['', 'a | b', '/dev/null'].map((command) => [hook, command]),
    ),
    ...['0s', '30d', '1'].map((span) => ['--hook-timeout', span]),
    ...['--window', '--max-wait', '--every'].flatMap((option) => ['99999999d', '-1s'].map((span) => [option, span])),
    ['--assume-not-placed', ''],
    ...['--ics', '--metrics'].flatMap((option) => ['', '/', '/dev/null'].map((file) => [option, file])),
  ];
  const lineOf = ([option, value]) => {
    const line = value === '/dev/null' && option.endsWith('-hook') ? yes : hooked;
    return [...line, option, value];
  };
  refusals(it, assert, {
    table: wrong.map(([option, value]) => [lineOf([option, value]), 2, new RegExp(`${option}\\b|Cannot write`)]),
    program: () => program,
    // Nobody is there: what is found later is another failure.
    env: () => ({ ...estate.env, MARKMONITOR_BASE_URL: 'http://127.0.0.1:9' }),
  });

  it('has a wrong value of every option in the table', async () => {
    const { stdout } = await program.run(['renew', '--help']);
    const options = [...stdout.matchAll(/^ {2}(--[\w-]+) </gm)].map(([, option]) => option);
    const { stdout: account } = await program.run(['orders', '--help']);
    const own = options.filter((option) => !account.includes(`${option} <`));
    assert.ok(own.length > 15);
    assert.deepEqual([...new Set(wrong.map(([option]) => option))].sort(), own.sort());
  });

  refusals(it, assert, {
    table: [
      [['renew', '--within', '30d', '--at', 'third'], 2, /Choose one of --within and --at/],
      [['renew', '--dry-run', '--yes', '--out', 'x'], 2, /Choose one of --dry-run and --yes/],
      [['renew', '--yes'], 2, /Where do the certificates go\? --out DIR/],
      [['renew', '--within', 'soon'], 2, /--within <span>: `soon` is not a span of time/],
      [['renew', '--within', '0d'], 2, /--within <span>: it must be more than 0d/],
      [['renew', '--within', '400d'], 2, /less than 400d/],
      [['renew', '--at', 'half'], 2, /`half` is not one of third/],
      [[...yes, '--max-cost', 'much'], 2, /`much` is not an amount/],
      [[...yes, '--max-orders', '1.5'], 2, /`1\.5` is not a whole number/],
      [[...yes, '--layout', 'iis'], 2, /`iis` reads PKCS #12/],
      [[...yes, '--layout', 'caddy'], 2, /`caddy` is not one of nginx, apache, pem/],
      [[...yes, '--deploy-hook', ''], 2, /--deploy-hook <command>: name a program/],
      [[...yes, '--deploy-hook', 'a && b'], 2, /without a shell/],
      [[...yes, '--dcv-hook', 'sh -c "a b"'], 2, /--dcv-hook <command>: it runs without a shell/],
      [[...yes, '--ics', 'no/such/folder.ics'], 2, /Cannot write no\/such\/folder\.ics/],
      [[...yes, '--metrics', 'no/such/folder.prom'], 2, /Cannot write no\/such\/folder\.prom/],
      [[...yes, '--window', '1y'], 2, /`1y` is not a span of time/],
      [[...yes, '--password', 'hunter2'], 2, /Secrets are never arguments/],
      [['renew', '--ics', 'x.ics'], 2, /--ics and --metrics are about a run: they need --yes/],
      [['renew', '--metrics', 'x.prom', '--out', 'x'], 2, /--ics and --metrics are about a run: they need --yes/],
      [['renew', '--only', 'nobody.example.com'], 2, /--only: no order .*`nobody\.example\.com`/],
      [[...yes, '--only', names[0], '--only', 'nobody.example.com'], 2, /--only: .*no order .*`nobody\.example\.com`/],
      [[...yes, '--deploy-hook', 'no-such-program x'], 2, /--deploy-hook: there is no program `no-such-program`/],
      [[...yes, '--dcv-hook', '/no/such/program'], 2, /--dcv-hook: .*there is no program `\/no\/such\/program`/],
      [[...yes, '--renewed-hook', '/'], 2, /--renewed-hook: .*there is no program/],
      [[...yes, '--failed-hook', './no-such-program'], 2, /--failed-hook: .*there is no program/],
      [[...yes, '--journal', '/'], 2, /--journal: \/ is not a file: name another/],
      [['renew', '--journal', '/dev/null/journal'], 2, /The journal \/dev\/null\/journal cannot be read: ENOTDIR/],
      [['renew', '--journal', '/etc/passwd'], 2, /--journal: \/etc\/passwd is not a journal/],
      [['renew', 'example.com'], 2, /too many arguments/],
      [['renew'], 5, /Who is calling/, { env: { MARKMONITOR_API_KEY: '' } }],
    ],
    program: () => program,
    env: () => estate.env,
    secrets: ['hunter2'],
  });
});
