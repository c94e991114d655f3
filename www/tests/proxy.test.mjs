import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { placeOrder, startWithService } from './support/demo.mjs';

const csr = readFileSync(new URL('../src/views/csr/examples/ec-three-names.pem', import.meta.url), 'utf8');

describe('through the proxy', () => {
  let service;
  let demo;
  let secrets;
  before(async () => {
    demo = await startWithService();
    ({ service } = demo);
    const { auth } = service.options;
    secrets = [auth.apiKey, auth.password];
  });
  after(() => demo?.stop());

  test('orders are listed, placed and seen to move; the page holds no secret and asks nobody else', async () => {
    const { page, requests, check, close } = await demo.open('#/orders');
    const sent = [];
    // What is on its way when the page is closed has no headers yet.
    page.on('request', (request) => sent.push(request.allHeaders().catch(() => ({}))));
    await page.locator('td.name').first().waitFor();
    assert.equal((await page.locator('tbody').getByRole('row').count()) > 10, true);

    await page.goto(`${demo.origin}/#/new`);
    await page.getByLabel('Certificate request (CSR)').fill(csr);
    await page.getByLabel('Type').selectOption('SSL_DV_GEOTRUST');
    await page.getByRole('combobox', { name: 'Name', exact: true }).selectOption({ index: 1 });
    await page.getByText('Ready to order.').waitFor();
    await placeOrder(page);
    await page.locator('.order-head').waitFor();
    await service.advance(3_600_000);
    // A page that comes back into sight looks at once.
    await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange', { bubbles: true })));
    await page.locator('.order-head .badge', { hasText: 'Issued' }).waitFor();

    assert.ok(!requests.some((url) => url.includes('sandbox')), 'the sandbox is not loaded');
    const headers = (await Promise.all(sent)).map((of) => JSON.stringify(of));
    const seen = [await page.content(), ...headers, await page.evaluate(() => JSON.stringify({ ...sessionStorage }))];
    for (const secret of secrets) assert.ok(!seen.some((text) => text.includes(secret)));
    assert.ok(!headers.some((text) => /authorization/i.test(text)), 'the page sends no token');
    check();
    await close();
  });

  test('a token that the service forgot is replaced by a new one', async () => {
    const { page, check, close } = await demo.open('#/orders');
    await page.locator('td.name').first().waitFor();
    await service.advance(2 * 3_600_000);
    await page.goto(`${demo.origin}/#/expiry`);
    await page.reload();
    await page.locator('.weeks').waitFor();
    check();
    await close();
  });

  test('a service that is down is reported, with what to do, and comes back by itself', async () => {
    const { page, close } = await demo.open('#/orders');
    await page.locator('td.name').first().waitFor();
    await service.fault({ path: '/order', status: 503 });
    await page.reload();
    await page.getByRole('alert').getByText('Try again').first().waitFor();
    await service.clearFaults();
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.locator('td.name').first().waitFor();
    await close();
  });

  test('other pages, other methods and other paths are refused', async () => {
    const ask = (path, options) => fetch(demo.origin + path, options).then(({ status }) => status);
    assert.equal(await ask('/api/certs/order', { headers: { 'sec-fetch-site': 'same-origin' } }), 200);
    assert.equal(await ask('/api/certs/order', { headers: { 'sec-fetch-site': 'cross-site' } }), 403);
    assert.equal(await ask('/api/certs/order', { headers: { origin: 'https://evil.example' } }), 403);
    assert.equal(await ask('/api/certs/order', { method: 'PUT' }), 405);
    assert.equal(await ask('/api/certs/..%2f..%2fsandbox'), 404);
    assert.equal(await ask('/api/certs/%2e%2e/%2e%2e/sandbox'), 404);
  });

  test('thousands of orders are loaded page by page, and only those in sight are in the page', async () => {
    const { page, check, close } = await demo.open('#/csr');
    // The replies are the service's own, with each order many times over.
    const copies = 50;
    await page.route('**/api/certs/order?*', async (route) => {
      const reply = await route.fetch();
      const { content, page: place } = await reply.json();
      const many = content.flatMap((order) => Array.from({ length: copies }, (_, copy) => copyOf(order, copy)));
      const json = { content: many, page: { ...place, totalElements: place.totalElements * copies } };
      await route.fulfill({ response: reply, json });
    });
    await page.goto(`${demo.origin}/#/orders?sort=name,asc`);
    await page.getByText(/^[2-9],\d{3} orders$/).waitFor();
    const rows = page.locator('td.name');
    assert.ok((await rows.count()) < 60, 'a window of rows');
    await page.locator('.scroller').evaluate((scroller) => scroller.scrollTo(0, scroller.scrollHeight));
    await page
      .getByRole('link', { name: /^www\./ })
      .last()
      .waitFor();
    assert.ok((await rows.count()) < 60, 'another window of rows');
    check();
    await close();
  });
});

function copyOf(order, copy) {
  const commonName = `${order.cert?.commonName ?? 'new.example'}-${copy}`;
  return { ...order, id: order.id.replace(/^.{8}/, `${copy}`.padStart(8, '0')), cert: { ...order.cert, commonName } };
}
