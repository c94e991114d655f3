import assert from 'node:assert/strict';
import { get } from 'node:http';
import { connect } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { openExample, startDemo } from './support/demo.mjs';

/** What the first load may cost over the wire: markup, scripts and styles. */
const budgetOfPage = 36_000;
/** The same with the reader's wasm, which is loaded when somebody is about to read. */
const budget = 230_000;
/** Read after the wasm has begun to work, and kept for good: the table of domain suffixes. */
const isTable = (path) => path.includes('/domain-suffixes-');

describe('loading', () => {
  let demo;
  before(async () => {
    demo = await startDemo();
  });
  after(() => demo.stop());

  /** The bytes that the server sends to a browser, and in which form. */
  const sent = (url) =>
    new Promise((resolve, reject) => {
      get(url, { headers: { 'accept-encoding': 'gzip, deflate, br' } }, async (response) => {
        let size = 0;
        for await (const chunk of response) size += chunk.length;
        resolve({ path: new URL(url).pathname, size, encoding: response.headers['content-encoding'] });
      }).once('error', reject);
    });

  const sum = (files) => files.reduce((total, { size }) => total + size, 0);
  const listed = (files) => files.map(({ path, size, encoding }) => `${path} ${size} ${encoding}`).join('\n');

  test('the first load is the page alone; the reader comes when somebody is about to read', async () => {
    const { page, requests, check, close } = await demo.open();
    await page.getByRole('button', { name: 'Read a CSR' }).waitFor();
    await page.waitForLoadState('networkidle');
    const first = await Promise.all([...new Set(requests)].map(sent));
    assert.ok(first.length > 3 && sum(first) <= budgetOfPage, listed(first));
    assert.ok(!first.some(({ path }) => path.endsWith('.wasm') || isTable(path)), listed(first));
    const reader = page.waitForResponse((response) => response.url().endsWith('.wasm'));
    await page.getByRole('button', { name: 'Read a CSR' }).click();
    assert.match((await reader).url(), /pki/);
    check();
    await close();
  });

  test('the first request is read within the budget, without the sandbox', async () => {
    const { page, requests, check, close } = await demo.open();
    await openExample(page, 'RSA 2048, one name');
    assert.ok(!requests.some((url) => url.includes('sandbox')), 'the sandbox is loaded only when it is used');
    assert.equal(requests.filter((url) => url.endsWith('.wasm')).length, 1);
    const all = await Promise.all([...new Set(requests)].map(sent));
    const files = all.filter(({ path }) => !isTable(path));
    assert.equal(all.length - files.length, 1, 'the table is a file of its own');
    assert.ok(
      files.filter(({ size }) => size > 1_000).every(({ encoding }) => encoding === 'br'),
      listed(files),
    );
    assert.ok(sum(files) <= budget, listed(files));
    check();
    await close();
  });

  test('a view that cannot be loaded says what to do, and comes when it can', async () => {
    const { page, close } = await demo.open();
    await page.locator('textarea').waitFor();
    await page.context().setOffline(true);
    await page.getByRole('link', { name: 'Orders', exact: true }).click();
    const alert = page.getByRole('alert');
    await alert.getByText('You are offline: connect, then try again.').waitFor();
    await page.context().setOffline(false);
    await alert.getByRole('button', { name: 'Try again' }).click();
    await page.locator('td.name').first().waitFor();
    await close();
  });

  test('wasm that cannot be loaded is told in words for the reader, and comes when it can', async () => {
    const { page, close } = await demo.open();
    await page.route('**/*.wasm', (route) => route.abort());
    await page.goto(`${demo.origin}/#/orders`);
    const alert = page.getByRole('alert').filter({ hasText: 'Could not load the orders.' });
    await alert.getByText('A part of this page could not be loaded. Check the network, then try again.').waitFor();
    assert.ok(await alert.getByText(/bundler/).isHidden(), 'what is for who builds the page is folded');
    await page.unroute('**/*.wasm');
    await alert.getByRole('button', { name: 'Try again' }).click();
    await page.locator('td.name').first().waitFor();
    await close();
  });

  test('the page is a policy of its own: no inline script, no eval, no foreign host', async () => {
    const { page, close } = await demo.open();
    const policy = await page.locator('meta[http-equiv="Content-Security-Policy"]').getAttribute('content');
    assert.match(policy, /default-src 'none'/);
    assert.doesNotMatch(policy, /unsafe-inline|'unsafe-eval'|https?:|\*/);
    const refused = await page.evaluate(async () => {
      const tries = {
        html: () => {
          document.createElement('div').innerHTML = '<b>x</b>';
        },
        foreign: () => fetch('https://example.com/'),
      };
      const refused = [];
      for (const [name, attempt] of Object.entries(tries)) {
        try {
          await attempt();
        } catch {
          refused.push(name);
        }
      }
      return refused;
    });
    assert.deepEqual(refused, ['html', 'foreign']);
    await close();
  });

  test('a path that is not one is not found, and does not end the server', { timeout: 30_000 }, async () => {
    const { host, port } = new URL(demo.origin);
    // An image with such an address can be in any page.
    for (const path of ['//', '///', '//[', '//a:99999999/', '/%', '/%ff', '/\\', '/a%00', '*', 'http://[']) {
      const reply = await new Promise((resolve, reject) => {
        const socket = connect(port, '127.0.0.1', () => {
          socket.write(`GET ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
        });
        socket.once('data', resolve).once('error', reject).once('close', resolve);
      });
      assert.match(`${reply}`, /^HTTP\/1\.1 404 /, path);
    }
  });

  test('the server serves nothing but the built files, and to nobody but this computer', async () => {
    for (const path of ['/../package.json', '/..%2fpackage.json', '/assets/..%2f..%2fpackage.json', '/src/main.tsx']) {
      assert.equal((await fetch(demo.origin + path)).status, 404, path);
    }
    const { request } = await import('node:http');
    const status = await new Promise((resolve) => {
      request(demo.origin, { headers: { host: 'evil.example' } }, ({ statusCode }) => resolve(statusCode)).end();
    });
    assert.equal(status, 421);
  });
});
