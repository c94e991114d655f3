/** Serves the built page, and beside it the proxy when there are credentials for the service. */
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createProxy } from '../../examples/proxy/proxy.mjs';

const folder = fileURLToPath(new URL('../dist/', import.meta.url));
const prefix = '/api/certs';
const types = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
};
const securityHeaders = {
  // The rest of the policy stands in the page itself, so that it holds on every host.
  'content-security-policy': "frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};
const variables = ['MARKMONITOR_API_KEY', 'MARKMONITOR_USERNAME', 'MARKMONITOR_PASSWORD'];

/** The proxy for the account of these variables; undefined when there is none. */
async function proxyOf(env) {
  const missing = variables.filter((name) => !env[name]);
  if (missing.length === variables.length) return undefined;
  if (missing.length > 0) throw new Error(`The environment lacks ${missing.join(' and ')} for the proxy.`);
  const { CertsClient } = await import('markmonitor-certs');
  const certsBaseUrl = env.MARKMONITOR_CERTS_URL ?? 'https://api.markmonitor.com/certs/v1';
  const authBaseUrl = env.MARKMONITOR_AUTH_URL ?? 'https://api.markmonitor.com/auth/v1';
  const [apiKey, username, password] = variables.map((name) => env[name]);
  const client = new CertsClient({ auth: { apiKey, username, password }, certsBaseUrl, authBaseUrl });
  return createProxy({ client, apiKey, certsBaseUrl, prefix });
}

/** The file for a path of the built page, and how it may be kept. */
async function fileFor(pathname, hasProxy) {
  const name = pathname === '/' ? 'index.html' : pathname.slice(1);
  // One name or one below assets/: nothing that could lead out of the folder.
  if (!/^(assets\/)?[\w-][\w.-]*$/.test(name)) return undefined;
  const content = await readFile(join(folder, name)).catch(() => undefined);
  if (!content) return undefined;
  const type = types[extname(name)] ?? 'application/octet-stream';
  // Vite puts the hash of the content into the names below assets/.
  const keep = name.startsWith('assets/') ? 'max-age=31536000, immutable' : 'max-age=86400';
  if (name !== 'index.html') return { content, type, keep };
  const page = content.toString();
  const told = page.replace('name="service-proxy" content=""', `name="service-proxy" content="${prefix}"`);
  return { content: hasProxy ? told : page, type, keep: 'no-cache' };
}

/**
 * Starts the server on loopback; gives it once it listens.
 *
 * @param {{ port: number, host: string, env?: NodeJS.ProcessEnv }} options
 */
export async function serve({ port, host, env = process.env }) {
  const proxy = await proxyOf(env);
  const server = createServer(async (request, response) => {
    // A name that somebody else's DNS points at this computer would make their page the same origin.
    if (!isLoopback(request.headers.host)) return response.writeHead(421).end();
    const { pathname } = new URL(request.url, 'http://localhost');
    if (proxy && pathname.startsWith(`${prefix}/`)) return proxy(request, response);
    const file = request.method === 'GET' ? await fileFor(pathname, proxy !== undefined) : undefined;
    if (!file) return response.writeHead(404).end();
    response.writeHead(200, { ...securityHeaders, 'content-type': file.type, 'cache-control': file.keep });
    response.end(file.content);
  });
  await new Promise((resolve, reject) => server.once('error', reject).listen(port, host, resolve));
  return { server, hasProxy: proxy !== undefined };
}

function isLoopback(host) {
  return /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/.test(host ?? '');
}
