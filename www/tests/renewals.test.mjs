/** Expiry: the plan of the renewal engine, and renewing what is chosen of it. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { passTime, startDemo, startWithService } from './support/demo.mjs';

const day = 86_400_000;
const group = (page, title) => page.locator('details.card', { has: page.locator('summary', { hasText: title }) });
const chooser = (page) => page.getByRole('checkbox', { name: /^Select / });

/** Chooses the first certificates, and makes their keys; gives back their names. */
async function makeKeys(page, number) {
  await chooser(page).first().waitFor();
  const names = [];
  for (let index = 0; index < number; index += 1) {
    await chooser(page).nth(index).check();
    names.push(
      await page
        .locator('.expiring li', { has: chooser(page) })
        .nth(index)
        .getByRole('link')
        .first()
        .innerText(),
    );
  }
  await page.getByRole('button', { name: `Renew ${number}…` }).click();
  await page.getByRole('button', { name: `Make ${number} key` }).click();
  await page.getByRole('dialog', { name: 'Save the private key now' }).waitFor();
  return names;
}

describe('the plan of renewals', () => {
  let demo;
  before(async () => {
    demo = await startDemo();
  });
  after(() => demo.stop());

  test('its engine is loaded when Expiry is opened, and not before', async () => {
    const { page, requests, check, close } = await demo.open('#/orders');
    const isLoaded = () => requests.some((url) => /renewals[^/]*\.wasm$/.test(url));
    await page.locator('td.name').first().waitFor();
    assert.equal(isLoaded(), false);
    await page.getByRole('link', { name: 'Expiry' }).click();
    await chooser(page).first().waitFor();
    assert.equal(isLoaded(), true);
    check();
    await close();
  });

  test('keys are saved before anything is placed; each order is placed once, and followed to its end', async () => {
    const { page, check, close } = await demo.open('#/orders');
    const rowsOf = async (name) => {
      await page.goto(`${demo.origin}/#/orders?text=${name}&group=issued`);
      await page.getByText(/^\d+ orders?$/).waitFor();
      return await page.locator('td.name').count();
    };
    await page.locator('td.name').first().waitFor();
    await page.goto(`${demo.origin}/#/expiry`);
    const first = await page
      .locator('.expiring li', { has: chooser(page) })
      .first()
      .getByRole('link')
      .first()
      .innerText();
    const before = await rowsOf(first);
    await page.goto(`${demo.origin}/#/expiry`);
    const names = await makeKeys(page, 3);
    assert.equal(names[0], first);
    assert.equal(await page.getByRole('button', { name: /^Place/ }).count(), 0, 'not before the keys are saved');
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Save the key' }).click(),
    ]);
    const keys = readFileSync(await file.path(), 'utf8');
    assert.equal(keys.match(/-----BEGIN PRIVATE KEY-----/g).length, 3);
    for (const name of names) assert.ok(keys.includes(`${name}, renews the order `), name);
    await page.getByRole('button', { name: /^Place 3 orders · [\d,]+$/ }).click();
    await page.getByText('3 renewals placed.').waitFor();
    await group(page, 'Being renewed').getByRole('listitem').nth(2).waitFor();
    // The page holds the requests, and no key.
    const kept = await page.evaluate(() => JSON.stringify([{ ...sessionStorage }, { ...localStorage }]));
    assert.ok(kept.includes('CERTIFICATE REQUEST'));
    assert.ok(!kept.includes('PRIVATE KEY'));
    await page.reload();
    await group(page, 'Being renewed').getByRole('listitem').nth(2).waitFor();
    await passTime(page, '1 day');
    await group(page, 'Being renewed').waitFor({ state: 'detached' });
    assert.equal(await rowsOf(first), before + 1);
    check();
    await close();
  });

  test('why something is not renewed now is a sentence, with the date as it is written elsewhere', async () => {
    const { page, check, close } = await demo.open('#/expiry');
    const reason = group(page, 'Not due yet').locator('.reason').first();
    assert.match(await reason.innerText(), /^It is due on [A-Z][a-z]{2} \d{1,2}, \d{4}\.$/);
    check();
    await close();
  });

  test('a page that has to wait for the limit says so', async () => {
    const { page, check, close } = await demo.open('#/expiry');
    await chooser(page).first().waitFor();
    const note = page.getByText(/The rate limit is used up: next look in \d+.s/);
    // It leaves a few slots, which the plan soon needs for its looks.
    await page.getByRole('switch', { name: 'Burst' }).click();
    const isThere = () =>
      note.waitFor({ timeout: 500 }).then(
        () => true,
        () => false,
      );
    for (let times = 0; times < 20 && !(await isThere()); times += 1) await passTime(page, '1 hour');
    await note.waitFor();
    check();
    await close();
  });

  test('keys that are not saved are not lost without a question, and nothing is placed', async () => {
    const { page, check, close } = await demo.open('#/expiry');
    const [name] = await makeKeys(page, 1);
    await page.keyboard.press('Escape');
    await page.getByText('The key is not saved.').waitFor();
    await page.getByRole('button', { name: 'Lose the key' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.goto(`${demo.origin}/#/orders?text=${name}&group=progress`);
    await page.getByText('No order matches these filters').waitFor();
    check();
    await close();
  });
});

