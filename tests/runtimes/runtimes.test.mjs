/** The installed package in other runtimes than Node and browsers. */
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { cp, readdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { installPackage } from '../package/support/install.mjs';

const run = promisify(execFile);
const here = fileURLToPath(new URL('.', import.meta.url));
const runtime = (name) => join(here, 'node_modules', '.bin', name);
const expected = { names: ['example.com', 'www.example.com'], signature: 'valid', errors: 0, orders: 5, missing: 404 };

describe('the package runs', { timeout: 300_000 }, () => {
  let project;
  before(async () => {
    await run('npm', ['ci', '--no-audit', '--no-fund'], { cwd: here });
    project = await installPackage();
    await cp(join(here, 'program.mjs'), join(project.folder, 'program.mjs'));
    const main = "import { program } from './program.mjs';\nconsole.log(JSON.stringify(await program()));\n";
    await writeFile(join(project.folder, 'main.mjs'), main);
  });
  after(() => project?.remove());

  const commands = { bun: ['run', 'main.mjs'], deno: ['run', '--node-modules-dir=manual', '--allow-read', 'main.mjs'] };
  for (const [name, args] of Object.entries(commands)) {
    it(`in ${name}`, async () => {
      const { stdout } = await run(runtime(name), args, { cwd: project.folder });
      assert.deepEqual(JSON.parse(stdout), expected);
    });
  }

  it('in workerd, where wasm is compiled at deployment', async () => {
    const worker = await startWorker(project);
    try {
      assert.deepEqual(await (await fetch(worker.url)).json(), expected);
    } finally {
      worker.stop();
    }
  });
});

/** Bundles the program as a worker, its wasm beside it, and serves it with workerd on a free port. */
async function startWorker(project) {
  const source =
    "import { program } from './program.mjs';\nexport default { fetch: async () => Response.json(await program()) };\n";
  await writeFile(join(project.folder, 'worker.mjs'), source);
  const outdir = join(project.folder, 'worker');
  await build({
    entryPoints: [join(project.folder, 'worker.mjs')],
    ...{
      bundle: true,
      format: 'esm',
      outdir,
      conditions: ['workerd'],
      loader: { '.wasm': 'copy' },
      assetNames: '[name]',
    },
  });
  // The first is the one that runs.
  const wasm = (await readdir(outdir)).filter((file) => file.endsWith('.wasm'));
  const modules = [
    '(name = "worker.js", esModule = embed "worker.js")',
    ...wasm.map((file) => `(name = "${file}", wasm = embed "${file}")`),
  ];
  const port = await freePort();
  await writeFile(
    join(outdir, 'config.capnp'),
    `using Workerd = import "/workerd/workerd.capnp";
     const config :Workerd.Config = (
       services = [(name = "main", worker = .worker)],
       sockets = [(name = "http", address = "127.0.0.1:${port}", http = (), service = "main")]
     );
     const worker :Workerd.Worker = (
       modules = [${modules.join(', ')}],
       compatibilityDate = "2025-01-01"
     );`,
  );
  const server = spawn(runtime('workerd'), ['serve', '--control-fd=3', 'config.capnp'], {
    cwd: outdir,
    stdio: ['ignore', 'inherit', 'inherit', 'pipe'],
  });
  // It says there when it listens.
  await new Promise((resolve, reject) => {
    server.stdio[3].once('data', resolve);
    server.once('exit', (code) => reject(new Error(`workerd ended with ${code}`)));
  });
  return { url: `http://127.0.0.1:${port}/`, stop: () => server.kill() };
}

async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}
