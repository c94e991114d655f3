import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, request as httpRequest } from 'node:http';
import { connect as connectHttp2, createServer as createHttp2 } from 'node:http2';
import { connect } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { host, installed, openPortal } from './support/portal.mjs';

const id = '3fa85f64-5717-4562-b3fc-2c963f66afa6';
const own = `Host: ${host}\r\nCookie: user=ada\r\nSec-Fetch-Site: same-origin\r\n`;
const change = `${own}Origin: http://${host}\r\nIdempotency-Key: a\r\nContent-Type: application/json\r\n`;

/** What a socket sends, and the status that it is answered with; several where several were sent. */
const attacks = {
  'a path of two slashes': [`GET // HTTP/1.1\r\n${own}\r\n`, [400]],
  'an address in place of the path': [`GET http://${host}/api/certs/order HTTP/1.1\r\n${own}\r\n`, [400]],
  'another host in that address': [`GET http://evil.example/api/certs/order HTTP/1.1\r\n${own}\r\n`, [400]],
  'a host with a user': [`GET /api/certs/order HTTP/1.1\r\nHost: a@${host}\r\n\r\n`, [400]],
  'two hosts': [`GET /api/certs/order HTTP/1.1\r\n${own}Host: evil.example\r\n\r\n`, [400]],
  'another host': [`GET /api/certs/order HTTP/1.1\r\nHost: evil.example\r\n\r\n`, [421]],
  'a star': [`OPTIONS * HTTP/1.1\r\n${own}\r\n`, [400]],
  ...Object.fromEntries(
    ['/api/certs/./order', '/api/certs/x/../order', '/api/certs/x/%2e%2e/order', '/api/certs/x/.%2E/order']
      .concat('/api/certs/%2e/order', '/api/certs\\order', '/api/certs/x\\..\\order', '/x/../api/certs/order')
      .concat('/api/certs/order#x')
      .map((path) => [`the path ${path}`, [`GET ${path} HTTP/1.1\r\n${own}\r\n`, [404]]]),
  ),
  'a change that dots lead to': [
    `PATCH /api/certs/order/${id}/history/%2e%2e/cancel HTTP/1.1\r\n${change}Content-Length: 2\r\n\r\n{}`,
    [404],
  ],
  'TRACE, which no request of the web can be': [`TRACE /api/certs/order HTTP/1.1\r\n${own}\r\n`, [405]],
  'CONNECT to a call': [`CONNECT /api/certs/order HTTP/1.1\r\n${own}\r\n`, []],
  'two lengths': [
    `POST /api/certs/order HTTP/1.1\r\n${change}Content-Length: 2\r\nContent-Length: 40\r\n\r\n{}`,
    [400],
  ],
  'a length and chunks': [
    `POST /api/certs/order HTTP/1.1\r\n${change}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /api/certs/order HTTP/1.1\r\n${own}\r\n`,
    [400],
  ],
  'an odd coding': [`POST /api/certs/order HTTP/1.1\r\n${change}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n`, [400]],
  'a folded header': [`GET /api/certs/order HTTP/1.1\r\n${own}X: a\r\n b: c\r\n\r\n`, [400]],
  'a bare line feed': [`GET /api/certs/order HTTP/1.1\nHost: ${host}\n\n`, [400]],
  'a header that is too long': [`GET /api/certs/order HTTP/1.1\r\n${own}X: ${'x'.repeat(70_000)}\r\n\r\n`, [431]],
  'a body that is too large': [`POST /api/certs/order HTTP/1.1\r\n${change}Content-Length: 99999999\r\n\r\n{`, [413]],
  'a body that goes on for ever': [
    `POST /api/certs/order HTTP/1.1\r\n${change}Transfer-Encoding: chunked\r\n\r\n${`ffff\r\n${' '.repeat(0xffff)}\r\n`.repeat(4)}`,
    [413],
  ],
  'a body that stops': [`POST /api/certs/order HTTP/1.1\r\n${change}Content-Length: 50\r\n\r\n{`, [408]],
};

