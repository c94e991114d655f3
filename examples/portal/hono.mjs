/** A portal with Hono and its signed cookies: `PORT=8080 SESSION_SECRET=… ADA_PASSWORD=… node hono.mjs` */
import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { deleteCookie, getSignedCookie, setSignedCookie } from 'hono/cookie';
import { createProxy } from 'markmonitor-certs/proxy';
import { client, cookie, hosts, isPerson, personOf, secret } from './account.mjs';
import { packageFile, pageFor } from './page.mjs';

const day = 86_400;
const app = new Hono();

app.post('/login', async (context) => {
  const { name, password } = await context.req.parseBody();
  if (!isPerson(name, password)) return context.text('Wrong name or password.', 401);
  const until = Math.floor(Date.now() / 1000) + day;
  await setSignedCookie(context, 'portal', `${until} ${name}`, secret, {
    ...cookie,
    sameSite: 'Strict',
    maxAge: day,
    path: '/',
  });
  return context.redirect('/', 303);
});

app.post('/logout', (context) => {
  deleteCookie(context, 'portal', { path: '/' });
  return context.redirect('/', 303);
});

/** The person who is logged in. */
async function personAt(context) {
  const [until, name] = ((await getSignedCookie(context, secret, 'portal')) || '').split(' ');
  return Number(until) > Date.now() / 1000 ? personOf(name) : null;
}

const handle = createProxy({
  client,
  prefix: '/api/certs',
  hosts,
  authorize: (_, context) => personAt(context),
  onAudit: (entry) => console.error(JSON.stringify(entry)),
});
app.all('/api/certs/*', (context) => handle(context.req.raw, context));
app.get('/markmonitor-certs/*', async (context) => {
  const script = await packageFile(context.req.path);
  return script ? context.body(script, 200, { 'content-type': 'text/javascript' }) : context.notFound();
});
app.on('GET', ['/', '/login'], async (context) => {
  context.header('cache-control', 'no-store');
  return context.html(pageFor(await personAt(context)));
});

// Reached from this machine alone, unless HOST says otherwise.
const { HOST: hostname = 'localhost', PORT: port = 8080 } = process.env;
serve({ fetch: app.fetch, hostname, port: Number(port) }, (address) =>
  console.log(`http://localhost:${address.port}/`),
);
