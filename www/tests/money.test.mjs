/** Money: an order is placed once, whatever the user, the page and the network do meanwhile; and what it costs is said before. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, beforeEach, describe, test } from 'node:test';
import { hold, placeOrder, startWithService } from './support/demo.mjs';

const csr = readFileSync(new URL('../src/views/csr/examples/ec-three-names.pem', import.meta.url), 'utf8');
const looking = 'Looking whether it was placed';

describe('an order of the real service', () => {
  let service;
  let demo;
  before(async () => {
    // The tests together make almost as many calls as a minute has room for.
    demo = await startWithService({ rateLimit: false });
    ({ service } = demo);
  });
  beforeEach(() => service.clearFaults());
  after(() => demo?.stop());

  /** How many orders the service was sent. */
  const posts = async () =>
    (await service.requests()).filter(({ method, path }) => method === 'POST' && path.endsWith('/order')).length;

  /** Another name for each test: what one has ordered stands in the way of the next. */
  let names = 0;
  async function write(page) {
    names += 1;
    await page.getByLabel('Certificate request (CSR)').fill(csr);
    await page.getByLabel('Type').selectOption('SSL_DV_GEOTRUST');
    await page.getByLabel('Common name').fill(`once-${names}.example.org`);
    await page.getByLabel('Names, one per line').fill('');
    await page.getByRole('combobox', { name: 'Name', exact: true }).selectOption({ index: 1 });
    await page.getByText('Ready to order.').waitFor();
  }

  test('the page says that orders cost money, the button says how much, and a review comes first', async () => {
    const { page, check, close } = await demo.open('#/new');
    await page.getByText('Live: orders cost money').waitFor();
    await write(page);
    const before = await posts();
    await page.getByRole('button', { name: /Review the order · \d/ }).click();
    const review = page.getByRole('dialog');
    await review.getByText('This order costs money.').waitFor();
    assert.equal(await posts(), before, 'nothing is sent before the review');
    await review.getByRole('button', { name: /Place the order · \d/ }).click();
    await page.locator('.order-head').waitFor();
    assert.equal(await posts(), before + 1);
    check();
    await close();
  });

  test('a double click, and Enter twice, are one order', async () => {
    const { page, check, close } = await demo.open('#/new');
    await write(page);
    await service.fault({ method: 'POST', path: '/order', delayMs: 700, times: 1 });
    const before = await posts();
    await page.getByRole('button', { name: 'Review the order' }).click();
    await page
      .getByRole('dialog')
      .getByRole('button', { name: 'Place the order' })
      .evaluate((button) => {
        button.click();
        button.click();
      });
    await page.locator('.order-head').waitFor();
    assert.equal(await posts(), before + 1);
    check();
    await close();
  });

  test('a reload in flight locks the form, finds the order, and links to it', async () => {
    const { page, check, close } = await demo.open('#/new');
    await write(page);
    const before = await posts();
    // It arrives, and its answer never does: the page has ended.
    const arrived = new Promise((resolve) => {
      page.route('**/api/certs/order', (route) => resolve(route.fetch()), { times: 1 });
    });
    await placeOrder(page);
    await arrived;
    const answer = await hold(page, 'GET', '**/api/certs/order?*');
    await page.reload();
    await page.getByText(looking).waitFor();
    assert.ok(await page.getByLabel('Comments').isDisabled(), 'the form is locked meanwhile');
    assert.ok(await page.getByRole('button', { name: 'Review the order' }).isDisabled());
    answer();
    await page.getByRole('link', { name: 'Show the order' }).click();
    await page.locator('.order-head').waitFor();
    assert.equal(await posts(), before + 1);
    check();
    await close();
  });

  test('who leaves the form in flight and comes back finds it locked, and is told what came of it', async () => {
    const { page, check, close } = await demo.open('#/new');
    await write(page);
    const send = await hold(page, 'POST', '**/api/certs/order');
    const before = await posts();
    await placeOrder(page);
    await page.getByText(/Placing the order of/).waitFor();
    await page.getByRole('link', { name: 'Orders', exact: true }).click();
    await page.goBack();
    assert.ok(await page.getByRole('button', { name: 'Review the order' }).isDisabled());
    await page.getByRole('link', { name: 'Inspect', exact: true }).click();
    send();
    await page.getByText(/The order of .* is placed/).waitFor();
    assert.match(page.url(), /#\/csr$/, 'nobody is led away');
    assert.equal(await posts(), before + 1);
    check();
    await close();
  });

  test('two tabs place an order each, and after a reload in flight each is told of its own', async () => {
    const { page, close } = await demo.open('#/new');
    const other = await page.context().newPage();
    await other.goto(`${demo.origin}/#/new`);
    const before = await posts();
    const tabs = [];
    for (const tab of [page, other]) {
      await write(tab);
      const arrived = new Promise((resolve) => {
        tab.route('**/api/certs/order', (route) => resolve(route.fetch()), { times: 1 });
      });
      tabs.push({ tab, arrived, name: `once-${names}.example.org` });
    }
    for (const { tab, arrived } of tabs) {
      await placeOrder(tab);
      await arrived;
    }
    for (const { tab, name } of tabs) {
      await tab.reload();
      await tab.getByRole('main').getByText(`The order of ${name} is placed.`).waitFor();
    }
    const third = await page.context().newPage();
    await third.goto(`${demo.origin}/#/new`);
    assert.ok(await third.getByLabel('Comments').isEnabled(), 'what others place locks no third one');
    assert.equal(await posts(), before + 2);
    await close();
  });

  test('a lost answer is looked for, and not sent again', async () => {
    const { page, close } = await demo.open('#/new');
    await write(page);
    const before = await posts();
    await service.fault({ method: 'POST', path: '/order', drop: 'after', times: 1 });
    await placeOrder(page);
    await page.locator('.order-head, .note:has-text("Nobody can tell yet")').first().waitFor({ timeout: 60_000 });
    if (!page.url().includes('#/order/')) {
      await page.getByRole('button', { name: 'Look again' }).click();
      await page.getByRole('link', { name: 'Show the order' }).click({ timeout: 60_000 });
      await page.locator('.order-head').waitFor();
    }
    assert.equal(await posts(), before + 1);
    await close();
  });

  test('the same names again are announced with a link, and the same order is given back', async () => {
    const { page, check, close } = await demo.open('#/new');
    await write(page);
    await placeOrder(page);
    await page.locator('.order-head').waitFor();
    const address = page.url();
    const before = await posts();
    await page.goto(`${demo.origin}/#/new`);
    names -= 1;
    await write(page);
    const warning = page.getByRole('region', { name: 'Summary' }).getByText('There is an order of the same names.');
    await warning.waitFor();
    await placeOrder(page);
    await page.getByText(/was there already\. Nothing was bought\./).waitFor();
    await page.getByRole('link', { name: 'Show the order' }).click();
    assert.equal(page.url(), address);
    assert.equal(await posts(), before);
    check();
    await close();
  });

  test('a refusal is at its field, and in a note that says what, why and what to do', async () => {
    const { page, close } = await demo.open('#/new');
    await write(page);
    const body = JSON.stringify({
      validations: [{ field: 'cert.commonName', code: 'INVALID', message: 'commonName is not allowed' }],
    });
    await service.fault({ method: 'POST', path: '/order', status: 400, body, times: 1 });
    await placeOrder(page);
    const note = page.getByRole('alert');
    await note.getByText(/The order of .* was not placed/).waitFor();
    await note.getByText('Change what it names, then try again.').waitFor();
    const field = page.getByLabel('Common name');
    assert.equal(await field.getAttribute('aria-invalid'), 'true');
    assert.equal(
      await page.locator(`[id="${await field.getAttribute('aria-describedby')}"]`).textContent(),
      'commonName is not allowed',
    );
    assert.ok(await field.isEnabled(), 'it can be changed');
    await close();
  });

  test('what the service says of a refusal is told once, and the call is for technicians', async () => {
    for (const status of [403, 409, 422]) {
      const { page, close } = await demo.open('#/new');
      await write(page);
      const said = `Refused as ${status}`;
      const body = JSON.stringify({ errors: [{ code: 'REFUSED', message: said }] });
      await service.fault({ method: 'POST', path: '/order', status, body, times: 1 });
      await placeOrder(page);
      const note = page.getByRole('alert');
      await note.getByText(/The order of .* was not placed/).waitFor();
      assert.doesNotMatch(await note.getByRole('paragraph').innerText(), /POST|\(\)|Refused/, `${status}`);
      await close();
    }
  });

  test('a failure is told although its dialog was closed', async () => {
    const { page, close } = await demo.open('#/orders?status=DIGI_PENDING');
    await page.locator('td.name a').first().click();
    await service.fault({ method: 'PATCH', path: '/cancel', status: 403, times: 1 });
    const send = await hold(page, 'PATCH', '**/cancel');
    await page.getByRole('button', { name: 'Cancel', exact: true }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel it' }).click();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    send();
    await page.getByText(/Cancel, .*: it could not be done\. This account may not do that\./).waitFor();
    await close();
  });
});
