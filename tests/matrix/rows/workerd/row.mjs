import { readdirSync } from 'node:fs';

const worker = `import { program } from './program.mjs';
export default { fetch: async () => new Response(await program()) };`;

/** Bundles as Wrangler does: the wasm is copied, and compiled at deployment. */
async function bundle(project) {
  project.write('worker.mjs', worker);
  const options = ['--bundle', '--format=esm', '--conditions=workerd,worker,browser', '--loader:.wasm=copy'];
  await project.run('esbuild', ['worker.mjs', ...options, '--outdir=out', '--asset-names=[name]']);
  const wasm = readdirSync(project.path('out')).filter((file) => file.endsWith('.wasm'));
  return [
    '(name = "worker", esModule = embed "worker.js")',
    ...wasm.map((file) => `(name = "${file}", wasm = embed "${file}")`),
  ];
}

const config = (modules, port) => `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "main", worker = .worker)],
  sockets = [(name = "http", address = "127.0.0.1:${port}", http = (), service = "main")]
);
const worker :Workerd.Worker = (modules = [${modules.join(', ')}], compatibilityDate = "2025-01-01");`;

export const row = {
  title: 'workerd (Cloudflare)',
  of: 'workerd',
  runsScripts: true,
  cases: {
    async 'a worker'(project) {
      const modules = await bundle(project);
      const { url } = await project.serve('workerd', (port) => {
        project.write('out/config.capnp', config(modules, port));
        return ['serve', 'out/config.capnp'];
      });
      return (await fetch(url)).text();
    },
  },
};
