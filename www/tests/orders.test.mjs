import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { openExample, passTime, placeOrder, startDemo } from './support/demo.mjs';

const example = (name) => readFileSync(new URL(`../src/views/csr/examples/${name}.pem`, import.meta.url), 'utf8');

/** The order's status, as its page shows it. */
const status = (page, word) => page.locator('.order-head .badge', { hasText: word });

/** The days that the rows show, of those that have an end. */
async function daysLeft(page) {
  const texts = await page.locator('td.expires').allTextContents();
  return texts.flatMap((text) => text.match(/(\d+) d$/)?.[1] ?? []).map(Number);
}

/** Opens the first order of the list that has this status. */
async function openOrder(page, wanted) {
  await page.goto(`${new URL(page.url()).origin}/#/orders?status=${wanted}`);
  await page.locator('td.name a').first().click();
  await page.locator('.order-head').waitFor();
}

/** Fills in an order of this type. */
async function fillOrder(page, type) {
  await page.getByLabel('Certificate request (CSR)').fill(example('ec-three-names'));
  await page.getByLabel('Type').selectOption(type);
  await page.getByRole('combobox', { name: 'Name', exact: true }).selectOption({ label: 'Muster Handel GmbH' });
  assert.equal(await page.getByLabel('Common name').inputValue(), 'example.org');
  await page.getByLabel('Comments').fill('For the shop.');
  await page.getByText('Ready to order.').waitFor();
}

/** Does an action of the order page, and waits until its dialog is gone. */
async function act(page, action, confirm) {
  await page.getByRole('region', { name: 'Status' }).getByRole('button', { name: action }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: confirm }).click();
  await dialog.waitFor({ state: 'detached' });
}

