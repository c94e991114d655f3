import { readFileSync } from 'node:fs';
import { titleIn, titleOf } from '../../support/page.mjs';

function agreed(html, page) {
  const server = html.match(/<main id="result"[^>]*>(.*?)<\/main>/s)?.[1] ?? html;
  return server === page ? page : `server: ${server}\npage: ${page}`;
}

export const row = {
  title: 'Astro',
  of: 'astro',
  nodeIsNewest: true,
  program: 'src/program.mjs',
  cases: {
    async 'development: server and page'(project) {
      const { url } = await project.serve('astro', (port) => ['dev', '--port', `${port}`, '--host', '127.0.0.1']);
      return agreed(await (await fetch(`${url}/`)).text(), await titleOf(`${url}/`));
    },
    async 'build: server and page'(project) {
      await project.run('astro', ['build']);
      return agreed(readFileSync(project.path('dist', 'index.html'), 'utf8'), await titleIn(project.path('dist')));
    },
  },
};
