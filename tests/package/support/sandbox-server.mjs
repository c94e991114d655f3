/** The sandbox over HTTP: the crate's own server, on a free port of loopback. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { root } from '../../../tools/lib/project.mjs';

/** Starts a server with these arguments (`--help` lists them), and waits until it listens. */
export async function startSandboxServer(...args) {
  const cargo = ['run', '--quiet', '--package', 'sandbox', '--', '--port', '0', ...args];
  const server = spawn('cargo', cargo, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  const origin = await addressOf(server);

  async function control(method, path, body) {
    const response = await fetch(`${origin}/sandbox${path}`, {
      method,
      ...(body && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    if (!response.ok) throw new Error(`${method} /sandbox${path}: ${await response.text()}`);
    return response.json();
  }

  return {
    origin,
    /** What a client needs to use it. */
    options: {
      auth: (await control('GET', '')).credentials,
      authBaseUrl: `${origin}/auth/v1`,
      certsBaseUrl: `${origin}/certs/v1`,
    },
    /** The requests that arrived: method, path, status, at. */
    requests: () => control('GET', '/requests'),
    advance: (ms) => control('POST', '/advance', { ms }),
    fault: (rule) => control('POST', '/faults', rule),
    clearFaults: () => control('DELETE', '/faults'),
    stop() {
      const ended = new Promise((resolve) => server.once('exit', resolve));
      server.kill('SIGTERM');
      return ended;
    },
  };
}

async function addressOf(server) {
  let complaints = '';
  server.stderr.on('data', (data) => {
    complaints += data;
  });
  const ended = new Promise((_, reject) => {
    server.once('exit', () => reject(new Error(`The sandbox ended before it listened: ${complaints}`)));
  });
  // Stopping the server later leaves nothing to catch.
  ended.catch(() => {});
  const line = new Promise((resolve) => createInterface(server.stdout).once('line', resolve));
  return /http:\S+/.exec(await Promise.race([line, ended]))[0];
}
