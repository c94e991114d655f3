import { titleOf } from '../../support/page.mjs';

async function both(url, output) {
  const html = await (await fetch(`${url}/`)).text();
  const server = html.match(/<main id="result">(.*?)<\/main>/s)?.[1] ?? `${html}\n${output()}`;
  const page = await titleOf(`${url}/client`);
  return server === page ? page : `server: ${server}\npage: ${page}`;
}

export const row = {
  title: 'SvelteKit',
  of: '@sveltejs/kit',
  nodeIsNewest: true,
  program: 'src/program.mjs',
  cases: {
    async 'development: server and page'(project) {
      const { url, output } = await project.serve('vite', (port) => [
        'dev',
        '--port',
        `${port}`,
        '--host',
        '127.0.0.1',
      ]);
      return both(url, output);
    },
    async 'build: server and page'(project) {
      await project.run('vite', ['build']);
      const { url, output } = await project.serve('node', () => ['build'], { env: { HOST: '127.0.0.1' } });
      return both(url, output);
    },
  },
};
