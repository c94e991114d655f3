/** The page of docs/guides/page.md, as its reader makes it: one file beside the package, served as files. */
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import sirv from 'sirv';
import { path } from '../../tools/lib/project.mjs';
import { launchChromium } from '../package/support/chromium.mjs';
import { installPackage } from '../package/support/install.mjs';
import { listen } from '../package/support/listen.mjs';

describe('the page of the quick start', { timeout: 120_000 }, () => {
  let project;
  let server;
  let browser;
  before(async () => {
    project = await installPackage();
    const guide = await readFile(path('docs', 'guides', 'page.md'), 'utf8');
    const [, html] = guide.match(/^```html\n([\s\S]*?)^```/m);
    await writeFile(join(project.folder, 'index.html'), html);
    server = await listen(sirv(project.folder, { dev: true }));
    browser = await launchChromium();
  });
  after(async () => {
    await browser?.close();
    await server?.close();
    await project?.remove();
  });

  it('says what is in a paste, and asks nobody', async () => {
    const { createCsr } = await project.import('markmonitor-certs/pki');
    const { csr } = await createCsr({ subject: { commonName: 'intranet' }, dnsNames: ['intranet'], check: false });
    const { origin } = server;
    const page = await browser.newPage();
    const asked = [];
    const errors = [];
    page.on('request', (request) => asked.push(request.url()));
    page.on('pageerror', (error) => errors.push(error.message));
    await page.goto(origin);
    await page.getByLabel('CSR').fill(csr);
    await page.getByRole('status').filter({ hasText: 'error: intranet is not a full name' }).waitFor();
    await page.getByLabel('CSR').fill('-----BEGIN PRIVATE KEY-----');
    await page.getByRole('status').filter({ hasText: 'private key' }).waitFor();
    assert.deepEqual(errors, []);
    assert.deepEqual(
      asked.filter((url) => !url.startsWith(`${origin}/`)),
      [],
    );
  });
});
