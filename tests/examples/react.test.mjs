/** The portal in React, as its reader makes it: its lock file, the parts of the demo page, the package; in Chromium. */
import assert from 'node:assert/strict';
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import sirv from 'sirv';
import { path } from '../../tools/lib/project.mjs';
import { run } from '../../tools/lib/run.mjs';
import { launchChromium } from '../package/support/chromium.mjs';
import { installPackage } from '../package/support/install.mjs';
import { listen } from '../package/support/listen.mjs';

describe('the portal in React', { timeout: 300_000 }, () => {
  let project;
  let api;
  let sandbox;
  let server;
  let browser;
  before(async () => {
    project = await installPackage();
    await cp(path('examples', 'react'), project.folder, { recursive: true });
    await cp(path('www', 'src', 'portal'), join(project.folder, 'src', 'portal'), { recursive: true });
    // What the example's lock file says, and beside it the package.
    const install = ['ci', '--no-audit', '--no-fund', '--ignore-scripts', '--prefer-offline'];
    await run('npm', install, { cwd: project.folder, quiet: 'installing React' });
    const again = await installPackage();
    await cp(again.package, project.package, { recursive: true });
    await again.remove();
    await run('npm', ['run', 'build'], { cwd: project.folder, quiet: 'building the portal' });

    api = await project.import();
    const [{ createSandbox }, { createProxy, reading, toNodeHandler }] = await Promise.all(
      ['sandbox', 'proxy'].map((entry) => project.import(`markmonitor-certs/${entry}`)),
    );
    sandbox = await createSandbox({ demo: true });
    const client = new api.CertsClient({ auth: sandbox.credentials, fetch: sandbox.fetch, rateLimit: false });
    const authorize = () => ({ user: 'ada', allow: { operations: [...reading, 'orders.create'] } });
    const proxy = toNodeHandler(createProxy({ client, prefix: '/api/certs', hosts: ['127.0.0.1:*'], authorize }));
    const files = sirv(join(project.folder, 'dist'));
    server = await listen((request, response) =>
      request.url.startsWith('/api/certs/') ? proxy(request, response) : files(request, response),
    );
    browser = await launchChromium();
  });
  after(async () => {
    await browser?.close();
    await server?.close();
    await project?.remove();
  });

  it('lists the orders, and renews one once although the page was loaded again meanwhile', async () => {
    const page = await browser.newPage();
    const errors = [];
    page.on('pageerror', (error) => errors.push(error.message));
    await page.goto(server.origin);
    await page.getByText(/^\d+ orders$/).waitFor();
    const row = page.locator('tr', { has: page.getByRole('button', { name: 'Renew' }) }).first();
    const name = await row.locator('td').first().innerText();
    await row.getByRole('button').click();
    const { csr } = await api.createCsr({ subject: { commonName: name }, dnsNames: [name] });
    await page.getByLabel('New request (CSR)').fill(csr);
    // The order is placed, and the page is loaded again before it hears of that.
    const placed = new Promise((resolve) => {
      page.route('**/api/certs/order', (route) =>
        route.request().method() === 'POST' ? resolve(route.fetch()) : route.continue(),
      );
    });
    await page.getByRole('button', { name: 'Place the order' }).click();
    const { id } = await (await placed).json();
    await page.reload();
    await page.getByText(`Renewal: placed ${id}`).waitFor();
    const created = sandbox.requests.filter(({ method, path }) => method === 'POST' && path.endsWith('/order'));
    assert.equal(created.length, 1);
    assert.deepEqual(errors, []);
  });
});
