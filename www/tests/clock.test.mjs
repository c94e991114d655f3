/** A page that is left open: what it says of time stays true, in the zone of the reader. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { startWithService } from './support/demo.mjs';

const hour = 3_600_000;
const day = 24 * hour;

describe('the clock of the page', () => {
  let demo;
  before(async () => {
    demo = await startWithService();
  });
  after(() => demo?.stop());

  /** Opens the list with a clock that the test moves. */
  async function openList(hash, options) {
    const opened = await demo.open('#/csr', options);
    const { page } = opened;
    await page.clock.install();
    await page.goto(`${demo.origin}/${hash}`);
    await page.reload();
    await page.clock.resume();
    await page.locator('td.name').first().waitFor();
    return opened;
  }

  const ofColumn = async (page, column) => (await page.locator(`td.${column}`).allTextContents()).slice(0, 5);

  test('thirty hours later the rows say so, although nothing has changed', async () => {
    const { page, close } = await openList('#/orders?status=DIGI_ISSUED');
    const daysOf = (texts) => texts.map((text) => Number(text.match(/(\d+) d$/)?.[1]));
    const [updated, expires] = [await ofColumn(page, 'updated'), daysOf(await ofColumn(page, 'expires'))];
    await page.clock.fastForward(30 * hour);
    await page.locator('td.updated').first().filter({ hasNotText: updated[0] }).waitFor();
    const later = daysOf((await ofColumn(page, 'expires')).filter((text) => text.endsWith(' d')));
    assert.ok(later.length > 0);
    for (const left of later) {
      assert.ok(expires.includes(left + 1) || expires.includes(left + 2), `${later} after ${expires}`);
    }
    assert.notDeepEqual(await ofColumn(page, 'updated'), updated);
    await close();
  });

  test('what has ended is shown as ended, and is of that group, whatever the service calls it', async () => {
    const { page, close } = await openList('#/orders?status=DIGI_ISSUED');
    await page.getByRole('button', { name: /^Issued [1-9]/ }).waitFor();
    await page.clock.fastForward(400 * day);
    await page.getByRole('button', { name: /^Issued 0/ }).waitFor();
    const badges = new Set(await page.locator('td.status').allTextContents());
    assert.deepEqual([...badges], ['Ended']);
    await page.getByRole('button', { name: /^Ended [1-9]/ }).click();
    await page.locator('td.name').first().waitFor();
    await close();
  });

  test('days are filtered as they are shown, in the zone of the reader', async () => {
    const timezoneId = 'Pacific/Kiritimati';
    const { page, close } = await demo.open('#/orders?sort=expires,asc&group=issued', { timezoneId });
    await page.locator('td.name').first().waitFor();
    const text = (await page.locator('td.expires').first().textContent()).replace(/ \d+ d$/, '');
    const [month, date, year] = text.match(/\w+/g);
    const number = `${new Date(`${month} 1, 2000`).getMonth() + 1}`.padStart(2, '0');
    const shown = `${year}-${number}-${date.padStart(2, '0')}`;
    await page.goto(`${demo.origin}/#/orders?group=issued&date=expires&from=${shown}&to=${shown}`);
    await page.locator('td.name').first().waitFor();
    const all = await page.locator('td.expires').allTextContents();
    assert.ok(all.length > 0 && all.every((one) => one.startsWith(text)), `${all}`);
    await page.goto(`${demo.origin}/#/orders`);
    await page.locator('td.name a').first().click();
    await page
      .getByText(/GMT\+14/)
      .first()
      .waitFor();
    await close();
  });
});
