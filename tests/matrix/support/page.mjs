/** What a page shows, in Chromium; and a server of static files. */
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { launchChromium } from '../../package/support/chromium.mjs';

let browser;

/** The title that a page gives itself in the end, and the .wasm files that it fetched. */
export async function titleOf(url) {
  browser ??= launchChromium();
  const page = await (await browser).newPage();
  const log = [];
  page.on('console', (message) => log.push(message.text()));
  page.on('pageerror', (error) => log.push(error.message));
  page.on('requestfailed', (request) => log.push(`${request.url()}: ${request.failure()?.errorText}`));
  try {
    await page.goto(url);
    await page.waitForFunction(() => document.title.startsWith('done: '), undefined, { timeout: 60_000 });
    return (await page.title()).slice('done: '.length);
  } catch (error) {
    throw new Error([error.message, ...log].join('\n'));
  } finally {
    await page.close();
  }
}

export async function closeBrowser() {
  await (await browser)?.close();
  browser = undefined;
}

const types = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.css': 'text/css',
  '.wasm': 'application/wasm',
};

/** Serves a folder, as a plain web server would. Close it in the end. */
export async function serveFolder(folder) {
  const server = createServer(async ({ url }, response) => {
    const { pathname } = new URL(url, 'http://localhost');
    const file = join(folder, normalize(pathname.endsWith('/') ? `${pathname}index.html` : pathname));
    try {
      const content = await readFile(file);
      response.writeHead(200, { 'content-type': types[extname(file)] ?? 'application/octet-stream' }).end(content);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  return { url: `http://127.0.0.1:${port}/`, close: () => new Promise((resolve) => server.close(resolve)) };
}

/** The title of a page in a folder. */
export async function titleIn(folder, page = '') {
  const server = await serveFolder(folder);
  try {
    return await titleOf(server.url + page);
  } finally {
    await server.close();
  }
}
