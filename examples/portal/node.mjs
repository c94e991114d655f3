/** A portal with node:http and iron-session: `PORT=8080 SESSION_SECRET=… ADA_PASSWORD=… node node.mjs` */
import { createServer } from 'node:http';
import { getIronSession } from 'iron-session';
import { createProxy, toNodeHandler } from 'markmonitor-certs/proxy';
import { client, cookie, hosts, isPerson, personOf, secret } from './account.mjs';
import { packageFile, pageFor } from './page.mjs';

const options = { cookieName: 'portal', password: secret, cookieOptions: cookie };

const proxy = toNodeHandler(
  createProxy({
    client,
    prefix: '/api/certs',
    hosts,
    async authorize(_, { request, response }) {
      const { name } = await getIronSession(request, response, options);
      return personOf(name);
    },
    onAudit: (entry) => console.error(JSON.stringify(entry)),
  }),
);

async function answer(request, response) {
  const script = await packageFile(request.url);
  if (script) return response.writeHead(200, { 'content-type': 'text/javascript' }).end(script);
  const session = await getIronSession(request, response, options);
  if (request.method !== 'POST') {
    const headers = { 'content-type': 'text/html', 'cache-control': 'no-store' };
    return response.writeHead(200, headers).end(pageFor(personOf(session.name)));
  }
  if (request.url === '/logout') {
    session.destroy();
  } else {
    const form = new URLSearchParams(await textOf(request));
    const name = form.get('name');
    if (!isPerson(name, form.get('password'))) return response.writeHead(401).end('Wrong name or password.');
    session.name = name;
    await session.save();
  }
  response.writeHead(303, { location: '/' }).end();
}

async function textOf(request) {
  let text = '';
  for await (const chunk of request) {
    text += chunk;
    if (text.length > 10_000) break;
  }
  return text;
}

const server = createServer((request, response) => {
  if (request.url.startsWith('/api/certs/')) return proxy(request, response);
  answer(request, response).catch((error) => {
    console.error(error);
    response.writeHead(500).end();
  });
});
// Reached from this machine alone, unless HOST says otherwise.
server.listen(process.env.PORT ?? 8080, process.env.HOST ?? 'localhost', () =>
  console.log(`http://localhost:${server.address().port}/`),
);
