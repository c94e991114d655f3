import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { launchChromium } from '../package/support/chromium.mjs';
import { installPackage } from '../package/support/install.mjs';
import { listen } from '../package/support/listen.mjs';
import { refusedBy } from './support/kinds.mjs';

const rateLimit = { limit: 12, windowMs: 1000, slackMs: 100 };
const types = { js: 'text/javascript', wasm: 'application/wasm' };

describe('tabs of one origin', { timeout: 120_000 }, () => {
  let project;
  let server;
  let browser;
  const arrived = [];
  before(async () => {
    project = await installPackage();
    server = await listen(async ({ url }, response) => {
      if (url.startsWith('/certs/')) {
        arrived.push({ at: performance.now(), by: url.split('/').at(-1) });
        return response.writeHead(200, { 'content-type': 'application/json' }).end('{"id":"x"}');
      }
      if (!url.startsWith('/package/'))
        return response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html>');
      const content = await readFile(join(project.package, url.slice('/package/'.length)));
      response.writeHead(200, { 'content-type': types[url.split('.').at(-1)] }).end(content);
    });
    browser = await launchChromium();
  });
  after(async () => {
    await browser?.close();
    await server?.close();
    await project?.remove();
  });

  it('share one limit, and one that is frozen holds up no other', async () => {
    const context = await browser.newContext();
    const tabs = await Promise.all(Array.from({ length: 3 }, () => context.newPage()));
    for (const [at, tab] of tabs.entries()) {
      await tab.goto(`${server.origin}/`);
      await tab.evaluate(
        async ([rateLimit, name]) => {
          const { CertsClient } = await import('/package/dist/esm/file.js');
          const auth = { apiKey: 'key', token: 'token' };
          const base = `${location.origin}/certs`;
          const client = new CertsClient({
            ...{ auth, certsBaseUrl: base, authBaseUrl: base, dangerouslyAllowBrowser: true },
            rateLimit: { ...rateLimit, scope: 'tabs' },
          });
          const ask = async () => {
            for (;;) await client.request({ method: 'GET', path: `/order/${name}` });
          };
          for (let lane = 0; lane < 5; lane += 1) ask();
        },
        [rateLimit, `t${at}`],
      );
    }
    const by = (name, from = 0) => arrived.slice(from).filter((one) => one.by === name).length;
    const until = async (condition) => {
      while (!condition()) await new Promise((resolve) => setTimeout(resolve, 50));
    };
    await until(() => ['t0', 't1', 't2'].every((name) => by(name) >= 8));
    // Nothing runs in it meanwhile, not even what gives a lock back.
    const thawed = tabs[0].evaluate(() => {
      const end = Date.now() + 20_000;
      while (Date.now() < end);
    });
    await until(() => arrived.slice(-2 * rateLimit.limit).every((one) => one.by !== 't0'));
    const frozen = arrived.length;
    await until(() => by('t1', frozen) >= 20 && by('t2', frozen) >= 20);
    assert.equal(by('t0', frozen), 0, 'it is frozen');
    await thawed;
    const after = arrived.length;
    await until(() => by('t0', after) >= 8);
    const refused = refusedBy(
      arrived.map(({ at }) => at),
      rateLimit.limit,
      rateLimit.windowMs,
    );
    assert.deepEqual(refused, { fixed: 0, sliding: 0, counter: 0, bucket: 0 });
    await context.close();
  });
});
