/** Working through a list of orders, for hours. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { startWithService } from './support/demo.mjs';

describe('working through a list', () => {
  let demo;
  before(async () => {
    demo = await startWithService();
  });
  after(() => demo?.stop());

  const links = (page) => page.locator('td.name a');
  const openList = async (hash = '#/orders') => {
    const opened = await demo.open(hash);
    await links(opened.page).first().waitFor();
    return opened;
  };

  test('back returns to the place and the filters; the title has the name', async () => {
    const { page, check, close } = await openList('#/orders?sort=name,asc');
    const link = page.getByRole('link', { name: /^docs\./ }).first();
    await link.click();
    await page.locator('.order-head').waitFor();
    assert.match(await page.title(), /^docs\..* · Order/);
    await page.goBack();
    await link.waitFor();
    assert.match(page.url(), /sort=name,asc|sort=name%2Casc/);
    // By the breadcrumb as well.
    await link.click();
    await page.getByRole('navigation', { name: 'Breadcrumb' }).getByRole('link', { name: 'Orders' }).click();
    await link.waitFor();
    assert.match(page.url(), /sort=name(,|%2C)asc/);
    check();
    await close();
  });

  test('back returns to where the list was scrolled to, and no further than that list', async () => {
    const { page, check, close } = await openList('#/orders?sort=name,asc');
    const scroller = page.locator('.scroller');
    const top = () => scroller.evaluate((element) => element.scrollTop);
    await scroller.evaluate((element) => element.scrollTo(0, 700));
    await page.waitForFunction(() => document.querySelector('td.name a').textContent > 'b');
    const inSight = page
      .locator('tbody tr', { has: page.locator('td.name') })
      .nth(14)
      .getByRole('link');
    const name = await inSight.innerText();
    await inSight.click();
    await page.locator('.order-head').waitFor();
    await page.goBack();
    await page.getByRole('link', { name, exact: true }).first().waitFor();
    assert.equal(await top(), 700);
    // By the breadcrumb as well.
    await page.getByRole('link', { name, exact: true }).first().click();
    await page.getByRole('navigation', { name: 'Breadcrumb' }).getByRole('link', { name: 'Orders' }).click();
    await page.getByRole('link', { name, exact: true }).first().waitFor();
    assert.equal(await top(), 700);
    // Another list begins at its top.
    await page.goto(`${demo.origin}/#/csr`);
    await page.goto(`${demo.origin}/#/orders?sort=name,desc`);
    await links(page).first().waitFor();
    assert.equal(await top(), 0);
    check();
    await close();
  });

  /** The service's replies to a list of orders, changed on their way to the page. */
  const change = (page, work) =>
    page.route('**/api/certs/order?*', async (route) => {
      const response = await route.fetch();
      const json = await response.json();
      await route.fulfill({ response, json: { ...json, content: json.content.map(work) } });
    });

  test('a status that nobody knows is shown, and filtered by; a date that is missing scrambles nothing', async () => {
    const { page, check, close } = await demo.open('#/csr');
    await change(page, (order, index) => ({
      ...order,
      ...(index === 0 && { status: 'DIGI_UNHEARD_OF' }),
      ...(index % 3 === 0 && { dateUpdated: null }),
      ...(index % 5 === 0 && { dateUpdated: undefined }),
    }));
    await page.goto(`${demo.origin}/#/orders`);
    await links(page).first().waitFor();
    // The latest change first; then what has no date, however the others are sorted.
    for (const isReversed of [false, true]) {
      const texts = await page.locator('td.updated').allTextContents();
      const first = texts.indexOf('–');
      assert.ok(first === -1 || texts.slice(first).every((text) => text === '–'), `${texts}`);
      if (!isReversed) await page.getByRole('button', { name: 'Updated' }).click();
    }
    await page.locator('.scroller').evaluate((scroller) => scroller.scrollTo(0, scroller.scrollHeight));
    await page.locator('td.updated', { hasText: '–' }).first().waitFor();
    await page.getByLabel('Status').selectOption('DIGI_UNHEARD_OF');
    await page.getByText('1 order', { exact: true }).waitFor();
    check();
    await close();
  });

  test('orders and organizations are loaded side by side, and one failing does not hide the other', async () => {
    const { page, close } = await demo.open('#/csr');
    // Not at the service: the server of the page may still have its last answer.
    await page.route('**/api/certs/organization?*', (route) => route.fulfill({ status: 403, json: {} }));
    await page.goto(`${demo.origin}/#/orders`);
    await links(page).first().waitFor();
    await page.getByText('Could not load the organizations: their names are missing.').waitFor();
    assert.equal(await page.locator('td.organization').first().textContent(), '–');
    await close();
  });

  test('an order opens at once from what the list knows', async () => {
    const { page, close } = await openList();
    const name = await links(page).first().textContent();
    await page.route(/\/api\/certs\/order\/[^/?]+$/, () => {});
    await links(page).first().click();
    await page.getByRole('heading', { level: 1, name }).waitFor();
    await close();
  });

  test('a poll takes neither the focus nor what was typed', async () => {
    const { page, close } = await openList('#/orders?sort=updated,desc');
    const row = links(page).nth(4);
    const name = await row.textContent();
    await row.focus();
    await demo.service.advance(24 * 3_600_000);
    await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange', { bubbles: true })));
    await page.locator('tr.changed').first().waitFor();
    assert.equal(await page.evaluate(() => document.activeElement.textContent), name);
    await close();
  });
});
