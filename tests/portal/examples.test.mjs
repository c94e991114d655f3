import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { after, before, describe, it } from 'node:test';
import { path } from '../../tools/lib/project.mjs';
import { launchChromium } from '../package/support/chromium.mjs';
import { startSandboxServer } from '../package/support/sandbox-server.mjs';
import { installBeside, startExample } from './support/examples.mjs';

/** How each is started. */
const examples = {
  'node:http': ['node', ['node.mjs']],
  Express: ['node', ['express.mjs']],
  Hono: ['node', ['hono.mjs']],
  Next: ['node_modules/.bin/next', ['dev', 'next', '--webpack']],
};

describe('a portal with', { timeout: 600_000 }, () => {
  let service;
  let env;
  let client;
  let browser;
  before(async () => {
    const { CertsClient } = await (await installBeside()).import('markmonitor-certs');
    service = await startSandboxServer('--demo', '--rate-limit', 'off');
    const { auth } = service.options;
    client = new CertsClient({ ...service.options, rateLimit: false });
    browser = await launchChromium();
    env = {
      MARKMONITOR_API_KEY: auth.apiKey,
      MARKMONITOR_USERNAME: auth.username,
      MARKMONITOR_PASSWORD: auth.password,
      MARKMONITOR_BASE_URL: service.origin,
      SESSION_SECRET: 'a secret of more than thirty-two letters',
      ADA_PASSWORD: 'the password of Ada',
      RITA_PASSWORD: 'the password of Rita',
      NEXT_TELEMETRY_DISABLED: '1',
    };
  });
  after(async () => {
    await browser?.close();
    client?.close();
    await service?.stop();
  });

  it('Next is a project of its own: its account is a copy', async () => {
    const [ours, copy] = await Promise.all(
      ['account.mjs', 'next/account.mjs'].map((file) => readFile(path('examples', 'portal', file), 'utf8')),
    );
    assert.equal(copy, ours);
  });

  for (const [name, [command, args]] of Object.entries(examples)) {
    it(`${name} lets those in who are logged in, as far as they may, and says who did what`, async () => {
      const portal = await startExample(command, args, env);
      const own = { 'sec-fetch-site': 'same-origin', origin: portal.origin };
      const ask = async (path, { cookie, ...options } = {}) => {
        const headers = { ...own, ...(cookie && { cookie }), ...options.headers };
        const response = await fetch(portal.origin + path, { redirect: 'manual', ...options, headers });
        return {
          status: response.status,
          cookie: response.headers.get('set-cookie')?.split(';')[0],
          text: await response.text(),
        };
      };
      const login = (name, password) =>
        ask('/login', { method: 'POST', body: new URLSearchParams({ name, password }) });
      const cancel = (cookie, id) =>
        ask(`/api/certs/order/${id}/cancel`, {
          method: 'PATCH',
          cookie,
          headers: { 'content-type': 'application/json', 'idempotency-key': `${name} ${id}`.replaceAll(' ', '-') },
          body: '{}',
        });
      try {
        assert.equal((await ask('/api/certs/order')).status, 401);
        assert.match(await (await fetch(`${portal.origin}/login`)).text(), /<form/, 'where the page leads to');
        assert.equal((await login('ada', 'wrong')).status, 401);
        assert.equal((await login('mallory', 'undefined')).status, 401);
        const rita = (await login('rita', env.RITA_PASSWORD)).cookie;
        const ada = (await login('ada', env.ADA_PASSWORD)).cookie;
        const list = await ask('/api/certs/order?statuses=DIGI_PENDING', { cookie: rita });
        assert.equal(list.status, 200, list.text);
        const [{ id }] = JSON.parse(list.text).content;
        assert.equal((await cancel(rita, id)).status, 403);
        const [first, again] = [await cancel(ada, id), await cancel(ada, id)];
        assert.deepEqual([first.status, again.status, again.text], [200, 200, first.text]);
        const [{ organizationId }] = JSON.parse(list.text).content;
        const contact = await client.contacts.create({
          ...{ firstName: 'Grace', lastName: 'Hopper', jobTitle: 'Admiral', email: 'grace@example.com' },
          ...{ phone: '+12085550100', organizationId, provider: 'DIGICERT' },
          contactTypes: [{ type: 'ORGANIZATION_CONTACT' }],
        });
        // Without a body, as the page's client sends it.
        const removed = await ask(`/api/certs/contact/${contact.id}`, {
          method: 'DELETE',
          cookie: ada,
          headers: { 'idempotency-key': contact.id },
        });
        assert.equal(removed.status, 200, removed.text);
        await assert.rejects(client.contacts.get(contact.id), { name: 'NotFoundError' });
        assert.equal(
          (await ask('/api/certs/order', { cookie: `${ada.slice(0, -3)}AAA` })).status,
          401,
          'a forged cookie',
        );
        const { port } = new URL(portal.origin);
        const foreign = await new Promise((resolve) => {
          const options = {
            host: 'localhost',
            port,
            path: '/api/certs/order',
            headers: { ...own, host: 'evil.example', cookie: ada },
          };
          httpRequest(options, (reply) => resolve(reply.resume().statusCode)).end();
        });
        assert.equal(foreign, 421);
        const told = portal.audit.filter(({ operation }) => operation === 'orders.cancel');
        assert.deepEqual(
          told.map(({ user, status }) => [user, status]),
          [
            ['rita', 403],
            ['ada', 200],
            ['ada', 200],
          ],
        );
      } finally {
        await portal.stop();
      }
    });
  }

  for (const [name, [command, args]] of Object.entries(examples)) {
    it(`${name} has a page that shows the orders to who logs in, until they log out`, async () => {
      const portal = await startExample(command, args, env);
      const context = await browser.newContext();
      try {
        const page = await context.newPage();
        // Next compiles each page when it is first asked for.
        page.setDefaultTimeout(120_000);
        const errors = [];
        page.on('pageerror', ({ message }) => errors.push(message));
        await page.goto(portal.origin);
        await page.getByLabel('Name').fill('rita');
        await page.getByLabel('Password').fill(env.RITA_PASSWORD);
        await page.getByRole('button', { name: 'Log in' }).click();
        await page.getByRole('cell', { name: 'DIGI_ISSUED' }).first().waitFor();
        await page.getByRole('button', { name: 'Log out' }).click();
        await page.getByRole('button', { name: 'Log in' }).waitFor();
        assert.equal(await page.evaluate(async () => (await fetch('/api/certs/order')).status), 401);
        assert.deepEqual(errors, []);
      } finally {
        await context.close();
        await portal.stop();
      }
    });
  }

  for (const name of ['node:http', 'Express', 'Hono']) {
    it(`${name} sends its cookie in production, behind what ends https`, async () => {
      const portal = await startExample(...examples[name], { ...env, NODE_ENV: 'production' });
      try {
        const { status, headers } = await fetch(`${portal.origin}/login`, {
          method: 'POST',
          redirect: 'manual',
          headers: { 'x-forwarded-proto': 'https' },
          body: new URLSearchParams({ name: 'ada', password: env.ADA_PASSWORD }),
        });
        assert.deepEqual([status, /; secure/i.test(headers.get('set-cookie'))], [303, true]);
      } finally {
        await portal.stop();
      }
    });
  }

  for (const [name, [command, args]] of Object.entries(examples)) {
    for (const [lacking, said] of [
      [{ SESSION_SECRET: '' }, /SESSION_SECRET/],
      [{ SESSION_SECRET: 'too short' }, /SESSION_SECRET/],
      [{ ADA_PASSWORD: '', RITA_PASSWORD: '' }, /ADA_PASSWORD/],
    ]) {
      it(`${name} does not start with ${JSON.stringify(lacking)}, and says why`, { timeout: 60_000 }, async () => {
        // Next says where it listens before it reads anything.
        const ends = startExample(command, args, { ...env, ...lacking }).then(({ ended }) => ended);
        await assert.rejects(ends, said);
      });
    }
  }
});
