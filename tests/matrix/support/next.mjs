import { titleOf } from './page.mjs';

const text = async (url) => (await fetch(url)).text();
/** React puts what a component returns into the page. */
const rendered = async (url) => (await text(url)).match(/<main id="result">(.*?)<\/main>/s)?.[1] ?? (await text(url));

/** The four kinds of route. */
const routes = {
  'a server component': (url) => rendered(`${url}/`),
  'a client component': (url) => titleOf(`${url}/client`),
  'a route for Node': (url) => text(`${url}/node`),
  'a route for the edge': (url) => text(`${url}/edge`),
};

/** One line for all four, which is what is expected when they agree. */
async function all(url, output) {
  const results = {};
  for (const [name, ask] of Object.entries(routes)) results[name] = await ask(url).catch((error) => error.message);
  const distinct = [...new Set(Object.values(results))];
  if (distinct.length === 1) return distinct[0];
  return `${JSON.stringify(results, null, 2)}\n${output().slice(-3000)}`;
}

/** What is tried with each Next and each of its bundlers. */
export const nextCases = (bundler, options) => ({
  async [`${bundler}, development: ${Object.keys(routes).join(', ')}`](project) {
    project.remove('.next');
    // The one name that its development server takes a page's socket from, without which nothing runs in the page.
    const host = 'localhost';
    const { url, output } = await project.serve('next', (port) => ['dev', '-p', `${port}`, ...options], { host });
    return all(url, output);
  },
  async [`${bundler}, production: the same`](project) {
    project.remove('.next');
    await project.run('next', ['build', ...options]);
    const { url, output } = await project.serve('next', (port) => ['start', '-p', `${port}`]);
    return all(url, output);
  },
});
