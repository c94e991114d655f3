import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { listen } from '../package/support/listen.mjs';
import { installed, openPortal } from './support/portal.mjs';

const id = '3fa85f64-5717-4562-b3fc-2c963f66afa6';
const canary = 'api.inside.example said no to operator@example.com';
const answer = (status, body, headers) => async () =>
  new Response(typeof body === 'string' ? body : JSON.stringify(body), { status, headers });
const problem = { errors: [{ code: 'X', message: canary }] };

/** What the service does: what the page is told, whether it reads or writes. */
const failures = {
  'a key that is refused': [answer(401, problem), [502, 502]],
  'a user who may not': [answer(403, problem), [403, 403]],
  'what is not there': [answer(404, problem), [404, 404]],
  'a status nobody knows': [answer(418, problem), [500, 500]],
  'an error of its own': [answer(500, problem), [502, 502]],
  'a gateway’s page': [answer(502, `<title>${canary}</title>`), [502, 502]],
  'a page in place of JSON': [answer(200, `<title>${canary}</title>`), [502, 502]],
  'no reply': [
    async () => {
      throw new TypeError(`fetch failed: ${canary}`);
    },
    [502, 502],
  ],
  'a rejection with nothing': [
    async () => {
      throw undefined;
    },
    [502, 502],
  ],
  'a redirect': [answer(302, '', { location: 'https://evil.example/' }), [500, 500]],
  'something that is no reply': [async () => ({ status: 'fine' }), [502, 502]],
  'headers for the page alone': [
    answer(
      200,
      { id },
      { 'set-cookie': 'a=b', 'access-control-allow-origin': '*', server: 'inside', 'x-request-id': 'r-1' },
    ),
    [200, 200],
  ],
};

describe('when the service fails', () => {
  let packed;
  before(async () => {
    packed = await installed();
  });
  after(() => packed?.project.remove());

  for (const [name, [service, [read, write]]] of Object.entries(failures)) {
    it(`with ${name}, a page is told so in the form of the service, without hosts and users`, async () => {
      const portal = await openPortal(packed, { service, client: { maxRetries: 0 } });
      for (const [method, wanted, options] of [
        ['GET', read, {}],
        ['PATCH', write, { body: {} }],
      ]) {
        const reply = await portal.ask(method, `order/${id}${method === 'PATCH' ? '/cancel' : ''}`, options);
        assert.equal(reply.status, wanted, `${method}: ${reply.text}`);
        if (wanted >= 400) {
          assert.ok(reply.json.errors[0].code, reply.text);
          assert.ok(!/inside|operator|evil/.test(reply.text + JSON.stringify([...reply.headers])), reply.text);
        }
        const shown = ['set-cookie', 'access-control-allow-origin', 'server', 'location'];
        assert.deepEqual(
          shown.filter((header) => reply.headers.has(header)),
          [],
        );
        assert.equal(
          reply.headers.get('content-security-policy'),
          "default-src 'none'; frame-ancestors 'none'; sandbox",
        );
      }
    });
  }

  it('its words about the call itself are passed on', async () => {
    const validations = [{ field: 'cert.commonName', code: 'INVALID', message: 'must be a name' }];
    const portal = await openPortal(packed, { service: answer(400, { validations }) });
    const { page } = portal.pageClient();
    await assert.rejects(page.orders.create({ organizationId: id }, { check: false }), (error) => {
      assert.deepEqual([error.name, error.problems], ['BadRequestError', validations]);
      return true;
    });
  });

  it('a private key leaves neither the page’s server nor comes back', async () => {
    const pem = '-----BEGIN PRIVATE KEY-----\nCANARYCANARYCANARYCANARYCANARY\n-----END PRIVATE KEY-----';
    const portal = await openPortal(packed);
    const reply = await portal.ask('POST', 'cert/parse', { body: { csrs: [pem] } });
    assert.equal(reply.status, 400);
    assert.ok(!reply.text.includes('CANARY'));
    assert.deepEqual(portal.calls(), []);
  });

  it('with a reply that breaks off at any byte, nothing ends and nothing half is passed on', async () => {
    const body = JSON.stringify({ id, status: 'CREATED' });
    const whole = `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
    let cut = 0;
    const server = createServer((socket) => {
      socket.on('error', () => {});
      socket.once('data', () => socket.end(whole.slice(0, cut)));
    });
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    const origin = `http://127.0.0.1:${server.address().port}`;
    const service = (url, init) => fetch(url.replace('https://api.markmonitor.com', origin), init);
    const portal = await openPortal(packed, { service, client: { maxRetries: 0 } });
    try {
      for (cut = 0; cut <= whole.length; cut += 1) {
        const { status, json } = await portal.ask('GET', `order/${id}`);
        assert.deepEqual([status, json.id], cut === whole.length ? [200, id] : [502, undefined], `${cut} bytes`);
      }
    } finally {
      await new Promise((resolve) => server.close(resolve));
    }
  });

  it('with a reply that is larger than it may be, compressed or not, it is not read to its end', async () => {
    const { gzipSync } = await import('node:zlib');
    const bomb = gzipSync(Buffer.alloc(50_000_000, 0x20), { level: 1 });
    const server = await listen((_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb));
    const service = (url, init) => fetch(url.replace('https://api.markmonitor.com', server.origin), init);
    const portal = await openPortal(packed, { service, client: { maxRetries: 0, maxReplyBytes: 1_000_000 } });
    const reply = await portal.ask('GET', `order/${id}`);
    assert.deepEqual([reply.status, reply.json.errors[0].code], [502, 'service_unreadable']);
    await server.close();
  });
});
