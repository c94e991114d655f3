/** A portal with Express and express-session: `PORT=8080 SESSION_SECRET=… ADA_PASSWORD=… node express.mjs` */
import express from 'express';
import session from 'express-session';
import { createProxy, toNodeHandler } from 'markmonitor-certs/proxy';
import { client, cookie, hosts, isPerson, personOf, secret } from './account.mjs';
import { packageFile, pageFor } from './page.mjs';

const app = express();
app.use(
  session({
    name: 'portal',
    secret,
    resave: false,
    saveUninitialized: false,
    cookie,
    // https ends in front of this server: X-Forwarded-Proto says so, or a secure cookie would not be sent.
    proxy: true,
    // In production give it a `store`: its own one forgets, and grows.
  }),
);

app.post('/login', express.urlencoded({ extended: false }), (request, response, next) => {
  const { name, password } = request.body ?? {};
  if (!isPerson(name, password)) return response.status(401).send('Wrong name or password.');
  // A session that somebody else began is not the one that is logged in.
  request.session.regenerate((error) => {
    if (error) return next(error);
    request.session.name = name;
    response.redirect(303, '/');
  });
});

app.post('/logout', (request, response, next) => {
  request.session.destroy((error) => {
    if (error) return next(error);
    response.clearCookie('portal').redirect(303, '/');
  });
});

const handle = createProxy({
  client,
  prefix: '/api/certs',
  hosts,
  authorize: (_, { request }) => personOf(request.session.name),
  onAudit: (entry) => console.error(JSON.stringify(entry)),
});
app.use('/api/certs', toNodeHandler(handle));
app.get('/markmonitor-certs/*path', async (request, response) => {
  const script = await packageFile(request.path);
  return script ? response.type('js').send(script) : response.sendStatus(404);
});
app.get(['/', '/login'], (request, response) => {
  response.set('cache-control', 'no-store').send(pageFor(personOf(request.session.name)));
});

// Reached from this machine alone, unless HOST says otherwise.
const server = app.listen(process.env.PORT ?? 8080, process.env.HOST ?? 'localhost', () =>
  console.log(`http://localhost:${server.address().port}/`),
);
