import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { get } from 'node:http';
import { connect } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { openExample, placeOrder, startDemo } from './support/demo.mjs';

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

  const request = readFileSync(new URL('../src/views/csr/examples/rsa-2048.pem', import.meta.url));
  const field = (page) => page.getByLabel('Certificate request, certificate or bundle');
  const isRead = (page) => page.getByRole('heading', { name: 'example.com', exact: true }).waitFor();
  /** What Inspect can do, the files that it needs for that, and what is there once they can be loaded. */
  const needs = {
    'what is typed': ['**/*.wasm', (page) => field(page).fill(`${request}`), isRead],
    'a file': [
      '**/*.wasm',
      (page) => page.getByLabel('Files').setInputFiles({ name: 'a.csr', mimeType: 'text/plain', buffer: request }),
      isRead,
    ],
    'a form': [
      '**/make-csr-*.js',
      (page) => page.getByRole('button', { name: 'Make a CSR' }).click(),
      (page) => page.getByRole('button', { name: 'Make a CSR' }).waitFor(),
    ],
  };
  for (const [what, [files, start, comes]] of Object.entries(needs)) {
    test(`Inspect says when ${what} needs what cannot be loaded, and tries again`, async () => {
      const { page, close } = await demo.open();
      await field(page).waitFor();
      await page.route(files, (route) => route.abort());
      await start(page);
      const alert = page.getByRole('alert');
      await alert.getByText('could not be loaded').first().waitFor();
      assert.doesNotMatch(await alert.getByRole('paragraph').innerText(), /http/, 'no address');
      await page.unroute(files);
      await alert.getByRole('button', { name: 'Try again' }).click();
      await alert.waitFor({ state: 'detached' });
      await comes(page);
      await close();
    });
  }

  test('an order of a request that is read says so when its form cannot be loaded', async () => {
    const { page, close } = await demo.open();
    await openExample(page, 'RSA 2048, one name');
    await page.route('**/draft-*.js', (route) => route.abort());
    await page.getByRole('button', { name: 'Order', exact: true }).click();
    await page.getByText('The form could not be loaded').waitFor();
    await close();
  });

  test('where the browser has WebAssembly turned off, that is said, and nothing of the network', async () => {
    const { page, close } = await demo.open();
    await page.addInitScript(() => delete window.WebAssembly);
    await page.reload();
    await page.locator('textarea.pem').fill(`${request}`);
    await page.getByRole('alert').getByText('This browser has WebAssembly turned off').waitFor();
    await page.goto(`${demo.origin}/#/orders`);
    await page.getByRole('alert').getByText('WebAssembly turned off').first().waitFor();
    await close();
  });

  test('without the storage of the browser orders are shown; placing one says why it is refused', async () => {
    const { page, check, close } = await demo.open('#/orders');
    await page.addInitScript(() => {
      const get = () => {
        throw new DOMException('Access is denied for this document.', 'SecurityError');
      };
      for (const name of ['localStorage', 'sessionStorage']) Object.defineProperty(window, name, { get });
    });
    await page.reload();
    await page.locator('td.name').first().waitFor();
    await page.goto(`${demo.origin}/#/new`);
    await page.getByLabel('Certificate request (CSR)').fill(`${request}`);
    await page.getByLabel('Type').selectOption('SSL_DV_GEOTRUST');
    await page.getByRole('combobox', { name: 'Name', exact: true }).selectOption({ index: 1 });
    await page.getByText('Ready to order.').waitFor();
    await placeOrder(page);
    await page.getByRole('alert').getByText('This browser keeps nothing for this page').waitFor();
    check();
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
