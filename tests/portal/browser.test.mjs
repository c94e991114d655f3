import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { connect, createServer as createHop } from 'node:net';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { launchChromium } from '../package/support/chromium.mjs';
import { installed, newOrder, openPortal, host as portalHost } from './support/portal.mjs';

const types = { js: 'text/javascript', wasm: 'application/wasm' };

describe('in Chromium', { timeout: 180_000 }, () => {
  let packed;
  let portal;
  let browser;
  let server;
  let evil;
  let port;
  let order;
  before(async () => {
    packed = await installed();
    const csr = (
      await packed.api.createCsr({ subject: { commonName: 'once.example.com' }, dnsNames: ['once.example.com'] })
    ).csr;
    server = createServer(async (request, response) => {
      if (request.url.startsWith('/api/certs/')) return portal.node(request, response);
      // As a login in front of the portal does it.
      if (request.url.startsWith('/sso/')) return response.writeHead(302, { location: '/login' }).end();
      if (request.url.startsWith('/package/')) return file(request.url.slice('/package/'.length), response);
      response
        .writeHead(200, { 'content-type': 'text/html', 'set-cookie': 'user=ada; Path=/; HttpOnly' })
        .end('<!doctype html>');
    });
    // Another site: its pages are whatever the test says.
    evil = createServer((_, response) =>
      response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html>'),
    );
    for (const one of [server, evil]) await new Promise((resolve) => one.listen(0, '127.0.0.1', resolve));
    ({ port } = server.address());
    portal = await openPortal(packed, { hosts: [`${portalHost}:*`, 'localhost:*'] });
    portal.node = packed.proxy.toNodeHandler(portal.handle);
    const organization = (await portal.own.organizations.list().toArray()).find(({ contacts }) => contacts.length > 0);
    order = newOrder(organization, 'once.example.com', csr);
    browser = await launchChromium();
  });
  after(async () => {
    await browser?.close();
    for (const one of [server, evil]) {
      one?.closeAllConnections();
      one?.close();
    }
    await packed?.project.remove();
  });

  async function file(name, response) {
    try {
      const content = await readFile(join(packed.project.package, name));
      response.writeHead(200, { 'content-type': types[name.split('.').at(-1)] ?? 'text/plain' }).end(content);
    } catch {
      response.writeHead(404).end();
    }
  }

  const ordered = async () => (await portal.own.orders.list({ commonNames: ['once.example.com'] })).page.totalElements;
  const writes = () => portal.calls().filter((call) => !call.startsWith('GET'));

  /** A page whose connections all lead through a hop that loses each reply to a POST, after it got through. */
  async function openLossy(target) {
    let posts = 0;
    const hop = createHop((socket) => {
      const onward = connect(target, '127.0.0.1');
      let isPost = false;
      socket.on('error', () => onward.destroy()).on('close', () => onward.destroy());
      onward.on('error', () => socket.destroy()).on('end', () => socket.end());
      socket.on('data', (data) => {
        if (/^POST \S*\/order /.test(data.toString('latin1'))) {
          posts += 1;
          isPost = true;
        }
        onward.write(data);
      });
      onward.on('data', (data) => (isPost ? socket.resetAndDestroy() : socket.write(data)));
    });
    await new Promise((resolve) => hop.listen(0, '127.0.0.1', resolve));
    const page = await browser.newPage();
    await page.goto(`http://localhost:${hop.address().port}/`);
    return { page, hop, posts: () => posts };
  }

  it('the portal’s own page reads, orders and is told of its session, with its cookie', async () => {
    const page = await browser.newPage();
    await page.goto(`http://localhost:${port}/`);
    const seen = await page.evaluate(async () => {
      const { CertsClient } = await import('/package/dist/esm/file.js');
      const client = new CertsClient({ auth: 'proxy', certsBaseUrl: '/api/certs' });
      const first = await client.orders.list({ size: 3 });
      const again = await client.orders.list({ size: 3 });
      const groups = await client.groups.list();
      return {
        first: first.content.length,
        again: again.content.length,
        groups: groups.content.length,
        server: client.rateLimit.state.server,
      };
    });
    assert.deepEqual([seen.first, seen.again], [3, 3]);
    assert.equal(typeof seen.server.queued, 'number');
    await page.context().clearCookies();
    const ended = await page.evaluate(async () => {
      const { CertsClient } = await import('/package/dist/esm/file.js');
      const client = new CertsClient({ auth: 'proxy', certsBaseUrl: '/api/certs' });
      return client.orders.list().then(String, ({ name, code }) => `${name} ${code}`);
    });
    assert.equal(ended, 'SessionEndedError session_ended');
    await page.close();
  });

  it('a redirect to a login is a session that has ended, and is not followed', async () => {
    const page = await browser.newPage();
    const asked = [];
    server.on('request', ({ url }) => asked.push(url));
    await page.goto(`http://localhost:${port}/`);
    const seen = await page.evaluate(async () => {
      const { CertsClient } = await import('/package/dist/esm/file.js');
      const client = new CertsClient({ auth: 'proxy', certsBaseUrl: '/sso/api/certs' });
      let told = 0;
      client.on('session', () => {
        told += 1;
      });
      const calls = [client.orders.list(), client.contacts.delete('3fa85f64-5717-4562-b3fc-2c963f66afa6')];
      const failed = ({ name, message, mayHaveBeenApplied }) => [name, message, mayHaveBeenApplied];
      return { errors: await Promise.all(calls.map((call) => call.then(String, failed))), told };
    });
    for (const [name, message, mayHaveBeenApplied] of seen.errors) {
      assert.deepEqual([name, mayHaveBeenApplied], ['SessionEndedError', false]);
      assert.match(message, /redirected, as to a login.*sign in again/);
    }
    assert.ok(seen.told > 0);
    assert.ok(asked.some((url) => url.startsWith('/sso/')) && !asked.includes('/login'), `${asked}`);
    await page.close();
  });

  it('with six warm connections and a lost reply it places one order, however often it resends', async () => {
    const { page, hop, posts } = await openLossy(port);
    const before = await ordered();
    const saw = await page.evaluate(async (order) => {
      const { CertsClient } = await import('/package/dist/esm/file.js');
      const client = new CertsClient({ auth: 'proxy', certsBaseUrl: '/api/certs' });
      for (let round = 0; round < 2; round += 1) {
        await Promise.all(Array.from({ length: 6 }, (_, at) => client.orders.list({ size: at + 1, page: round })));
      }
      return client.orders.create(order, { check: false }).then(
        ({ id }) => `placed ${id}`,
        ({ name, mayHaveBeenApplied }) => `${name} ${mayHaveBeenApplied}`,
      );
    }, order);
    await page.close();
    hop.close();
    assert.ok(posts() > 1, 'Chromium has resent it by itself');
    assert.equal(saw, 'ConnectionError true');
    assert.equal((await ordered()) - before, 1, `${posts()} POSTs left the browser`);
  });

  it('without the proxy the same browser places it as often as it resends: this is what is left', async () => {
    let placed = 0;
    const plain = createServer((request, response) => {
      if (request.url.startsWith('/package/')) return file(request.url.slice('/package/'.length), response);
      request.resume();
      request.on('end', () => {
        if (request.method === 'POST') placed += 1;
        const type = request.url === '/' ? 'text/html' : 'application/json';
        response
          .writeHead(200, { 'content-type': type })
          .end(type === 'text/html' ? '<!doctype html>' : '{"content":[]}');
      });
    });
    await new Promise((resolve) => plain.listen(0, '127.0.0.1', resolve));
    const { page, hop, posts } = await openLossy(plain.address().port);
    await page.evaluate(async () => {
      const { CertsClient } = await import('/package/dist/esm/file.js');
      const client = new CertsClient({
        auth: { apiKey: 'k', token: 't' },
        dangerouslyAllowBrowser: true,
        certsBaseUrl: `${location.origin}/certs`,
      });
      for (let round = 0; round < 2; round += 1) {
        await Promise.all(Array.from({ length: 6 }, (_, at) => client.orders.list({ size: at + 1, page: round })));
      }
      await client.orders.create({ organizationId: 'x' }, { check: false }).catch(() => {});
    });
    await page.close();
    hop.close();
    plain.closeAllConnections();
    plain.close();
    assert.equal(placed, posts());
    assert.ok(placed > 1, `${placed} orders`);
  });

  it('another site’s form, frame, beacon, image and requests without CORS change and show nothing', async () => {
    const context = await browser.newContext();
    // Its user is logged in, with a cookie that goes everywhere.
    await context.addCookies([{ name: 'user', value: 'ada', url: `http://localhost:${port}`, sameSite: 'Lax' }]);
    const page = await context.newPage();
    await page.goto(`http://127.0.0.1:${evil.address().port}/`);
    portal.sent.length = 0;
    portal.audit.length = 0;
    const target = `http://localhost:${port}/api/certs/order`;
    const seen = await page.evaluate(async (target) => {
      const body = JSON.stringify({ comments: 'CSRF' });
      const inMode = (options) =>
        fetch(target, { credentials: 'include', ...options }).then(
          ({ type }) => type,
          () => 'refused',
        );
      const headers = { 'content-type': 'application/json', 'idempotency-key': 'x' };
      const results = [
        await inMode({ method: 'POST', mode: 'no-cors', headers: { 'content-type': 'text/plain' }, body }),
        await inMode({ method: 'POST', mode: 'cors', headers, body }),
        await inMode({ mode: 'no-cors' }),
        await inMode({ mode: 'cors' }),
      ];
      navigator.sendBeacon(target, body);
      await new Promise((resolve) => {
        const image = new Image();
        image.onerror = resolve;
        image.onload = resolve;
        image.src = target;
      });
      for (const method of ['get', 'post']) {
        const frame = Object.assign(document.createElement('iframe'), { name: method });
        const loaded = new Promise((resolve) => {
          frame.onload = resolve;
        });
        document.body.append(frame);
        const form = Object.assign(document.createElement('form'), {
          method,
          action: target,
          target: method,
          enctype: 'text/plain',
        });
        const field = Object.assign(document.createElement('input'), { name: body, value: '' });
        form.append(field);
        document.body.append(form);
        form.submit();
        await loaded;
      }
      return results;
    }, target);
    assert.deepEqual(seen, Array(4).fill('refused'));
    while (portal.audit.length < 6) await new Promise((resolve) => setTimeout(resolve, 20));
    assert.ok(
      portal.audit.every(({ status }) => status >= 400),
      JSON.stringify(portal.audit.map(({ status }) => status)),
    );
    assert.deepEqual(portal.calls(), []);
    await context.close();
  });

  it('a page whose name was rebound to this server reads and changes nothing', async () => {
    const rebound = await launchChromium('--host-resolver-rules=MAP evil.example 127.0.0.1');
    const page = await rebound.newPage();
    await page.goto(`http://evil.example:${port}/`);
    portal.sent.length = 0;
    const statuses = await page.evaluate(async () => {
      const headers = { 'content-type': 'application/json', 'idempotency-key': 'x' };
      const asked = [fetch('/api/certs/order'), fetch('/api/certs/order', { method: 'POST', headers, body: '{}' })];
      return (await Promise.all(asked)).map(({ status }) => status);
    });
    assert.deepEqual(statuses, [421, 421]);
    assert.deepEqual([portal.calls(), writes()], [[], []]);
    await rebound.close();
  });
});
