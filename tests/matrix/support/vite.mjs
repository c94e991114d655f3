import { pathToFileURL } from 'node:url';
import { titleIn, titleOf } from './page.mjs';

const ssr = async (project, outDir, config) => {
  project.write('vite.config.js', `export default { ssr: ${JSON.stringify(config)} };\n`);
  await project.run('vite', ['build', '--ssr', 'server.js', '--outDir', outDir]);
  project.remove('vite.config.js');
  // Where no node_modules is, when all is bundled.
  const { program } = await import(pathToFileURL(project.path(outDir, 'server.js')).href);
  return program();
};

/** What is tried with each Vite. */
export const viteCases = {
  async development(project) {
    const { url } = await project.serve('vite', (port) => ['--port', `${port}`, '--host', '127.0.0.1']);
    return titleOf(`${url}/`);
  },
  async build(project) {
    await project.run('vite', ['build']);
    return titleIn(project.path('dist'));
  },
  'SSR, the package external': (project) => ssr(project, 'ssr', {}),
  'SSR, the package bundled': (project) => ssr(project, 'ssr-bundled', { noExternal: true }),
  async 'SSR in development, the package bundled'(project) {
    project.write(
      'dev.mjs',
      `import { createServer } from 'vite';
       const server = await createServer({ server: { middlewareMode: true }, ssr: { noExternal: true }, logLevel: 'error' });
       const { program } = await server.ssrLoadModule('/server.js');
       console.log(await program());
       await server.close();`,
    );
    return (await project.run('node', ['dev.mjs'])).stdout;
  },
};
