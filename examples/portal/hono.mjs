/** A portal with Hono and its signed cookies: `PORT=8080 SESSION_SECRET=… node hono.mjs` */
import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { getSignedCookie, setSignedCookie } from 'hono/cookie';
import { createProxy } from 'markmonitor-certs/proxy';
import { client, cookie, hosts, isPerson, page, personOf } from './account.mjs';

const secret = process.env.SESSION_SECRET;
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

const handle = createProxy({
  client,
  prefix: '/api/certs',
  hosts,
  async authorize(_, context) {
    const [until, name] = ((await getSignedCookie(context, secret, 'portal')) || '').split(' ');
    return Number(until) > Date.now() / 1000 ? personOf(name) : null;
  },
  onAudit: (entry) => console.error(JSON.stringify(entry)),
});
app.all('/api/certs/*', (context) => handle(context.req.raw, context));
app.on('GET', ['/', '/login'], (context) => context.html(page));

serve({ fetch: app.fetch, port: Number(process.env.PORT ?? 8080) }, ({ port }) =>
  console.log(`http://localhost:${port}/`),
);