describe('over HTTP', () => {
  let packed;
  let portal;
  let server;
  const uncaught = [];
  const note = (error) => uncaught.push(error);
  before(async () => {
    process.on('unhandledRejection', note);
    packed = await installed();
    portal = await openPortal(packed, { bodyTimeout: 200 });
    server = createServer(packed.proxy.toNodeHandler(portal.handle));
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  after(async () => {
    process.off('unhandledRejection', note);
    server?.closeAllConnections();
    server?.close();
    await packed?.project.remove();
  });

  /** The statuses that come back until the server closes or has answered so often. */
  const raw = (text, answers = 1) =>
    new Promise((resolve) => {
      const socket = connect(server.address().port, '127.0.0.1');
      let seen = '';
      const end = () => {
        socket.destroy();
        resolve([...seen.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => Number(status)));
      };
      socket.on('data', (data) => {
        seen += data.toString('latin1');
        if ((seen.match(/HTTP\/1\.1 /g) ?? []).length >= answers && seen.includes('\r\n\r\n')) end();
      });
      socket.on('error', end);
      socket.on('close', end);
      socket.write(text, 'latin1');
    });

  for (const [name, [text, wanted]] of Object.entries(attacks)) {
    it(`${name} is answered with ${wanted}, reaches no service, and ends nothing`, async () => {
      portal.sent.length = 0;
      assert.deepEqual(await raw(text), wanted);
      assert.deepEqual(portal.calls(), []);
      assert.deepEqual(await raw(`GET /api/certs/order HTTP/1.1\r\n${own}\r\n`), [200]);
    });
  }

  it('what never reaches the handler is answered in the form of the service all the same', async () => {
    const headers = { host, cookie: 'user=ada', 'sec-fetch-site': 'same-origin' };
    const { port } = server.address();
    for (const [method, path, status, code] of [
      ['TRACE', '/api/certs/order', 405, 'method_not_allowed'],
      ['GET', '/api/certs/x/%2e%2e/order', 404, 'not_found'],
    ]) {
      const [reply] = await once(httpRequest({ port, path, method, headers }).end(), 'response');
      const text = (await reply.toArray()).join('');
      assert.deepEqual([reply.statusCode, JSON.parse(text).errors[0].code], [status, code]);
      assert.equal(reply.headers['cache-control'], 'no-store');
    }
  });

  it('a change without a body is one, where the server shows an empty body for it', async () => {
    const empty = () => new ReadableStream({ start: (controller) => controller.close() });
    const { handle, requestOf, sent } = await openPortal(packed, { service: () => new Response('{}') });
    for (const [method, path, wanted] of [
      ['DELETE', `contact/${id}`, undefined],
      ['PATCH', `order/${id}/cancel`, '{}'],
    ]) {
      sent.length = 0;
      const plain = requestOf(method, path);
      assert.equal(plain.headers.get('content-type'), null);
      const { status } = await handle(new Request(plain, { body: empty(), duplex: 'half' }));
      assert.deepEqual([status, sent.map(({ method, body }) => [method, body])], [200, [[method, wanted]]]);
    }
  });

  it('what is no HTTP, and nothing at all, ends nothing', async () => {
    assert.deepEqual(await raw('\x16\x03\x01\x02\x00'), [400]);
    await new Promise((resolve) => connect(server.address().port, '127.0.0.1').end().on('close', resolve).resume());
    assert.deepEqual(await raw(`GET /api/certs/order HTTP/1.1\r\n${own}\r\n`), [200]);
  });

  it('a page that leaves in the middle ends its call, and nothing else', async () => {
    let aborted = 0;
    const waiting = await openPortal(packed, {
      service: (_, { signal }) =>
        new Promise((_, reject) => {
          signal.addEventListener('abort', () => {
            aborted += 1;
            reject(signal.reason);
          });
        }),
    });
    const other = createServer(packed.proxy.toNodeHandler(waiting.handle));
    await new Promise((resolve) => other.listen(0, '127.0.0.1', resolve));
    const headers = { host, cookie: 'user=ada', 'sec-fetch-site': 'same-origin' };
    const asked = httpRequest({ port: other.address().port, path: '/api/certs/order', headers }).on('error', () => {});
    asked.end();
    while (waiting.sent.length === 0) await new Promise((resolve) => setImmediate(resolve));
    asked.destroy();
    while (aborted === 0) await new Promise((resolve) => setImmediate(resolve));
    other.close();
  });

  it('is made of what createProxy returns, and of nothing else', () => {
    const { toNodeHandler } = packed.proxy;
    for (const wrong of [undefined, null, {}, { prefix: '/api/certs' }, Promise.resolve(() => {})]) {
      assert.throws(() => toNodeHandler(wrong), { name: 'ValidationError', message: /createProxy returns/ });
    }
  });

  /** Revokes an order through a server: the status, and what of the body reaches the service. */
  async function revoke(server, send, options = {}) {
    const reply = { id: '3fa85f64-5717-4562-b3fc-2c963f66afa6', status: 'REVOKED' };
    const { handle, sent } = await openPortal(packed, {
      service: () => new Response(JSON.stringify(reply)),
      ...options,
    });
    const listening = server(packed.proxy.toNodeHandler(handle));
    await new Promise((resolve) => listening.listen(0, '127.0.0.1', resolve));
    try {
      const { port } = listening.address();
      return { ...(await send(port, `/api/certs/order/${reply.id}/revoke`)), sent: sent.map(({ body }) => body) };
    } finally {
      listening.close();
    }
  }
  const page = { cookie: 'user=ada', 'sec-fetch-site': 'same-origin', 'idempotency-key': 'a' };
  const overHttp = (port, path) =>
    new Promise((resolve) => {
      const headers = { host, ...page, 'content-type': 'application/json' };
      httpRequest({ port, path, method: 'PATCH', headers }, async (reply) => {
        let text = '';
        for await (const chunk of reply) text += chunk;
        resolve({ status: reply.statusCode, code: JSON.parse(text).errors?.[0].code });
      }).end(body);
    });
  const body = '{"comments":"only this one"}';

  for (const [parser, leave] of Object.entries({
    'an object': JSON.parse,
    'a text': (text) => text,
    'a Buffer': (text) => Buffer.from(text),
  })) {
    it(`a body that was read before is taken from ${parser} that a parser left`, async () => {
      const reading = (handler) =>
        createServer(async (request, response) => {
          request.body = leave((await request.toArray()).join(''));
          await handler(request, response);
        });
      assert.deepEqual(await revoke(reading, overHttp), { status: 200, code: undefined, sent: [body] });
    });
  }

  it('a body that was read before, in whole or in part, and is nowhere, is no empty one, which the log is told', async () => {
    const log = [];
    portal.errors.length = 0;
    const onError = (error) => log.push(`${error}`);
    const readers = [(request) => request.toArray(), (request) => once(request, 'data')];
    for (const read of readers) {
      const losing = (handler) =>
        createServer(async (request, response) => {
          await read(request);
          await handler(request, response);
        });
      assert.deepEqual(await revoke(losing, overHttp, { onError }), { status: 500, code: 'body_read', sent: [] });
    }
    const asked = portal.requestOf('PATCH', 'order/3fa85f64-5717-4562-b3fc-2c963f66afa6/revoke', { body });
    await asked.text();
    portal.sent.length = 0;
    const reply = await portal.handle(asked);
    assert.deepEqual([reply.status, (await reply.json()).errors[0].code, portal.sent], [500, 'body_read', []]);
    const told = [...log, ...portal.errors.splice(0).map(String)];
    assert.equal(told.length, 3);
    for (const line of told) assert.match(line, /reads bodies before the proxy does. Call the proxy first/);
  });

  for (const [name, headers] of Object.entries({
    'without a length': {},
    'with a length': { 'content-length': body.length },
  })) {
    it(`a body of http2 arrives, ${name}`, async () => {
      const send = (port, path) => ask2(port, { ':path': path, ...headers }, body);
      assert.deepEqual(await revoke(createHttp2, send), { status: 200, sent: [body] });
    });
  }

  it('over http2 no header is set that it does not have, and a change without a body is one', async () => {
    const warnings = [];
    const warned = (warning) => warnings.push(warning.message);
    process.on('warning', warned);
    const tooLarge = await revoke(createHttp2, (port, path) => ask2(port, { ':path': path }, ' '.repeat(200_000)));
    const empty = await revoke(createHttp2, (port, path) => ask2(port, { ':path': path, 'content-type': undefined }));
    await new Promise((resolve) => setImmediate(resolve));
    process.off('warning', warned);
    assert.deepEqual([tooLarge, empty, warnings], [{ status: 413, sent: [] }, { status: 200, sent: ['{}'] }, []]);
  });

  /** A change over http2. */
  async function ask2(port, more, body) {
    const session = connectHttp2(`http://127.0.0.1:${port}`);
    const headers = {
      ...{ ':method': 'PATCH', ':authority': host, 'content-type': 'application/json' },
      ...{ ...page, ...more },
    };
    const stream = session.request(headers, { endStream: body === undefined });
    stream.on('error', () => {});
    if (body !== undefined) stream.end(body);
    const [{ ':status': status }] = await once(stream, 'response');
    stream.resume();
    await once(stream, 'close');
    session.close();
    return { status };
  }

  it('nothing was left uncaught', async () => {
    await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(uncaught, []);
  });
});
