/** Firefox as it is installed, driven by its own Marionette protocol: Playwright drives only Firefoxes of its own making. */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { onPath } from '../../../tools/lib/run.mjs';

export const firefox = onPath('firefox-esr', 'firefox');

const startMs = 60_000;

/** Starts it without a window; `run` evaluates an async function in the page and returns its result. */
export async function startFirefox() {
  const profile = mkdtempSync(join(tmpdir(), 'firefox-'));
  // Port 0: any free one, which it then writes down.
  writeFileSync(join(profile, 'user.js'), 'user_pref("marionette.port", 0);\n');
  const browser = spawn(firefox, ['--headless', '--marionette', '--no-remote', '--profile', profile], {
    stdio: 'ignore',
  });
  const ended = new Promise((resolve) => browser.once('exit', resolve));
  const send = await openSession(await portOf(profile));
  return {
    open: (url) => send('WebDriver:Navigate', { url }),
    run: (script, ...args) =>
      send('WebDriver:ExecuteScript', { script: `return (${script})(...arguments)`, args }).then(({ value }) => value),
    /** A PDF of the page. */
    print: async () => Buffer.from((await send('WebDriver:Print', {})).value, 'base64'),
    async stop() {
      browser.kill();
      await ended;
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** The port is in the profile as soon as the browser listens. */
async function portOf(profile) {
  const file = join(profile, 'MarionetteActivePort');
  const until = Date.now() + startMs;
  while (!existsSync(file) || readFileSync(file, 'utf8') === '') {
    if (Date.now() > until) throw new Error(`Firefox did not listen within ${startMs} ms.`);
    await pause(100);
  }
  return Number(readFileSync(file, 'utf8'));
}

/** Messages are `LENGTH:JSON`; a command is [0, id, name, parameters], its answer [1, id, error, result]. */
async function openSession(port) {
  const socket = connect(port, '127.0.0.1');
  const waiting = new Map();
  let received = Buffer.alloc(0);
  socket.on('data', (data) => {
    received = Buffer.concat([received, data]);
    for (;;) {
      const colon = received.indexOf(':');
      const end = colon + 1 + Number(received.subarray(0, Math.max(colon, 0)).toString());
      if (colon < 0 || received.length < end) return;
      const [, id, error, result] = [].concat(JSON.parse(received.subarray(colon + 1, end).toString()));
      received = received.subarray(end);
      const { resolve, reject } = waiting.get(id) ?? {};
      waiting.delete(id);
      if (error) reject?.(new Error(`${error.error}: ${error.message}`));
      else resolve?.(result);
    }
  });
  socket.on('error', (error) => {
    for (const { reject } of waiting.values()) reject(error);
  });
  // The first message greets; an answer to the session's start comes after it in any case.
  let lastId = 0;
  const send = (name, parameters) =>
    new Promise((resolve, reject) => {
      lastId += 1;
      waiting.set(lastId, { resolve, reject });
      const text = JSON.stringify([0, lastId, name, parameters]);
      socket.write(`${Buffer.byteLength(text)}:${text}`);
    });
  await send('WebDriver:NewSession', { capabilities: { alwaysMatch: {} } });
  return send;
}
