import assert from 'node:assert/strict';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { build, createServer, preview } from 'vite';
import { launchChromium } from '../package/support/chromium.mjs';
import { installPackage } from '../package/support/install.mjs';
import { guideCsr } from '../package/support/openssl.mjs';

const csr = guideCsr();

describe('a page that Vite serves or builds', { timeout: 180_000 }, () => {
  let project;
  let browser;
  before(async () => {
    project = await installPackage();
    browser = await launchChromium();
    await writeFile(join(project.folder, 'index.html'), '<!doctype html><script type="module" src="main.js"></script>');
    await writeFile(
      join(project.folder, 'main.js'),
      `import { parseCsr } from 'markmonitor-certs';
       parseCsr(${JSON.stringify(csr)}).then(
         ({ subject }) => { document.title = subject.commonName; },
         (error) => { document.title = error.message; },
       );`,
    );
  });
  after(async () => {
    await browser?.close();
    await project?.remove();
  });
  const options = (more) => ({ root: project.folder, configFile: false, logLevel: 'error', ...more });

  async function titleAt(address) {
    const page = await browser.newPage();
    await page.goto(address);
    await page.waitForFunction(() => document.title !== '');
    const title = await page.title();
    await page.close();
    return title;
  }

  it('reads a CSR when it is built, with exactly one wasm in the output', async () => {
    await build(options({ build: { assetsInlineLimit: 0 } }));
    const files = await readdir(join(project.folder, 'dist', 'assets'));
    assert.equal(files.filter((file) => file.endsWith('.wasm')).length, 1, files.join());
    const server = await preview(options({ preview: { port: 0, host: '127.0.0.1' } }));
    try {
      assert.equal(await titleAt(server.resolvedUrls.local[0]), 'example.com');
    } finally {
      await server.close();
    }
  });

  it('reads a CSR when it is served for development, with no configuration', async () => {
    const server = await createServer(options({ server: { port: 0, host: '127.0.0.1' } }));
    try {
      await server.listen();
      assert.equal(await titleAt(server.resolvedUrls.local[0]), 'example.com');
    } finally {
      await server.close();
    }
  });
});
