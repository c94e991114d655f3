/** What a page shows, in Chromium. */
import sirv from 'sirv';
import { launchChromium } from '../../package/support/chromium.mjs';
import { listen } from '../../package/support/listen.mjs';

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

/** The title of a page in a folder, which is served as files. */
export async function titleIn(folder, page = '') {
  const server = await listen(sirv(folder, { dev: true }));
  try {
    return await titleOf(`${server.origin}/${page}`);
  } finally {
    await server.close();
  }
}
