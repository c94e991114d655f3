/** `npm start`: sets up, builds what changed and serves the demo page until Ctrl-C. PORT moves it. */
import { createServer } from 'node:net';
import { path } from './lib/project.mjs';
import { main, Problem } from './lib/run.mjs';

const host = '127.0.0.1';
const defaultPort = 5173;

/** The port that PORT asks for, or undefined. */
function wantedPort() {
  const text = process.env.PORT;
  if (!text) return undefined;
  if (!/^\d+$/.test(text) || Number(text) < 1 || Number(text) > 65535) {
    throw new Problem(`PORT is "${text}", which is no port: give a number from 1 to 65535.`);
  }
  return Number(text);
}

/** Said before the build, not after it. */
async function checkIsFree(port) {
  const probe = createServer();
  const taken = await new Promise((resolve) => {
    probe.once('error', resolve).listen(port, host, () => probe.close(() => resolve(undefined)));
  });
  if (taken?.code === 'EADDRINUSE') {
    throw new Problem(`Port ${port} is taken: end what listens there, or choose another one with PORT.`);
  }
  if (taken) throw new Problem(`Port ${port} cannot be used (${taken.code}): choose another one with PORT.`);
}

let server;

main(
  async () => {
    const port = wantedPort();
    if (port) await checkIsFree(port);
    const { setUpBuild } = await import('./setup.mjs');
    await setUpBuild();
    const { build } = await import('./build.mjs');
    await build();
    // Only there once the set-up ran.
    const vite = await import('vite');
    server = await vite.createServer({
      root: path('www'),
      server: { host, port: port ?? defaultPort, strictPort: port !== undefined },
      logLevel: 'warn',
    });
    await server.listen();
    console.log(`\nThe demo is served at http://${host}:${server.config.server.port}/ (Ctrl-C ends it)`);
  },
  async () => {
    await server?.close();
    return 0;
  },
);
