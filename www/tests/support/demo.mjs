/** The built page, served as `npm start` serves it, in a browser that reports everything it should not do. */
import assert from 'node:assert/strict';
import { launchChromium } from '../../../tests/package/support/chromium.mjs';
import { startSandboxServer } from '../../../tests/package/support/sandbox-server.mjs';
import { serve } from '../../server/serve.mjs';

/** Serves the page on a free port; `env` as for `npm start`, `rateLimit` as for `serve`, `args` for Chromium. */
export async function startDemo({ env = {}, rateLimit, args = [] } = {}) {
  const { server } = await serve({ host: '127.0.0.1', port: 0, env, rateLimit });
  const origin = `http://127.0.0.1:${server.address().port}`;
  const browser = await launchChromium(...args);
  return {
    origin,
    browser,
    /** A page of a fresh profile. `check` says that nothing went wrong and nothing but the page's own files was asked for. */
    async open(hash = '', options = {}) {
      const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
      const page = await context.newPage();
      const problems = [];
      const requests = [];
      page.on('pageerror', (error) => problems.push(`error: ${error.message}`));
      page.on('console', (message) => {
        if (['error', 'warning'].includes(message.type())) problems.push(`${message.type()}: ${message.text()}`);
      });
      page.on('request', (request) => {
        // A file that is offered for saving is the page's own.
        if (!request.url().startsWith('blob:')) requests.push(request.url());
      });
      await page.goto(`${origin}/${hash}`);
      return {
        page,
        requests,
        problems,
        check() {
          assert.deepEqual(problems, []);
          assert.deepEqual(
            requests.filter((url) => !url.startsWith(`${origin}/`)),
            [],
            'nothing is asked of anybody else',
          );
        },
        close: () => context.close(),
      };
    },
    async stop() {
      await browser.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** The same with the sandbox over HTTP as its service, which is `service` and ends with it. */
export async function startWithService(options) {
  const service = await startSandboxServer('--demo', '--rate-limit', 'off');
  try {
    const demo = await startDemo({ env: proxyEnv(service), ...options });
    const stop = async () => {
      await demo.stop();
      await service.stop();
    };
    return { ...demo, service, stop };
  } catch (reason) {
    await service.stop();
    throw reason;
  }
}

/** Opens an example of the Inspect view, and waits until it is read. */
export async function openExample(page, name) {
  await page.getByLabel('Examples').selectOption(name);
  await page.locator('.result-head').waitFor();
}

/** Lets time pass, as a user does. What follows from it is shown a moment later: wait for that. */
export const passTime = (page, step) => page.getByRole('button', { name: `Let ${step} pass` }).click();

/** Places the order that is written, after the last look at it. */
export async function placeOrder(page) {
  await page.getByRole('button', { name: /^Review the (order|renewal)/ }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Place the order' }).click();
}

/** Keeps the requests that the page sends to these addresses until the answer to it is called. */
export async function hold(page, method, addresses) {
  let release;
  const released = new Promise((resolve) => {
    release = resolve;
  });
  await page.route(addresses, async (route) => {
    if (route.request().method() === method) await released;
    // A page that was left wants it no more.
    await route.continue().catch(() => {});
  });
  return release;
}

/** The environment with which the server of the page speaks to a service of tests. */
const proxyEnv = ({ options: { auth }, origin }) => ({
  MARKMONITOR_API_KEY: auth.apiKey,
  MARKMONITOR_USERNAME: auth.username,
  MARKMONITOR_PASSWORD: auth.password,
  MARKMONITOR_BASE_URL: origin,
});
