/** A proxy between the client and the sandbox's server: passes everything on as it is, and notes what breaks the contract. */
import { once } from 'node:events';
import { createServer, request as send } from 'node:http';
import { openContract } from './contract.mjs';

/** Starts a proxy to this address, on a free port of loopback. */
export async function startCheckingProxy(target) {
  const contract = await openContract();
  const calls = [];
  let mismatches = [];

  function check({ method, url, headers }, body, reply) {
    const { pathname: path, search: query } = new URL(url, target);
    const operation = contract.operationOf({ method, path });
    const name = `${method} ${operation?.path ?? path}`;
    const note = (where) => (mismatch) => mismatches.push(`${where} ${name}: ${mismatch}`);
    if (!operation) return note('request')('there is no such call');
    contract.mismatchesOfRequest(operation, { method, path, query, headers, body }).forEach(note('request'));
    // A connection that was cut has no reply to check.
    if (reply) contract.mismatchesOfReply(operation, reply).forEach(note(`reply ${reply.status} to`));
    calls.push({ operation: operation.operationId, status: reply?.status });
  }

  async function pass(request, response) {
    const { method, url, headers } = request;
    const sent = Buffer.concat(await request.toArray());
    const reply = await replyOf(`${target}${url}`, { method, headers }, sent);
    const isCall = !url.startsWith('/sandbox') && method !== 'OPTIONS';
    if (isCall) check(request, sent.toString(), reply && { ...reply, body: reply.body.toString() });
    if (!reply) return response.destroy();
    response.writeHead(reply.status, reply.rawHeaders).end(reply.body);
  }

  const server = createServer((request, response) => {
    // What fails in here is a mismatch too: it must not be lost.
    pass(request, response).catch((error) => {
      mismatches.push(`${request.method} ${request.url}: ${error.stack}`);
      response.destroy();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  return {
    origin: `http://127.0.0.1:${server.address().port}`,
    operations: contract.operations,
    /** The calls that were checked: operation and status. */
    calls,
    /** The mismatches since the last time, in the order in which they came. */
    take() {
      const taken = mismatches;
      mismatches = [];
      return taken;
    },
    stop() {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** The reply to a request; undefined if the connection was cut. */
function replyOf(url, options, body) {
  return new Promise((resolve, reject) => {
    const request = send(url, options, async (response) => {
      const { statusCode: status, headers, rawHeaders } = response;
      resolve({ status, headers, rawHeaders, body: Buffer.concat(await response.toArray()) });
    });
    request.on('error', (error) => (error.code === 'ECONNRESET' ? resolve() : reject(error)));
    request.end(body);
  });
}
