import assert from 'node:assert/strict';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';
import { build, createServer, preview } from 'vite';
import { order } from '../package/scenarios/clients.mjs';
import { launchChromium } from '../package/support/chromium.mjs';
import { installPackage } from '../package/support/install.mjs';
import { guideCsr } from '../package/support/openssl.mjs';

const csr = guideCsr();
const id = '1c7d2a0e-6a5f-4f7e-9a51-0d9b7a6f2a10';
const newOrder = order({ id, contacts: [{ id }] }, csr);

/** A client whose service replies to everything; `sent` are the requests that it saw. */
const client = `
  import { CertsClient } from 'markmonitor-certs';
  const sent = [];
  const fetch = async (url) => { sent.push(url); return new Response('{"id":"x","content":[]}'); };
  const auth = { apiKey: 'key', token: 'token' };
  const { orders } = new CertsClient({ auth, fetch, dangerouslyAllowBrowser: true });`;

/** What a page does, as the title that it gets in the end says; which wasm its build holds, and which the page fetches. */
const jobs = {
  'reads, through the reader alone': {
    code: `import { parseCsr } from 'markmonitor-certs/pki';
      const title = (await parseCsr(${JSON.stringify(csr)})).subject.commonName;`,
    title: 'example.com',
    built: ['pki'],
    fetched: ['pki'],
  },
  reads: {
    code: `import { parseCsr } from 'markmonitor-certs';
      const title = (await parseCsr(${JSON.stringify(csr)})).subject.commonName;`,
    title: 'example.com',
    built: ['core', 'pki', 'renewals'],
    fetched: ['pki'],
  },
  lists: {
    code: `${client} await orders.list(); const title = sent.length;`,
    title: '1',
    built: ['core', 'pki', 'renewals'],
    fetched: ['core'],
  },
  'creates an order': {
    code: `${client} await orders.create(${JSON.stringify(newOrder)}); const title = sent.length;`,
    title: '1',
    built: ['core', 'pki', 'renewals'],
    fetched: ['core', 'pki'],
  },
};

/** Creates, and reissues, where the check of the order is sure to fail; what each failed with. */
const unchecked = `${client}
  await orders.list();
  const calls = [
    () => orders.create(${JSON.stringify(newOrder)}),
    () => orders.createOnce(${JSON.stringify(newOrder)}),
    () => orders.reissue('${id}'),
  ];
  const codes = [];
  for (const call of calls) codes.push(await call().then(() => 'sent', ({ code }) => code));
  const title = [...codes, sent.length].join();`;

describe('a page that Vite serves or builds', { timeout: 180_000 }, () => {
  let project;
  let browser;
  before(async () => {
    project = await installPackage();
    browser = await launchChromium();
    await writeFile(join(project.folder, 'index.html'), '<!doctype html><script type="module" src="main.js"></script>');
  });
  after(async () => {
    await browser?.close();
    await project?.remove();
  });
  let page;
  let fetched;
  beforeEach(async () => {
    await page?.close();
    fetched = [];
    page = await browser.newPage();
    page.on('request', (request) => request.url().includes('.wasm') && fetched.push(nameOf(request.url())));
  });

  const options = (more) => ({ root: project.folder, configFile: false, logLevel: 'error', ...more });
  /** `core` of the address of `core.wasm`, whatever a bundler added to its name. */
  const nameOf = (address) => address.match(/(\w+)[^/]*\.wasm/)[1];
  /** An error becomes the title, so that a page that fails says why. */
  const write = (code) =>
    writeFile(
      join(project.folder, 'main.js'),
      `addEventListener('error', ({ message }) => { document.title = message; });
       ${code}
       document.title = title;`,
    );
  const titleAt = async (address) => {
    await page.goto(address);
    await page.waitForFunction(() => document.title !== '');
    return page.title();
  };
  /** Builds the page, serves what was built, and returns the page's title. */
  const titleWhenBuilt = async (code) => {
    await write(code);
    await build(options({ build: { assetsInlineLimit: 0 } }));
    const server = await preview(options({ preview: { port: 0, host: '127.0.0.1' } }));
    try {
      return await titleAt(server.resolvedUrls.local[0]);
    } finally {
      await server.close();
    }
  };

  for (const [what, { code, title, built, fetched: wanted }] of Object.entries(jobs)) {
    it(`${what}: it is built with ${built.join(' and ')}, and fetches ${wanted.join(' and ')}`, async () => {
      assert.equal(await titleWhenBuilt(code), title);
      const files = await readdir(join(project.folder, 'dist', 'assets'));
      assert.deepEqual(
        files
          .filter((file) => file.endsWith('.wasm'))
          .map(nameOf)
          .sort(),
        built,
      );
      assert.deepEqual(fetched.sort(), wanted);
    });
  }

  it('sends no order that cannot be checked, because the reader cannot be loaded', async () => {
    await page.route('**/pki*.wasm', (route) => route.fulfill({ status: 503 }));
    const failed = 'wasm_load_failed';
    assert.equal(await titleWhenBuilt(unchecked), [failed, failed, failed, 1].join());
  });

  it('creates an order when it is served for development, with no configuration', async () => {
    const { code, title } = jobs['creates an order'];
    await write(code);
    const server = await createServer(options({ server: { port: 0, host: '127.0.0.1' } }));
    try {
      await server.listen();
      assert.equal(await titleAt(server.resolvedUrls.local[0]), title);
      assert.deepEqual(fetched.sort(), ['core', 'pki']);
    } finally {
      await server.close();
    }
  });
});
