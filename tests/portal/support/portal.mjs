/** A portal in this process: the packed package's proxy, before the sandbox in memory, with users who are named by a cookie. */
import { randomUUID } from 'node:crypto';
import { installPackage } from '../../package/support/install.mjs';

/** Installs the package: what it exports, by subpath. */
export async function installed() {
  const project = await installPackage();
  const [api, proxy, sandbox] = await Promise.all(
    ['', '/proxy', '/sandbox'].map((subpath) => project.import(`markmonitor-certs${subpath}`)),
  );
  return { project, api, proxy, sandbox };
}

export const host = 'portal.example';
const everything = ({ reading }) => [
  ...reading,
  ...['organizations.create', 'contacts.create', 'contacts.update', 'contacts.delete'],
  ...['create', 'cancel', 'revoke', 'reissue', 'updateAdditionalEmails'].map((name) => `orders.${name}`),
];

/**
 * Opens a portal. `users`: what `authorize` says, by the name in the cookie; Ada may do everything, Rita may read.
 * `service`: a `fetch` in place of the sandbox's.
 */
export async function openPortal(
  installed,
  { users = {}, service, sandbox: given = {}, client: more = {}, ...options } = {},
) {
  const { api, proxy } = installed;
  const sandbox = await installed.sandbox.createSandbox({ demo: true, rateLimit: false, ...given });
  const sent = [];
  const answer = service ?? sandbox.fetch;
  const fetch = (url, init) => {
    sent.push({ method: init.method, url: String(url), headers: init.headers, body: init.body });
    return answer(url, init);
  };
  const auth = service ? { apiKey: 'the-api-key', token: 'the-token' } : sandbox.credentials;
  const store = api.createMemoryStore();
  const client = new api.CertsClient({ auth, fetch, rateLimit: false, store, ...more });
  const own = new api.CertsClient({ auth, fetch: answer, rateLimit: false });
  const usual = { ada: { user: 'ada', allow: { operations: everything(proxy) } }, rita: { user: 'rita' } };
  const audit = [];
  const errors = [];
  const handle = proxy.createProxy({
    client,
    prefix: '/api/certs',
    hosts: [host],
    authorize: (request) => {
      const name = /(?:^|; )user=(\w+)/.exec(request.headers.get('cookie') ?? '')?.[1];
      return users[name] ?? usual[name] ?? null;
    },
    onAudit: (entry) => audit.push(entry),
    onError: (error) => errors.push(error),
    ...options,
  });
  /** A request as the portal's own page sends it, but for what is given. */
  const requestOf = (method, path, { user = 'ada', headers = {}, body, signal } = {}) => {
    const changes = method !== 'GET' && { origin: `https://${host}`, 'idempotency-key': randomUUID() };
    const type = body !== undefined && { 'content-type': 'application/json' };
    const all = { host, cookie: `user=${user}`, 'sec-fetch-site': 'same-origin', ...changes, ...type, ...headers };
    const kept = Object.entries(all).filter(([, value]) => value !== undefined);
    const text = typeof body === 'object' && !(body instanceof Uint8Array) ? JSON.stringify(body) : body;
    return new Request(`https://${host}${path.startsWith('/') ? '' : '/api/certs/'}${path}`, {
      method,
      headers: kept,
      ...(text !== undefined && { body: text }),
      ...(signal && { signal }),
    });
  };
  const ask = async (method, path, given) => {
    const response = await handle(requestOf(method, path, given));
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      text,
      json: text.startsWith('{') ? JSON.parse(text) : undefined,
    };
  };
  return {
    sandbox,
    client,
    /** A client of the service itself, to look at it. */
    own,
    handle,
    ask,
    requestOf,
    /** What was sent to the service. */
    sent,
    /** The calls that reached the service, its tokens left out. */
    calls: () =>
      sent
        .filter(({ url }) => !url.includes('/auth/'))
        .map(({ method, url }) => `${method} ${new URL(url).pathname.replace(/^\/certs\/v1/, '')}`),
    audit,
    errors,
    /** The page's client, which speaks to the proxy. */
    pageClient: (options = {}, user = 'ada') => {
      const seen = [];
      const page = new api.CertsClient({
        auth: 'proxy',
        certsBaseUrl: '/api/certs',
        fetch: async (url, init) => {
          seen.push({ url, ...init });
          const body = init.body === undefined ? {} : { body: init.body };
          const headers = new Headers(init.headers);
          headers.set('host', host);
          headers.set('cookie', `user=${typeof user === 'function' ? user() : user}`);
          headers.set('sec-fetch-site', 'same-origin');
          return handle(
            new Request(`https://${host}${url}`, { method: init.method, headers, signal: init.signal, ...body }),
          );
        },
        ...options,
      });
      return { page, seen };
    },
  };
}

/** A new order of an organization, with one of its contacts. */
export const newOrder = (organization, commonName, csr) => ({
  organizationId: organization.id,
  contacts: [{ id: organization.contacts[0].id, contactTypes: [{ type: 'ORGANIZATION_CONTACT' }] }],
  certType: 'SSL_OV_BASIC',
  locale: 'en',
  provider: 'DIGICERT',
  cert: { commonName, csr, serverPlatform: 'NGINX', dcvMethod: 'DNS_TXT_TOKEN' },
});
