import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { build } from 'esbuild';
import { freePort, listen } from '../package/support/listen.mjs';
import { installBeside } from './support/examples.mjs';

const id = '3fa85f64-5717-4562-b3fc-2c963f66afa6';
/** Says who a cookie belongs to, in place of the portal's own login. */
const login = `
import { WorkerEntrypoint } from 'cloudflare:workers';
export default class extends WorkerEntrypoint {
  userOf(cookie) { return /user=(\\w+)/.exec(cookie)?.[1] ?? null; }
}`;
/** The same proxy where it cannot work. */
const plain = `
import { CertsClient } from 'markmonitor-certs';
import { createProxy } from 'markmonitor-certs/proxy';
let handle;
export default {
  fetch(request, env) {
    handle ??= createProxy({
      client: new CertsClient({
        auth: { apiKey: 'key', token: 'token' }, certsBaseUrl: env.MARKMONITOR_BASE_URL + '/certs/v1', authBaseUrl: env.MARKMONITOR_BASE_URL + '/auth/v1',
      }),
      prefix: '/api/certs', hosts: env.PORTAL_HOSTS.split(','), authorize: () => ({ user: 'ada' }), onError: console.error,
    });
    return handle(request);
  },
};`;

describe('on Cloudflare', { timeout: 120_000 }, () => {
  let folder;
  let service;
  const running = [];
  let answerLater = 0;
  before(async () => {
    ({ folder } = await installBeside());
    service = await listen((request, response) => {
      const reply = request.url.startsWith('/auth/') ? { token: 'token', expiresIn: 5400 } : { id, asked: request.url };
      const answer = () => response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(reply));
      request.resume().on('end', () => setTimeout(answer, answerLater));
    });
  });
  after(async () => {
    for (const server of running) server.kill();
    await service?.close();
  });

  /** Serves a worker with workerd; what it logs is kept. */
  async function serve(name, entry, bindings) {
    const outdir = join(folder, `worker-${name}`);
    const shared = { bundle: true, format: 'esm', outdir, external: ['cloudflare:*'], conditions: ['workerd'] };
    await build({
      ...shared,
      entryPoints: [entry],
      entryNames: 'worker',
      loader: { '.wasm': 'copy' },
      assetNames: '[name]',
    });
    const wasm = (await readdir(outdir)).filter((file) => file.endsWith('.wasm'));
    await writeFile(join(outdir, 'login.js'), login);
    const modules = wasm.map((file) => `(name = "${file}", wasm = embed "${file}")`).join(', ');
    const port = await freePort();
    const { origin } = service;
    const texts = {
      MARKMONITOR_API_KEY: 'key',
      MARKMONITOR_USERNAME: 'user',
      MARKMONITOR_PASSWORD: 'password',
      MARKMONITOR_BASE_URL: origin,
      PORTAL_HOSTS: 'localhost:*',
    };
    const env = Object.entries(texts).map(([name, text]) => `(name = "${name}", text = "${text}")`);
    await writeFile(
      join(outdir, 'config.capnp'),
      `using Workerd = import "/workerd/workerd.capnp";
       const config :Workerd.Config = (
         services = [
           (name = "main", worker = .main), (name = "login", worker = .login),
           (name = "internet", network = (allow = ["public", "private"]))
         ],
         sockets = [(name = "http", address = "127.0.0.1:${port}", http = (), service = "main")]
       );
       const login :Workerd.Worker = (modules = [(name = "login.js", esModule = embed "login.js")], compatibilityDate = "2025-01-01");
       const main :Workerd.Worker = (
         modules = [(name = "worker.js", esModule = embed "worker.js"), ${modules}],
         compatibilityDate = "2025-01-01",
         bindings = [${[...env, ...bindings].join(', ')}],
         durableObjectNamespaces = [(className = "Certs", uniqueKey = "certs")],
         durableObjectStorage = (inMemory = void)
       );`,
    );
    const options = { cwd: outdir, stdio: ['ignore', 'pipe', 'pipe', 'pipe'] };
    // The binary itself: the script in its place passes on no other files.
    const platforms = join(folder, 'node_modules', '@cloudflare');
    const [platform] = (await readdir(platforms)).filter((name) => name.startsWith('workerd-'));
    const binary = join(platforms, platform, 'bin', 'workerd');
    const server = spawn(binary, ['serve', '--control-fd=3', 'config.capnp'], options);
    let log = '';
    running.push(server);
    for (const stream of [server.stdout, server.stderr])
      stream.on('data', (data) => {
        log += data;
      });
    const ended = once(server, 'exit').then(() => {
      throw new Error(`workerd ended: ${log}`);
    });
    ended.catch(() => {});
    await Promise.race([once(server.stdio[3], 'data'), ended]);
    return { origin: `http://localhost:${port}`, log: () => log };
  }

  const ask = (origin, path, { headers, ...options } = {}) =>
    fetch(`${origin}/api/certs/${path}`, {
      ...options,
      headers: { 'sec-fetch-site': 'same-origin', cookie: 'user=ada', ...headers },
    });

  it('a Durable Object serves calls that wait for each other', async () => {
    const { origin, log } = await serve('object', join(folder, 'cloudflare', 'worker.js'), [
      '(name = "CERTS", durableObjectNamespace = "Certs")',
      '(name = "LOGIN", service = "login")',
    ]);
    answerLater = 100;
    assert.equal((await ask(origin, `order/${id}`, { headers: { cookie: '' } })).status, 401, log());
    const claimed = { cookie: '', 'x-portal-user': 'ada' };
    assert.equal(
      (await ask(origin, `order/${id}`, { headers: claimed })).status,
      401,
      'nobody outside says who they are',
    );
    const asked = [...Array(5).fill(`order/${id}`), 'order/prices', `contact/${id}`, 'order'].map((path) =>
      ask(origin, path),
    );
    assert.deepEqual(
      (await Promise.all(asked)).map(({ status }) => status),
      Array(8).fill(200),
    );
  });

  it('a plain Worker says at the first shared wait what it needs', async () => {
    const entry = join(folder, 'plain-worker.mjs');
    await writeFile(entry, `${plain}\nexport class Certs {}\n`);
    const { origin, log } = await serve('plain', entry, []);
    answerLater = 500;
    assert.equal((await ask(origin, `order/${id}`)).status, 200, `one alone is served: ${log()}`);
    const statuses = (await Promise.all([ask(origin, `order/${id}`), ask(origin, `contact/${id}`)])).map(
      ({ status }) => status,
    );
    assert.ok(statuses.includes(500), String(statuses));
    while (!log().includes('Durable Object')) await new Promise((resolve) => setTimeout(resolve, 20));
  });
});
