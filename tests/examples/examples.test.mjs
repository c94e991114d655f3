/** The examples that are programs, run as they are: with the packed package, against a sandbox. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { path } from '../../tools/lib/project.mjs';
import { run as runTool } from '../../tools/lib/run.mjs';
import { installPackage } from '../package/support/install.mjs';

const run = promisify(execFile);

describe('the examples', { timeout: 300_000 }, () => {
  let project;
  before(async () => {
    project = await installPackage();
    await cp(path('tests', 'examples', 'sandboxed.mjs'), join(project.folder, 'sandboxed.mjs'));
    for (const name of ['order', 'csv', 'inspect']) {
      await cp(path('examples', name), join(project.folder, name), { recursive: true });
    }
  });
  after(() => project?.remove());

  const example = (file, args = [], env = {}) =>
    run(process.execPath, ['--import', './sandboxed.mjs', file, ...args], {
      cwd: project.folder,
      env: { ...process.env, ...env },
    });

  it('order and wait: the key is there before the order, the certificate at the end', async () => {
    const { stdout } = await example('order/order.mjs', ['out', 'shop.example.com', 'www.shop.example.com']);
    const { parseBundle, sameKey } = await project.import('markmonitor-certs/pki');
    const chain = await readFile(join(project.folder, 'out', 'fullchain.pem'), 'utf8');
    const { leaf, intermediates } = await parseBundle(chain);
    assert.deepEqual(leaf.subjectAltNames.dns, ['shop.example.com', 'www.shop.example.com']);
    assert.equal(intermediates.length, 1);
    assert.ok(await sameKey(chain, await readFile(join(project.folder, 'out', 'request.csr'), 'utf8')));
    assert.match(await readFile(join(project.folder, 'out', 'key.pem'), 'utf8'), /BEGIN PRIVATE KEY/);
    assert.match(stdout, /It is DIGI_ISSUED/);
  });

  it('an order is placed once, although the reply to it was lost', async () => {
    const fault = { method: 'POST', path: '/order', times: 1, drop: 'after' };
    const { stdout } = await example('order/order.mjs', ['lost', 'lost.example.com'], { FAULT: JSON.stringify(fault) });
    assert.equal(stdout.match(/^Order /gm).length, 1);
    assert.match(stdout, /The certificate is in/);
  });

  it('orders as CSV: a line for each, every cell quoted', async () => {
    const { stdout } = await example('csv/orders.mjs', ['DIGI_ISSUED']);
    const [head, ...lines] = stdout.trimEnd().split('\r\n');
    assert.match(head, /^"order","status","type","common name"/);
    assert.ok(lines.length > 5);
    for (const line of lines) assert.match(line, /^"[0-9a-f-]{36}","DIGI_ISSUED",("[^"]*",?){6}$/);
  });

  it('a folder is inspected: what is wrong decides the exit code, and a key is not read', async () => {
    const { createCsr } = await project.import('markmonitor-certs/pki');
    const files = join(project.folder, 'files', 'below');
    await mkdir(files, { recursive: true });
    const good = await createCsr({ subject: { commonName: 'good.example.com' }, dnsNames: ['good.example.com'] });
    await writeFile(join(files, 'good.csr'), good.csr);
    await writeFile(join(files, 'good.key'), good.privateKeyPem);
    const { stdout } = await example('inspect/inspect.mjs', ['files']);
    assert.match(stdout, /good\.csr: request for good\.example\.com/);
    assert.match(stdout, /good\.key: .*private key/);

    const bad = await createCsr({ subject: { commonName: 'bad' }, dnsNames: ['bad'], check: false });
    await writeFile(join(files, 'bad.csr'), bad.csr);
    const failed = await example('inspect/inspect.mjs', ['files']).catch((error) => error);
    assert.equal(failed.code, 1);
    assert.match(failed.stdout, /bad\.csr: request for bad\n {2}error dns_single_label/);
  });
});

describe('OpenTelemetry, with its SDK', { timeout: 300_000 }, () => {
  let project;
  before(async () => {
    project = await installPackage();
    const folder = path('examples', 'opentelemetry');
    for (const name of ['telemetry.mjs', 'prices.mjs', 'package.json', 'package-lock.json']) {
      await cp(join(folder, name), join(project.folder, name));
    }
    // What the example's lock file says, and beside it the package.
    const install = ['ci', '--no-audit', '--no-fund', '--ignore-scripts', '--prefer-offline'];
    await runTool('npm', install, { cwd: project.folder, quiet: 'installing OpenTelemetry' });
    const again = await installPackage();
    await cp(again.package, project.package, { recursive: true });
    await again.remove();
    await cp(path('tests', 'examples', 'sandboxed.mjs'), join(project.folder, 'sandboxed.mjs'));
  });
  after(() => project?.remove());

  it('the program prints the spans of its calls', async () => {
    const args = ['--import', './sandboxed.mjs', 'prices.mjs'];
    const { stdout } = await run(process.execPath, args, { cwd: project.folder });
    assert.match(stdout, /name: 'attempt'/);
    assert.match(stdout, /name: 'orders\.prices'/);
  });

  /** Runs these calls with the sandbox, each in a span; returns the spans of calls, in each those below it, and all output. */
  async function spansOf(calls) {
    await writeFile(
      join(project.folder, 'spans.mjs'),
      `import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';
       import { CertsClient } from 'markmonitor-certs';
       import { createSandbox } from 'markmonitor-certs/sandbox';
       import { traced } from './telemetry.mjs';
       const exporter = new InMemorySpanExporter();
       const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
       const sandbox = await createSandbox();
       const client = new CertsClient({ auth: sandbox.credentials, fetch: sandbox.fetch });
       await client.tokens.authenticate();
       const call = traced(client, { tracer: provider.getTracer('test'), fetch: sandbox.fetch });
       const prices = (name, options) => call(name, (it) => it.orders.prices(options));
       const failed = (error) => console.error(error.name);
       ${calls}
       client.close();
       console.log(JSON.stringify(exporter.getFinishedSpans().map((span) => ({
         name: span.name, status: span.status.code, attributes: span.attributes,
         id: span.spanContext().spanId, parent: span.parentSpanContext?.spanId,
       }))));`,
    );
    const { stdout, stderr } = await run(process.execPath, ['spans.mjs'], { cwd: project.folder });
    const spans = JSON.parse(stdout);
    const shown = ({ name, status, attributes }) =>
      [name, attributes['http.response.status_code'], status === 2 && (attributes['error.type'] ?? 'ERROR')]
        .filter(Boolean)
        .join(' ');
    const below = (id) => spans.filter(({ parent }) => parent === id).map(shown);
    const found = spans.filter(({ parent }) => !parent).map((span) => [shown(span), ...below(span.id)]);
    return { found, output: stdout + stderr };
  }

  it('a call has a span, and in it what it waited for and each attempt, without a secret', async () => {
    const { found, output } = await spansOf(`
      await prices('first');
      sandbox.fault({ path: '/order/prices', status: 503, times: 1 });
      await prices('repeated');
      await call('refused', (it) => it.orders.get('0f9b7a52-3c1d-4e5f-8a6b-7c8d9e0f1a2b')).catch(failed);
      await call('listed', (it) => it.organizations.list().toArray());`);
    assert.deepEqual(found, [
      ['first 200', 'queue', 'attempt 200'],
      ['repeated 200', 'queue', 'attempt 503 ERROR', 'queue', 'attempt 200'],
      ['refused 404 not_found', 'queue', 'attempt 404 ERROR'],
      ['listed', 'queue', 'attempt 200'],
    ]);
    assert.ok(!/sandbox-password|Bearer|x-api-key/i.test(output));
  });

  it('the span of a call without a reply ends with the error: lost, too late, given up, never sent', async () => {
    const { found } = await spansOf(`
      sandbox.fault({ path: '/order/prices', drop: 'before', times: 2 });
      await prices('lost', { maxRetries: 1 }).catch(failed);
      sandbox.fault({ path: '/order/prices', delayMs: 60_000, times: 1 });
      await prices('late', { timeout: 1, maxRetries: 0 }).catch(failed);
      await prices('given up', { signal: AbortSignal.abort() }).catch(failed);
      await call('wrong', (it) => it.orders.get('')).catch(failed);`);
    assert.deepEqual(
      found.map(([call, ...below]) => [call, ...below.filter((name) => name !== 'queue')]),
      [
        ['lost connection', 'attempt TypeError', 'attempt TypeError'],
        ['late timeout', 'attempt AbortError'],
        ['given up AbortError'],
        ['wrong invalid'],
      ],
    );
  });

  it('calls that are under way at once have their own attempts', async () => {
    const { found } = await spansOf(`
      sandbox.fault({ path: '/order/prices', status: 503, times: 1 });
      await Promise.all([prices('one'), prices('two')]);`);
    const attempts = found.map((spans) => spans.filter((name) => name.startsWith('attempt')));
    assert.deepEqual(attempts.sort(), [['attempt 200'], ['attempt 503 ERROR', 'attempt 200']]);
  });
});
