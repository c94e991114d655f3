/** A private key is never kept, whatever field it is pasted into; and one that was made here is not lost by accident. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { after, before, describe, test } from 'node:test';
import { startDemo } from './support/demo.mjs';

const openssl = (...args) => execFileSync('openssl', args, { encoding: 'utf8' });
const ec = openssl('genpkey', '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256');
const base64 = ec.replace(/-----[^-]*-----/g, '').trim();
const keys = {
  'PKCS #8': ec,
  'SEC 1': openssl('ecparam', '-name', 'prime256v1', '-genkey', '-noout'),
  'a key among other text': `This is my request, thanks:\n${ec}`,
  'a key without its frame': base64,
};

const fields = {
  'the input of Inspect': ['#/csr', (page) => page.getByLabel('Certificate request, certificate or bundle')],
  'the request of an order': ['#/new', (page) => page.getByLabel('Certificate request (CSR)')],
  'the comments of an order': ['#/new', (page) => page.getByLabel('Comments')],
  'the search': ['#/orders', (page) => page.getByRole('searchbox', { name: 'Search' })],
  'a form in a dialog': ['#/organizations?create=yes', (page) => page.getByLabel('Legal name')],
};

describe('secrets', () => {
  let demo;
  before(async () => {
    demo = await startDemo();
  });
  after(() => demo.stop());

  for (const [where, [hash, fieldOf]] of Object.entries(fields)) {
    test(`a private key that is pasted into ${where} is cleared, and kept nowhere`, async () => {
      const { page, check, close } = await demo.open(hash);
      for (const [index, [what, key]] of Object.entries(keys).entries()) {
        const field = fieldOf(page);
        await field.waitFor();
        // As a paste is: all of it at once.
        await field.fill(key);
        await page.getByText('That was a private key.').nth(index).waitFor();
        assert.equal(await field.inputValue(), '', what);
        const kept = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]));
        const content = await page.content();
        for (const line of base64.split('\n')) {
          assert.ok(
            !kept.includes(line) && !content.includes(line) && !page.url().includes(encodeURIComponent(line)),
            what,
          );
        }
        assert.doesNotMatch(kept, /PRIVATE/);
      }
      await page.keyboard.press('Escape');
      const dismiss = page.getByRole('button', { name: 'Dismiss' });
      for (const _ of Object.keys(keys)) await dismiss.first().click();
      assert.equal(await dismiss.count(), 0);
      check();
      await close();
    });
  }

  test('a file with a private key is refused, and the others are read', async () => {
    const { page, check, close } = await demo.open();
    const file = (name, text) => ({ name, mimeType: 'text/plain', buffer: Buffer.from(text) });
    const request = openssl(
      'req',
      '-new',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-nodes',
      '-keyout',
      '/dev/null',
      '-subj',
      '/CN=file.example.com',
    );
    await page.getByLabel('Files').setInputFiles([file('my.key', ec), file('my.csr', request)]);
    await page.getByText('That was a private key.').waitFor();
    await page.getByRole('heading', { name: 'file.example.com' }).waitFor();
    assert.ok(!(await page.content()).includes(base64.split('\n')[0]));
    check();
    await close();
  });

  test('Escape does not lose a key without a question, and a request without its key is marked', async () => {
    const { page, check, close } = await demo.open();
    await page.getByRole('button', { name: 'Make a CSR' }).click();
    await page.getByLabel('Common name').fill('made.example.com');
    await page.getByRole('button', { name: 'Make', exact: true }).click();
    const dialog = page.getByRole('dialog', { name: 'Save the private key now' });
    await dialog.waitFor();
    for (const key of ['Escape', 'Escape', 'Escape']) {
      await page.keyboard.press(key);
      await dialog.getByText('The key is not saved.').waitFor();
    }
    await dialog.getByRole('button', { name: 'Lose the key' }).click();
    await dialog.waitFor({ state: 'detached' });
    await page.getByText('Its key was not saved').waitFor();
    check();
    await close();
  });
});
