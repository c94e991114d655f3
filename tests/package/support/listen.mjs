/** Servers on free ports of loopback. */
import { createServer } from 'node:http';

/** Answers with `handle` until it is closed, which ends its connections as well. */
export async function listen(handle) {
  const server = createServer(handle);
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  return {
    port,
    origin: `http://127.0.0.1:${port}`,
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A port that nobody listens on. */
export async function freePort() {
  const { port, close } = await listen();
  await close();
  return port;
}
