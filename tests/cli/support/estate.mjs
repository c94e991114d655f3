/** Certificates that are due, in a sandbox over HTTP whose time goes on by a minute with each call. */
import { createServer } from 'node:http';
import { order, organization } from '../../package/scenarios/clients.mjs';

const minute = 60_000;
const day = 86_400_000;

/** An account with certificates of these names, so many days after they were ordered. Close it in the end. */
export async function serveEstate(project, names, daysLater) {
  const api = await project.import();
  const { createSandbox } = await project.import('markmonitor-certs/sandbox');
  const sandbox = await createSandbox({ rateLimit: false, now: new Date('2026-04-01T00:00:00Z') });
  const { credentials } = sandbox;
  const client = new api.CertsClient({ auth: credentials, fetch: sandbox.fetch, rateLimit: false });
  const owner = await client.organizations.create(organization());
  for (const commonName of names) {
    const { csr } = await api.createCsr({ subject: { commonName }, dnsNames: [commonName] });
    await client.orders.create({ ...order(owner, csr, { commonName }), certType: 'SSL_DV_GEOTRUST' });
  }
  sandbox.advance(daysLater * day);

  /** Where a test sets one: awaited before a request is answered. */
  const held = { before: undefined };
  const server = createServer(async (request, response) => {
    const chunks = await request.toArray();
    await held.before?.(request);
    sandbox.advance(minute);
    const { method, url, headers } = request;
    const body = chunks.length > 0 ? { body: Buffer.concat(chunks) } : {};
    const reply = await sandbox.fetch(`http://sandbox${url}`, { method, headers, ...body });
    response.writeHead(reply.status, [...reply.headers].flat());
    response.end(Buffer.from(await reply.arrayBuffer()));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    held,
    sandbox,
    client,
    /** What leads a program there. */
    env: {
      MARKMONITOR_BASE_URL: `http://127.0.0.1:${server.address().port}`,
      MARKMONITOR_API_KEY: credentials.apiKey,
      MARKMONITOR_USERNAME: credentials.username,
      MARKMONITOR_PASSWORD: credentials.password,
    },
    close: () => new Promise((resolve) => server.close(resolve).closeAllConnections()),
  };
}
