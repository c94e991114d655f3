/** Serves the built page, and beside it the proxy when there are credentials for the service. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sirv from 'sirv';

const folder = fileURLToPath(new URL('../dist/', import.meta.url));
const prefix = '/api/certs';
const securityHeaders = {
  // The rest of the policy is in the page itself, so that it applies on every host.
  'content-security-policy': "frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};
/** Whoever reaches this server, which listens on loopback: the one who started it. A portal has a login here. */
const owner = ({ reading }) => ({
  user: 'owner',
  allow: {
    operations: [
      ...reading,
      ...['organizations.create', 'contacts.create', 'contacts.update', 'contacts.delete', 'orders.create'],
      ...['cancel', 'revoke', 'reissue', 'sendDcvEmail', 'validateDomains'].map((action) => `orders.${action}`),
      ...['orders.updateAdditionalEmails', 'orders.sendCertificateEmail'],
    ],
  },
});
/** The names of this computer, and no other: one that somebody else's DNS leads here has pages of its own. */
const hosts = ['127.0.0.1:*', 'localhost:*', '[::1]:*'];
const variables = ['MARKMONITOR_API_KEY', 'MARKMONITOR_USERNAME', 'MARKMONITOR_PASSWORD'];

/** The proxy for the account of these variables; undefined when there is none. */
async function proxyOf(env, rateLimit) {
  const missing = variables.filter((name) => !env[name]);
  if (missing.length === variables.length) return undefined;
  if (missing.length > 0) throw new Error(`The environment lacks ${missing.join(' and ')} for the proxy.`);
  const [{ CertsClient }, proxy] = await Promise.all([import('markmonitor-certs'), import('markmonitor-certs/proxy')]);
  const [apiKey, username, password] = variables.map((name) => env[name]);
  const client = new CertsClient({
    auth: { apiKey, username, password },
    ...basesOf(env),
    rateLimit,
  });
  return proxy.toNodeHandler(proxy.createProxy({ client, prefix, hosts, authorize: () => owner(proxy) }));
}

/** Where the service is, if it is not at the usual place: both parts below one address, or each at its own. */
function basesOf({ MARKMONITOR_BASE_URL, MARKMONITOR_CERTS_URL, MARKMONITOR_AUTH_URL }) {
  const base = MARKMONITOR_BASE_URL?.replace(/\/+$/, '');
  return {
    certsBaseUrl: MARKMONITOR_CERTS_URL ?? (base && `${base}/certs/v1`),
    authBaseUrl: MARKMONITOR_AUTH_URL ?? (base && `${base}/auth/v1`),
  };
}

/** The built files, in the form that `npm run build` compressed for clients that accept brotli. */
const builtFiles = () =>
  sirv(folder, {
    brotli: true,
    etag: true,
    setHeaders(response, pathname) {
      for (const [name, value] of Object.entries(securityHeaders)) response.setHeader(name, value);
      response.setHeader('cache-control', keepOf(pathname));
    },
  });

/** How a file may be kept. Vite puts the hash of the content into the names below assets/. */
function keepOf(pathname) {
  if (pathname.startsWith('/assets/')) return 'max-age=31536000, immutable';
  return pathname.endsWith('.svg') ? 'max-age=86400' : 'no-cache';
}

/** The page, with the address of the proxy, and a name for the user of its account. */
async function pageWithProxy(env) {
  const page = await readFile(join(folder, 'index.html'), 'utf8');
  const named = `${basesOf(env).certsBaseUrl} ${env.MARKMONITOR_USERNAME}`;
  const account = createHash('sha256').update(named).digest('hex').slice(0, 16);
  return page
    .replace('name="service-proxy" content=""', `name="service-proxy" content="${prefix}"`)
    .replace('name="service-account" content=""', `name="service-account" content="${account}"`);
}

/**
 * Starts the server on loopback; returns it once it listens.
 *
 * @param {{ port: number, host: string, env?: NodeJS.ProcessEnv, rateLimit?: false }} options
 *   `rateLimit`: that of the client in the proxy; without one for a service that has none.
 */
export async function serve({ port, host, env = process.env, rateLimit }) {
  const proxy = await proxyOf(env, rateLimit);
  const page = proxy && (await pageWithProxy(env));
  const files = builtFiles();
  const server = createServer((request, response) => {
    // A name that somebody else's DNS points at this computer would make their page the same origin.
    if (!isLoopback(request.headers.host)) return response.writeHead(421).end();
    // Not a URL: `//`, which any page can have an image of, is none, and would end the process.
    const [pathname] = request.url.split('?', 1);
    if (proxy && pathname.startsWith(`${prefix}/`)) return proxy(request, response);
    if (!['GET', 'HEAD'].includes(request.method)) return response.writeHead(405, { allow: 'GET, HEAD' }).end();
    if (page && (pathname === '/' || pathname === '/index.html')) {
      const head = { ...securityHeaders, 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-cache' };
      return response.writeHead(200, head).end(page);
    }
    return files(request, response, () => response.writeHead(404).end());
  });
  await new Promise((resolve, reject) => server.once('error', reject).listen(port, host, resolve));
  return { server, hasProxy: proxy !== undefined };
}

function isLoopback(host) {
  return /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/.test(host ?? '');
}
