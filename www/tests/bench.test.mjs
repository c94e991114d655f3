/** Inspect as a bench: many at a time, every notation, and what is under the surface. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { openExample, startDemo } from './support/demo.mjs';

const example = (name) => readFileSync(new URL(`../src/views/csr/examples/${name}.pem`, import.meta.url), 'utf8');
const derOf = (pem) => Buffer.from(pem.replaceAll(/-----[^-]+-----/g, ''), 'base64');
const input = 'Certificate request, certificate or bundle';

describe('the bench', () => {
  let demo;
  before(async () => {
    demo = await startDemo();
  });
  after(() => demo.stop());

  test('several requests in one paste become several documents', async () => {
    const { page, check, close } = await demo.open();
    const names = ['rsa-2048', 'ec-three-names', 'certificate'];
    await page.getByLabel(input).fill(names.map(example).join('\n'));
    const list = page.getByRole('list', { name: 'Documents' });
    await list.getByRole('listitem').nth(2).waitFor();
    assert.equal(await list.getByRole('listitem').count(), 3);
    await list.getByRole('button', { name: /certificate/ }).click();
    await page.getByRole('list', { name: /^Chain/ }).waitFor();
    check();
    await close();
  });

  test('base64 and hex are read as PEM is', async () => {
    const { page, check, close } = await demo.open();
    const der = derOf(example('rsa-2048'));
    for (const text of [
      der.toString('base64'),
      der.toString('hex'),
      der.toString('hex').replaceAll(/(..)/g, '$1:').slice(0, -1),
    ]) {
      await page.getByLabel(input).fill(text);
      await page.locator('.result-head').waitFor();
      await page.getByLabel(input).fill('');
      await page.locator('.start').waitFor();
    }
    check();
    await close();
  });

  test('three hundred files are read, and the page stays alive meanwhile', async () => {
    const { page, check, close } = await demo.open();
    const pems = ['rsa-2048', 'ec-three-names', 'weak', 'certificate', 'international'].map(example);
    await page.evaluate(() => {
      window.frames300 = 0;
      const look = () => {
        window.frames300 += 1;
        requestAnimationFrame(look);
      };
      requestAnimationFrame(look);
    });
    const data = await page.evaluateHandle((pems) => {
      const transfer = new DataTransfer();
      for (let number = 0; number < 300; number += 1) {
        transfer.items.add(new File([pems[number % pems.length]], `file-${number}.pem`));
      }
      return transfer;
    }, pems);
    const before = await page.evaluate(() => window.frames300);
    // Anywhere in the window.
    await page.locator('body').dispatchEvent('drop', { dataTransfer: data });
    await page.waitForFunction(() => document.querySelectorAll('.documents li').length === 300);
    assert.ok((await page.evaluate(() => window.frames300)) - before > 10, 'frames were drawn meanwhile');
    check();
    await close();
  });

  test('a certificate has a verdict, and is saved', async () => {
    const { page, check, close } = await demo.open();
    await openExample(page, 'Certificate with its CA');
    const head = page.locator('.result-head');
    await head.getByText(/Good|warnings?|errors?/).waitFor();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Save PEM' }).click(),
    ]);
    assert.equal(readFileSync(await download.path(), 'utf8').match(/BEGIN CERTIFICATE/g).length, 2);
    check();
    await close();
  });

  test('more than twenty names are folded, and the session is found again after a reload', async () => {
    const { page, check, close } = await demo.open();
    const names = Array.from({ length: 40 }, (_, index) => `DNS:n${index}.example.com`).join(',');
    const request = execFileSync('openssl', [
      ...['req', '-new', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', '/dev/null'],
      ...['-subj', '/CN=n0.example.com', '-addext', `subjectAltName=${names}`],
    ]).toString();
    await page.getByLabel(input).fill(request);
    const card = page.getByRole('region', { name: 'Alternative names' });
    await card.getByText('n19.example.com', { exact: true }).waitFor();
    assert.ok(await card.getByText('n39.example.com', { exact: true }).isHidden());
    await card.getByText('20 more').click();
    await card.getByText('n39.example.com', { exact: true }).waitFor();
    await page.waitForFunction(() => sessionStorage.getItem('markmonitor-certs:documents')?.includes('BEGIN'));
    await page.reload();
    await page.getByRole('heading', { name: 'n0.example.com' }).waitFor();
    check();
    await close();
  });
});
