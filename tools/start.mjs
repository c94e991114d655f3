/** `npm start`: sets up, builds what changed and serves the demo page until Ctrl-C. PORT moves it. */
import { createServer } from 'node:net';
import { main, Problem } from './lib/run.mjs';

const host = '127.0.0.1';
const defaultPort = 5173;

/** The port that PORT asks for, or undefined. */
function wantedPort() {
  const text = process.env.PORT;
  if (!text) return undefined;
  if (!/^\d+$/.test(text) || Number(text) < 1 || Number(text) > 65535) {
    throw new Problem(`PORT is "${text}", which is not a port: use a number from 1 to 65535.`);
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

/** Serves the page at the port that was asked for, or at the first free one from the default on. */
async function serveFrom(port) {
  const { serve } = await import('../www/server/serve.mjs');
  for (let next = port ?? defaultPort; ; next += 1) {
    try {
      return await serve({ host, port: next });
    } catch (error) {
      if (error.code !== 'EADDRINUSE' || port !== undefined || next === defaultPort + 100) throw error;
    }
  }
}

let server;

main(
  async () => {
    const port = wantedPort();
    if (port) await checkIsFree(port);
    const { buildTools, need } = await import('./setup.mjs');
    await need(buildTools);
    const { build, buildPage } = await import('./build.mjs');
    await build();
    await buildPage();
    const served = await serveFrom(port);
    server = served.server;
    const what = served.hasProxy ? 'with a proxy to the service' : 'with the sandbox';
    console.log(`\nThe demo is served at http://${host}:${server.address().port}/ ${what} (Ctrl-C ends it)`);
  },
  async () => {
    server?.closeAllConnections();
    return 0;
  },
);
