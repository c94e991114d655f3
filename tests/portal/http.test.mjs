import assert from 'node:assert/strict';
import { createServer, request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { host, installed, openPortal } from './support/portal.mjs';

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

  it('a body that a parser has read before is taken from it', async () => {
    const express = createServer(async (request, response) => {
      let text = '';
      for await (const chunk of request) text += chunk;
      request.body = JSON.parse(text);
      await packed.proxy.toNodeHandler(portal.handle)(request, response);
    });
    await new Promise((resolve) => express.listen(0, '127.0.0.1', resolve));
    const { csr } = await packed.api.createCsr({
      subject: { commonName: 'a.example.com' },
      dnsNames: ['a.example.com'],
    });
    const status = await new Promise((resolve) => {
      const headers = { host, cookie: 'user=ada', 'sec-fetch-site': 'same-origin', 'content-type': 'application/json' };
      httpRequest({ port: express.address().port, path: '/api/certs/cert/parse', method: 'POST', headers }, (reply) => {
        reply.resume();
        resolve(reply.statusCode);
      }).end(JSON.stringify({ csrs: [csr] }));
    });
    express.close();
    assert.equal(status, 200);
  });

  it('nothing was left uncaught', async () => {
    await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(uncaught, []);
  });
});