describe('orders in the sandbox', () => {
  let demo;
  before(async () => {
    demo = await startDemo();
  });
  after(() => demo.stop());

  test('the list is filtered, searched and sorted, and its address says how', async () => {
    const { page, check, close } = await demo.open('#/orders');
    const rows = page.locator('td.name');
    await rows.first().waitFor();
    await page.getByRole('button', { name: /^Issued/ }).click();
    const badges = await page.locator('td.status').allTextContents();
    assert.deepEqual([...new Set(badges)], ['Issued']);
    await page.getByLabel('Search').fill('handel');
    await page.getByRole('button', { name: 'Expires' }).click();
    const names = await rows.locator('a').allTextContents();
    assert.ok(names.length > 1 && names.every((name) => name.includes('handel')), `${names}`);
    const days = await daysLeft(page);
    assert.ok(days.length > 1, `${days}`);
    assert.deepEqual(
      days,
      days.toSorted((a, b) => a - b),
    );
    assert.equal(await page.locator('th.expires').getAttribute('aria-sort'), 'ascending');
    await page.reload();
    await rows.first().waitFor();
    assert.deepEqual(await rows.locator('a').allTextContents(), names);
    assert.equal(await page.getByLabel('Search').inputValue(), 'handel');
    await page.getByLabel('Search').fill('nobody has this name');
    await page.getByRole('link', { name: 'Clear the filters' }).click();
    await rows.first().waitFor();
    check();
    await close();
  });

  test('the list is narrowed to a span of days, which its address says', async () => {
    const { page, check, close } = await demo.open('#/orders');
    const rows = page.locator('td.name');
    await rows.first().waitFor();
    await page.getByLabel('Date').selectOption('Created between…');
    const day = (ago) => new Date(Date.now() - ago * 86_400_000).toISOString().slice(0, 10);
    await page.getByLabel('From', { exact: true }).fill(day(20));
    await page.getByLabel('To', { exact: true }).fill(day(10));
    await page.getByText(/^[1-9]\d? orders?$/).waitFor();
    const total = await page.locator('table').getAttribute('aria-rowcount');
    assert.ok(Number(total) > 1 && Number(total) < 61, `${total} rows`);
    await page.reload();
    await rows.first().waitFor();
    assert.equal(await page.getByLabel('From', { exact: true }).inputValue(), day(20));
    assert.equal(await page.locator('table').getAttribute('aria-rowcount'), total);
    // A span in which nothing happened.
    await page.getByLabel('To', { exact: true }).fill(day(21));
    await page.getByText('No order matches these filters').waitFor();
    await page.getByLabel('Date').selectOption('Expires within 30 days');
    await rows.first().waitFor();
    const days = await daysLeft(page);
    assert.ok(days.length > 0 && days.every((left) => left <= 30), `${days}`);
    check();
    await close();
  });

  test('rows move as time passes, and those that changed are marked', async () => {
    const { page, check, close } = await demo.open('#/orders?status=DIGI_PENDING');
    const row = page
      .locator('tbody tr', { has: page.locator('td.name') })
      .filter({ hasText: 'northwind' })
      .first();
    await row.waitFor();
    const address = await row.locator('a').getAttribute('href');
    await page.goto(`${demo.origin}/#/orders`);
    await passTime(page, '1 day');
    const moved = page.locator('tr.changed', { has: page.locator(`a[href="${address}"]`) });
    await moved.getByText('Issued').waitFor();
    check();
    await close();
  });

  test('an order whose names the service does not show yet has those that were ordered, after a reload too', async () => {
    const { page, check, close } = await demo.open('#/new');
    // One of domain validation alone may be issued before a slow machine has looked.
    await fillOrder(page, 'SSL_OV_BASIC');
    await placeOrder(page);
    await page.getByText('example.org is what you ordered here').waitFor();
    await page.reload();
    await page.getByText('example.org is what you ordered here').waitFor();
    check();
    await close();
  });

  test('an order lives: placed, issued, downloaded, reissued, revoked', async () => {
    const { page, check, close } = await demo.open('#/new');
    await fillOrder(page, 'SSL_DV_THAWTE');
    await page.getByRole('region', { name: 'Summary' }).getByText('100', { exact: true }).waitFor();
    await placeOrder(page);
    await page.getByText('The order of example.org is placed.').waitFor();
    await page.getByRole('heading', { level: 1, name: 'example.org' }).waitFor();
    await page.getByText('For the shop.', { exact: true }).waitFor();
    await passTime(page, '1 hour');
    await status(page, 'Issued').waitFor();
    assert.equal(await page.getByText('is what you ordered here').count(), 0);
    const chain = page.getByRole('list', { name: 'Chain, from the leaf to the root' });
    await chain.getByText('Root ·').waitFor();
    assert.equal(await chain.getByRole('listitem').count(), 3);
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'PEM with chain' }).click(),
    ]);
    assert.equal(download.suggestedFilename(), 'example.org.pem');
    assert.equal(readFileSync(await download.path(), 'utf8').match(/BEGIN CERTIFICATE/g).length, 3);
    const [bundle] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'PKCS #7' }).click(),
    ]);
    assert.equal(bundle.suggestedFilename(), 'example.org.p7b');

    const certificate = page.getByRole('region', { name: 'Certificate', exact: true });
    const serial = await certificate.locator('.hash code').textContent();
    await page.getByRole('region', { name: 'Status' }).getByRole('button', { name: 'Reissue' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('CSR, if the key changes').fill(example('weak'));
    await dialog.getByRole('button', { name: 'Reissue' }).click();
    const reason = dialog.getByRole('alert').locator('li, p', { hasText: /1024 bits/ });
    await reason.first().waitFor();
    assert.equal(await reason.count(), 1, 'each reason is told once');
    await dialog.getByRole('button', { name: 'Back' }).click();
    await act(page, 'Reissue', 'Reissue');
    await status(page, 'Reissue').waitFor();
    await passTime(page, '1 hour');
    await status(page, 'Issued').waitFor();
    await page.waitForFunction((old) => {
      const shown = document.querySelector('[aria-label=Certificate] .hash code')?.textContent;
      return shown && shown !== old;
    }, serial);

    await page.getByRole('region', { name: 'Status' }).getByRole('button', { name: 'Revoke' }).click();
    const revoke = page.getByRole('dialog').getByRole('button', { name: 'Revoke permanently' });
    assert.ok(await revoke.isDisabled(), 'revoking asks for the common name');
    await page.getByRole('dialog').getByRole('textbox').fill('example.org');
    await revoke.click();
    await page.getByText('Its revocation is under way.').waitFor();
    await passTime(page, '1 hour');
    await status(page, 'Revoked').waitFor();
    assert.equal(await certificate.getByText('Valid until', { exact: true }).count(), 0);
    check();
    await close();
  });

  test('what was done, and the time that passed, survive a reload and are found by their address', async () => {
    const { page, check, close } = await demo.open('#/orders');
    await page.locator('td.name').first().waitFor();
    await openOrder(page, 'DIGI_PENDING');
    await act(page, 'Cancel', 'Cancel it');
    await status(page, 'Canceled').waitFor();
    await passTime(page, '30 days');
    const time = await page.locator('.instrument .figure').last().textContent();
    await page.reload();
    await status(page, 'Canceled').waitFor();
    assert.equal((await page.locator('.instrument .figure').last().textContent()).slice(0, 12), time.slice(0, 12));
    await page.getByRole('link', { name: 'Orders', exact: true }).first().click();
    await page.goBack();
    await status(page, 'Canceled').waitFor();
    check();
    await close();
  });

  test('an order that is checked asks for what its type and its domains need, and for nothing else', async () => {
    const { page, check, close } = await demo.open('#/orders');
    await page.locator('td.name').first().waitFor();
    const open = async (type) => {
      await page.goto(`${demo.origin}/#/orders?status=DIGI_PENDING&type=${type}`);
      await page.locator('td.name a').first().click();
      await page.getByText('Show control of every domain as described below.').waitFor();
      await page
        .getByText(/Create a TXT record/)
        .first()
        .waitFor();
    };
    const approver = page.getByText('its EV approver has to answer an email');
    await open('SSL_OV_THAWTE_WEBSERVER');
    assert.equal(await approver.count(), 0);
    assert.equal(await page.getByRole('button', { name: 'Send DCV email again' }).count(), 0);
    await open('SSL_EV_SECURESITE');
    await approver.waitFor();
    check();
    await close();
  });

  test('a certificate is renewed from the week in which it ends', async () => {
    const { page, check, close } = await demo.open('#/expiry');
    await page
      .getByRole('button', { name: /^Week of .*: [1-9]/ })
      .nth(1)
      .click();
    const first = page.locator('.expiring li').first();
    const name = await first.locator('a').first().textContent();
    await first.getByRole('link', { name: `Renew ${name}` }).click();
    await page.getByRole('heading', { name: 'Renew a certificate' }).waitFor();
    assert.equal(await page.getByLabel('Common name').inputValue(), name);
    assert.equal(await page.locator('nav [aria-current]').innerText(), 'Expiry');
    const csr = page.getByLabel('Certificate request (CSR)');
    const old = await csr.inputValue();
    const summary = page.getByRole('region', { name: 'Summary' });
    await summary.getByText(`This renews ${name}.`).waitFor();
    await summary.getByText(/Its certificate is valid until .*, and stays so\./).waitFor();
    const subject = ['-subj', `/CN=${name}`, '-addext', `subjectAltName=DNS:${name}`];
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', '/dev/null'];
    await csr.fill(execFileSync('openssl', ['req', '-new', ...key, ...subject], { encoding: 'utf8' }));
    await summary.getByText('The new certificate has a new key.').waitFor();
    await csr.fill(old);
    await summary.getByText('The key stays the same').waitFor();
    await page.getByText('Ready to order.').waitFor();
    assert.equal(
      await page.getByText('There is an order of the same names.').count(),
      0,
      'those before it do not matter',
    );
    assert.equal(await page.getByLabel('Comments').inputValue(), '');
    const renewed = new URLSearchParams(page.url().split('?')[1]).get('renew');
    await placeOrder(page);
    await page.getByText(`The order of ${name} is placed.`).waitFor();
    await page.getByRole('region', { name: 'Details' }).getByRole('link', { name: renewed }).waitFor();
    await passTime(page, '1 day');
    await status(page, 'Issued').waitFor();
    check();
    await close();
  });

  test('what is ordered after a look at a renewal is not that renewal', async () => {
    const { page, check, close } = await demo.open('#/expiry');
    const renew = async () => {
      await page.goto(`${demo.origin}/#/expiry`);
      await page
        .getByRole('link', { name: /^Renew / })
        .first()
        .click();
      await page.waitForFunction(() => document.querySelector('form textarea')?.value.includes('BEGIN'));
    };
    const isNew = async (name) => {
      await page.getByRole('heading', { level: 1, name: 'New order' }).waitFor();
      await page.waitForFunction((name) => document.querySelector('form input')?.value === name, name);
      assert.equal(await page.getByLabel('Type').inputValue(), 'SSL_OV_BASIC');
    };
    await renew();
    await page.getByRole('link', { name: 'New order' }).click();
    await isNew('');
    await renew();
    await page.goto(`${demo.origin}/#/csr`);
    await openExample(page, 'EC P-256, three names');
    await page.getByRole('button', { name: 'Order', exact: true }).click();
    await isNew('example.org');
    check();
    await close();
  });

  test('an order that would be refused is not sent, and the reasons stand beside it', async () => {
    const { page, check, close } = await demo.open('#/new');
    await page.getByLabel('Certificate request (CSR)').fill(example('weak'));
    await page.getByRole('combobox', { name: 'Name', exact: true }).selectOption({ label: 'Muster Handel GmbH' });
    await page.getByText(/to fix first/).waitFor();
    await page.getByRole('button', { name: 'Review the order' }).click();
    await page.getByRole('alert').getByText('Nothing was sent').waitFor();
    await page.getByLabel('Certificate request (CSR)').fill('-----BEGIN CERTIFICATE REQUEST-----\n');
    await page.getByText('This is not a certificate request.').waitFor();
    const startOver = page.getByRole('button', { name: 'Start over' });
    const dialog = page.getByRole('dialog');
    await startOver.click();
    await dialog.getByRole('button', { name: 'Back' }).click();
    await dialog.waitFor({ state: 'detached' });
    assert.match(await page.getByLabel('Certificate request (CSR)').inputValue(), /BEGIN/, 'it asked first');
    await startOver.click();
    await dialog.getByRole('button', { name: 'Clear the form' }).click();
    await page.getByRole('alert').first().waitFor({ state: 'detached' });
    assert.equal(await page.locator('[aria-invalid]').count(), 0);
    assert.ok(await startOver.isDisabled(), 'there is nothing to clear');
    check();
    await close();
  });

  test('a new order that was begun is there again after a renewal', async () => {
    const { page, check, close } = await demo.open('#/new');
    const comments = page.getByLabel('Comments');
    await comments.fill('half written');
    await page.goto(`${demo.origin}/#/orders?status=DIGI_ISSUED`);
    await page.locator('td.name a').first().click();
    await page.getByRole('link', { name: 'Renew' }).click();
    await page.getByRole('heading', { level: 1, name: 'Renew a certificate' }).waitFor();
    await page.getByText(/^This renews/).waitFor();
    assert.notEqual(await comments.inputValue(), 'half written');
    await page.getByRole('link', { name: 'New order', exact: true }).click();
    await page.getByRole('heading', { level: 1, name: 'New order' }).waitFor();
    assert.equal(await comments.inputValue(), 'half written');
    check();
    await close();
  });

  test('a burst fills the limit, queues the rest and is never refused', async () => {
    const { page, check, close } = await demo.open('#/orders');
    await page.locator('td.name').first().waitFor();
    const burst = page.getByRole('switch', { name: 'Burst' });
    await burst.click();
    await page.getByText(/[1-9]\d* queued · \d kept for you/).waitFor();
    await page.getByText(/9\d answered, 0 refused/).waitFor();
    // A view that is opened now does not wait behind the burst.
    await openOrder(page, 'DIGI_ISSUED');
    await burst.click();
    assert.equal(await burst.getAttribute('aria-checked'), 'false');
    check();
    await close();
  });

  test('the keyboard alone goes from the list to an order and back', async () => {
    const { page, check, close } = await demo.open('#/orders');
    await page.locator('td.name a').first().focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    const name = await page.evaluate(() => document.activeElement.textContent);
    assert.equal(name, await page.locator('td.name a').nth(2).textContent());
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name }).waitFor();
    check();
    await close();
  });

  test('an order that is not there says so and leads back', async () => {
    const { page, check, close } = await demo.open('#/order/1c7d2a0e-6a5f-4f7e-9a51-0d9b7a6f2a10');
    await page.getByRole('alert').getByText('go back to the list').waitFor();
    await page.getByRole('link', { name: 'Orders', exact: true }).first().click();
    await page.locator('td.name').first().waitFor();
    check();
    await close();
  });

  test('without the network the sandbox keeps working', async () => {
    const { page, check, close } = await demo.open('#/orders');
    await page.locator('td.name').first().waitFor();
    await page.context().setOffline(true);
    await page.getByText('You are offline.').waitFor();
    await openOrder(page, 'DIGI_ISSUED');
    await page.getByRole('link', { name: 'Inspect' }).click();
    await openExample(page, 'RSA 2048, one name');
    await page.context().setOffline(false);
    await page.getByText('You are offline.').waitFor({ state: 'detached' });
    check();
    await close();
  });
});
