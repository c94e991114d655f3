/** A portal with node:http and iron-session: `PORT=8080 SESSION_SECRET=… node node.mjs` */
import { createServer } from 'node:http';
import { getIronSession } from 'iron-session';
import { createProxy, toNodeHandler } from 'markmonitor-certs/proxy';
import { client, cookie, hosts, isPerson, page, personOf } from './account.mjs';

const options = { cookieName: 'portal', password: process.env.SESSION_SECRET, cookieOptions: cookie };

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

async function login(request, response) {
  const form = new URLSearchParams(await textOf(request));
  if (!isPerson(form.get('name'), form.get('password'))) return response.writeHead(401).end('Wrong name or password.');
  const session = await getIronSession(request, response, options);
  session.name = form.get('name');
  await session.save();
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
  if (request.method === 'POST' && request.url === '/login') {
    return login(request, response).catch((error) => {
      console.error(error);
      response.writeHead(500).end();
    });
  }
  response.writeHead(200, { 'content-type': 'text/html' }).end(page);
});
server.listen(process.env.PORT ?? 8080, () => console.log(`http://localhost:${server.address().port}/`));
