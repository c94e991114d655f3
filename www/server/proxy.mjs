/**
 * A same-origin proxy: the page calls `/api/certs/…` without any secret, and this adds the API key and the token.
 * Anyone who can open the page can use the account: put it behind your own login, as with any portal.
 */

const methods = new Set(['GET', 'POST', 'PATCH', 'DELETE']);
/** What is passed on, and nothing else: no cookie, no origin, no header of the service that the page need not know. */
const requestHeaders = ['accept', 'content-type'];
const responseHeaders = ['content-type', 'retry-after', 'ratelimit', 'ratelimit-policy', 'x-request-id'];
const largestBody = 1_000_000;

/**
 * Makes the handler of `(request, response)` pairs of node:http.
 *
 * @param {object} options
 * @param {import('markmonitor-certs').CertsClient} options.client Fetches and renews the token; never used in a page.
 * @param {string} options.apiKey
 * @param {string} options.certsBaseUrl The service's certificate base.
 * @param {string} options.prefix The path that the page uses as its `certsBaseUrl`.
 */
export function createProxy({ client, apiKey, certsBaseUrl, prefix }) {
  const send = async (url, method, headers, body) => {
    const token = await client.tokens.get();
    const secrets = { 'x-api-key': apiKey, authorization: `Bearer ${token}` };
    return fetch(url, { method, headers: { ...headers, ...secrets }, body, redirect: 'error', cache: 'no-store' });
  };
  return async (request, response) => {
    if (!isOwnPage(request)) return refuse(response, 403, 'FORBIDDEN', 'Only the page of this server may use it.');
    if (!methods.has(request.method)) return refuse(response, 405, 'METHOD', 'This method is not passed on.');
    const url = targetOf(request.url, prefix, certsBaseUrl);
    if (!url) return refuse(response, 404, 'NOT_FOUND', 'There is nothing at this path.');
    try {
      const body = await bodyOf(request);
      const headers = only(requestHeaders, (name) => request.headers[name]);
      let reply = await send(url, request.method, headers, body);
      if (reply.status === 401) {
        // The service has forgotten the token: once more with a new one.
        client.tokens.clear();
        reply = await send(url, request.method, headers, body);
      }
      response.writeHead(
        reply.status,
        only(responseHeaders, (name) => reply.headers.get(name)),
      );
      response.end(Buffer.from(await reply.arrayBuffer()));
    } catch (error) {
      // Its message may name hosts and users: it is for the one who runs the server.
      console.error(`proxy: ${request.method} ${new URL(url).pathname}: ${error.message}`);
      refuse(response, 502, 'PROXY', 'The server of this page could not reach the service; its log says why.');
    }
  };
}

/** Whether the browser says that the server's own page asks. Other pages could send requests, though not read replies. */
function isOwnPage({ headers }) {
  if (headers['sec-fetch-site']) return headers['sec-fetch-site'] === 'same-origin';
  return !headers.origin || hostOf(headers.origin) === headers.host;
}

function hostOf(origin) {
  return URL.canParse(origin) ? new URL(origin).host : undefined;
}

/** The service's address for a path of ours; undefined when it would lead out of the service's base. */
function targetOf(path, prefix, base) {
  const rest = path.slice(prefix.length);
  if (!rest.startsWith('/')) return undefined;
  const url = new URL(base + rest);
  return url.href.startsWith(`${new URL(base).href}/`) ? url.href : undefined;
}

async function bodyOf(request) {
  const chunks = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > largestBody) throw new Error('The body is too large.');
    chunks.push(chunk);
  }
  return size > 0 ? Buffer.concat(chunks) : undefined;
}

function only(names, read) {
  return Object.fromEntries(names.map((name) => [name, read(name)]).filter(([, value]) => value));
}

/** In the form of the service's own errors. */
function refuse(response, status, code, message) {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ errors: [{ code, message }] }));
}