describe('the plan of a large account', () => {
  const total = 10_000;
  let demo;
  before(async () => {
    demo = await startWithService();
  });
  after(() => demo?.stop());

  /** Of every hundred the first has ended, and is called expired; the second has a successor, the third. */
  function orderOf(index, like) {
    const place = index % 100;
    const left = place === 0 ? -40 : place === 1 ? 20 : place === 2 ? 180 : 30 + (index % 400);
    const name = `n${place === 2 ? index - 1 : index}.example.com`;
    const date = (days) => new Date(Date.now() + days * day).toISOString();
    return {
      ...like,
      ...{ id: `order-${index}`, status: place === 0 ? 'DIGI_EXPIRED' : 'DIGI_ISSUED', comments: null },
      ...{ dateCreated: date(left - 199), dateUpdated: date(-index / total) },
      cert: {
        ...{ commonName: name, dnsNames: [name], dcvMethod: 'EMAIL', serialNumber: `${index}`, csr: like.cert.csr },
        ...{ dateValidFrom: date(left - 199), dateValidUntil: date(left) },
      },
    };
  }

  test('ended ones are shown whatever their status; few rows are drawn; far dates are in one bar', async () => {
    const { page, check, close } = await demo.open('#/csr');
    let all;
    let lists = 0;
    await page.route('**/api/certs/order?*', async (route) => {
      lists += 1;
      const query = new URL(route.request().url()).searchParams;
      all ??= await route.fetch().then(async (response) => {
        const { content } = await response.json();
        const like = content.find(({ cert }) => cert?.csr) ?? content[0];
        return Array.from({ length: total }, (_, index) => orderOf(index, like));
      });
      const statuses = query.get('statuses')?.split(',');
      const wanted = all.filter(({ status }) => !statuses || statuses.includes(status));
      const [size, number] = [Number(query.get('size') ?? 20), Number(query.get('page') ?? 0)];
      const content = wanted.slice(number * size, (number + 1) * size);
      const totalPages = Math.ceil(wanted.length / size);
      await route.fulfill({
        json: { content, page: { size, number, totalPages, totalElements: wanted.length } },
      });
    });
    await page.goto(`${demo.origin}/#/expiry`);
    const ended = group(page, 'Ended, and not replaced');
    await ended.locator('.count', { hasText: /^100$/ }).waitFor();
    // The orders in pages of 200 and those that have ended: more than a minute's hundred calls would wait for the limit.
    assert.ok(lists <= total / 200 + 2, `${lists} pages`);
    await ended.getByRole('link', { name: 'n0.example.com', exact: true }).waitFor();
    await page.getByRole('status').getByText('9,900 certificates', { exact: true }).waitFor();
    const replaced = group(page, /^Replaced/);
    assert.equal(await replaced.locator('.count').innerText(), '100');
    assert.ok(await replaced.getByText('n1.example.com').isHidden(), 'what needs nobody is folded');
    await replaced.locator('summary').click();
    await replaced.getByRole('link', { name: 'The new order' }).first().waitFor();
    const rows = await page.locator('.expiring li').count();
    assert.ok(rows > 20 && rows < 400, `${rows} of ${total} rows are drawn`);
    // The last bar has what ends after half a year.
    const bars = page.locator('.weeks button');
    assert.equal(await bars.count(), 29);
    await bars.last().click();
    const dates = await page.locator('.expiring .days-left').allInnerTexts();
    assert.ok(dates.length > 0 && dates.every((text) => Number(text.match(/(\d+) d$/)[1]) > 180), `${dates}`);
    check();
    await close();
  });
});
