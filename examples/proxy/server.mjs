/**
 * `MARKMONITOR_API_KEY=… MARKMONITOR_USERNAME=… MARKMONITOR_PASSWORD=… node server.mjs`: the proxy and nothing else.
 * In the page: `new CertsClient({ auth: 'proxy', certsBaseUrl: '/api/certs' })`.
 */
import { createServer } from 'node:http';
import { CertsClient } from 'markmonitor-certs';
import { createProxy } from './proxy.mjs';

const prefix = '/api/certs';
const certsBaseUrl = process.env.MARKMONITOR_CERTS_URL ?? 'https://api.markmonitor.com/certs/v1';

const proxy = createProxy({
  // Without `auth` it reads MARKMONITOR_API_KEY, MARKMONITOR_USERNAME and MARKMONITOR_PASSWORD.
  client: new CertsClient(),
  apiKey: process.env.MARKMONITOR_API_KEY,
  certsBaseUrl,
  prefix,
});

createServer((request, response) => {
  if (request.url.startsWith(`${prefix}/`)) return proxy(request, response);
  // Your page, behind your login, is served here.
  response.writeHead(404).end();
}).listen(8080, '127.0.0.1', () => console.log(`The proxy listens at http://127.0.0.1:8080${prefix}`));
