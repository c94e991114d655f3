import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { openExample, startDemo } from './support/demo.mjs';

const example = (name) => readFileSync(new URL(`../src/views/csr/examples/${name}.pem`, import.meta.url), 'utf8');
const derOf = (pem) => Buffer.from(pem.replace(/-----[^-]+-----/g, ''), 'base64');
const input = 'Certificate request, certificate or bundle';

describe('inspecting', () => {
  let demo;
  before(async () => {
    demo = await startDemo();
  });
  after(() => demo.stop());

  test('a pasted request shows its fields, and nothing leaves the page', async () => {
    const { page, requests, check, close } = await demo.open();
    // The core is loaded by the first look: let that happen before the network is watched.
    await openExample(page, 'RSA 2048, one name');
    const before = requests.length;
    await page.getByLabel(input).fill(example('ec-three-names'));
    const result = page.getByRole('region', { name: 'Result' });
    await result.getByRole('heading', { name: 'example.org', exact: true }).waitFor();
    await result.getByText('Beispiel GmbH').waitFor();
    for (const name of ['www.example.org', 'shop.example.org']) await result.getByText(name, { exact: true }).waitFor();
    await result.getByText('EC · P-256').waitFor();
    await result.getByText('Valid', { exact: true }).waitFor();
    assert.deepEqual(requests.slice(before), []);
    check();
    await close();
  });

  test('dropped and chosen files are read, in DER too, and each is in the list', async () => {
    const { page, check, close } = await demo.open();
    await page.getByLabel('Files').setInputFiles([
      { name: 'one.der', mimeType: 'application/octet-stream', buffer: derOf(example('rsa-2048')) },
      { name: 'two.pem', mimeType: 'text/plain', buffer: Buffer.from(example('ec-three-names')) },
    ]);
    const data = await page.evaluateHandle((pem) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([pem], 'three.pem'));
      return transfer;
    }, example('certificate'));
    await page.getByRole('region', { name: 'Input' }).dispatchEvent('drop', { dataTransfer: data });
    const list = page.getByRole('list', { name: 'Documents' });
    await list.getByRole('listitem').nth(2).getByText('certificate').waitFor();
    assert.equal(await list.getByRole('listitem').count(), 3);
    await list.getByRole('button', { name: /example\.com/ }).click();
    await page.getByRole('heading', { name: 'example.com', exact: true }).waitFor();
    check();
    await close();
  });

  test('what cannot be read of what is dropped is said of each: an empty file, a folder; the others are read', async () => {
    const { page, check, close } = await demo.open();
    const folder = mkdtempSync(join(tmpdir(), 'folder-'));
    const files = ['one.pem', 'empty.pem'].map((name) => join(folder, name));
    writeFileSync(files[0], example('rsa-2048'));
    writeFileSync(files[1], '');
    await page.getByLabel(input).waitFor();
    // Only the browser itself makes a file of a folder.
    const devtools = await page.context().newCDPSession(page);
    const data = { items: [], files: [...files, folder], dragOperationsMask: 1 };
    for (const type of ['dragEnter', 'dragOver', 'drop']) {
      await devtools.send('Input.dispatchDragEvent', { type, x: 600, y: 400, data });
    }
    const list = page.getByRole('list', { name: 'Documents' });
    await list.getByText('CSR', { exact: true }).waitFor();
    await list.getByText('unreadable').nth(1).waitFor();
    await list.getByRole('button', { name: /^empty\.pem/ }).click();
    await page.getByRole('alert').getByRole('paragraph').getByText('found nothing').waitFor();
    await list.getByRole('button', { name: /^folder-/ }).click();
    await page.getByRole('alert').getByText('If it is a folder, drop the files in it').waitFor();
    check();
    rmSync(folder, { recursive: true });
    await close();
  });

  test('what is too large to be read is refused at once, and the rest is read', async () => {
    const { page, check, close } = await demo.open();
    const refusal = page.getByText('That is larger than 4 MB, and was not read');
    const large = Buffer.alloc(5_000_000, 'A');
    await page.getByLabel('Files').setInputFiles([
      { name: 'large.pem', mimeType: 'text/plain', buffer: large },
      { name: 'small.pem', mimeType: 'text/plain', buffer: Buffer.from(example('rsa-2048')) },
    ]);
    await refusal.waitFor();
    await page.locator('.result-head').waitFor();
    await page.getByRole('button', { name: 'Dismiss' }).click();
    // The reader would take half a minute for it, and the page with it.
    await page.locator('textarea.pem').evaluate((field) => {
      field.value = 'A'.repeat(20_000_000);
      field.dispatchEvent(new InputEvent('input', { bubbles: true }));
    });
    await refusal.waitFor();
    assert.equal(await page.locator('textarea.pem').inputValue(), '');
    check();
    await close();
  });

  test('a text is dropped into the field, and files only where they are read', async () => {
    const { page, check, close } = await demo.open();
    const devtools = await page.context().newCDPSession(page);
    const drop = async (x, y, data) => {
      for (const type of ['dragEnter', 'dragOver', 'drop']) {
        await devtools.send('Input.dispatchDragEvent', { type, x, y, data: { dragOperationsMask: 1, ...data } });
      }
    };
    const field = page.getByLabel(input);
    const { x, y } = await field.boundingBox();
    const pem = example('ec-three-names');
    await drop(x + 20, y + 20, { items: [{ mimeType: 'text/plain', data: pem }] });
    await page.getByRole('heading', { name: 'example.org', exact: true }).waitFor();
    assert.equal((await field.inputValue()).trim(), pem.trim());
    assert.equal(await page.locator('.drop-target').count(), 0);
    await page.goto(`${demo.origin}/#/new`);
    await page.getByLabel('Comments').waitFor();
    await page.evaluate(() => {
      addEventListener('dragover', (event) => {
        window.answer = [event.defaultPrevented, event.dataTransfer.dropEffect];
      });
    });
    const file = join(mkdtempSync(join(tmpdir(), 'file-')), 'one.pem');
    writeFileSync(file, pem);
    await drop(600, 400, { items: [], files: [file] });
    const answer = await page.waitForFunction(() => window.answer);
    assert.deepEqual(await answer.jsonValue(), [true, 'none'], 'the browser does not open it in place of the page');
    check();
    rmSync(dirname(file), { recursive: true });
    await close();
  });

  test('what cannot be copied, as by a page that came over http, is said', async () => {
    const { page, check, close } = await demo.open();
    await page.evaluate(() => Object.defineProperty(navigator, 'clipboard', { value: undefined }));
    await openExample(page, 'RSA 2048, one name');
    await page.getByRole('button', { name: 'Copy the PEM' }).click();
    await page.getByText('The browser refused to copy').waitFor();
    check();
    await close();
  });

  test('a weak request shows its findings, with the source of each rule', async () => {
    const { page, check, close } = await demo.open();
    await openExample(page, 'Weak key, internal name');
    const findings = page.getByRole('region', { name: 'Findings' });
    await findings.getByRole('heading', { name: 'Will be refused' }).waitFor();
    assert.match(await findings.textContent(), /1024.*BR 6\.1\.5/s);
    check();
    await close();
  });

  test('an input that is not a request yields a sentence and what to do', async () => {
    const { page, check, close } = await demo.open();
    await page
      .getByLabel(input)
      .fill('-----BEGIN CERTIFICATE REQUEST-----\nnonsense\n-----END CERTIFICATE REQUEST-----');
    await page.getByRole('alert').getByText('Check that the whole text was copied').waitFor();
    check();
    await close();
  });

  test('markup in every field stays text', async () => {
    const { page, check, close } = await demo.open();
    let dialogs = 0;
    page.on('dialog', (dialog) => {
      dialogs += 1;
      dialog.dismiss();
    });
    await openExample(page, 'Markup in every field');
    const result = page.getByRole('region', { name: 'Result' });
    await result.getByText('<img src=x onerror=alert(1)>').first().waitFor();
    await result.getByText('<b>evil.example</b>').first().waitFor();
    assert.equal(await result.locator('img, script, b, a[href^="javascript"]').count(), 0);
    assert.equal(dialogs, 0);
    check();
    await close();
  });

  test('a result is shared by copy and by file, and is never in the address', async () => {
    const { page, check, close } = await demo.open();
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await openExample(page, 'EC P-256, three names');
    const copied = async (button, told) => {
      await page.getByRole('button', { name: button }).click();
      await page.getByText(told).waitFor();
      return page.evaluate(() => navigator.clipboard.readText());
    };
    const json = await copied('Copy the result as JSON', 'Copied the result as JSON.');
    assert.equal(JSON.parse(json).csr.subject.commonName, 'example.org');
    assert.equal(await copied('Copy all names', 'Copied all names.'), 'example.org\nwww.example.org\nshop.example.org');
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Save', exact: true }).click(),
    ]);
    assert.equal(readFileSync(await file.path(), 'utf8'), json);
    assert.doesNotMatch(page.url(), /example/);
    check();
    await close();
  });

  test('a key and a request are made in the page; OpenSSL agrees, and the key is kept nowhere', async () => {
    const { page, check, close } = await demo.open();
    await page.getByRole('button', { name: 'Make a CSR' }).click();
    await page.getByLabel('Common name').fill('made.example.com');
    await page.getByLabel('Further names').fill('www.made.example.com');
    await page.getByRole('button', { name: 'Make', exact: true }).click();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Save the key' }).click(),
    ]);
    const key = readFileSync(await download.path(), 'utf8');
    await page.getByRole('button', { name: 'Close' }).click();
    const csr = await page.getByLabel(input).inputValue();
    const folder = mkdtempSync(join(tmpdir(), 'demo-'));
    try {
      const openssl = (args, text) => execFileSync('openssl', args, { cwd: folder, input: text, encoding: 'utf8' });
      assert.equal(openssl(['pkey', '-pubout'], key), openssl(['req', '-pubkey', '-noout'], csr));
    } finally {
      rmSync(folder, { recursive: true });
    }
    const kept = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]));
    assert.doesNotMatch(kept, /PRIVATE/);
    assert.doesNotMatch(await page.content(), /PRIVATE/);
    check();
    await close();
  });

  test('a reload keeps requests, and never a private key that was pasted by accident', async () => {
    const { page, check, close } = await demo.open();
    await openExample(page, 'International wildcard');
    await page.reload();
    await page.getByRole('heading', { name: '*.xn--bcher-kva.example' }).waitFor();
    const key = execFileSync('openssl', [
      'genpkey',
      '-algorithm',
      'EC',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
    ]).toString();
    await page.getByLabel(input).fill(key);
    await page.getByText('That was a private key.').waitFor();
    assert.equal(await page.getByLabel(input).inputValue(), '');
    const kept = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]));
    assert.doesNotMatch(kept, /PRIVATE/);
    check();
    await close();
  });
});
