/** A headless Chromium with a page that has the installed package, under a strict Content-Security-Policy. */
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { onPath } from '../../../tools/lib/run.mjs';

const scenarios = fileURLToPath(new URL('../scenarios', import.meta.url));
const types = {
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.wasm': 'application/wasm',
  '.html': 'text/html',
};
const policy = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self' http://127.0.0.1:*";

/** A headless Chromium, with these arguments beside the usual ones. Close it in the end. */
export function launchChromium(...args) {
  return chromium.launch({
    executablePath: process.env.CHROME_PATH ?? onPath('chromium', 'chromium-browser', 'google-chrome'),
    args: [
      ...['--no-sandbox', '--disable-gpu', '--no-first-run'],
      ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
      ...args,
    ],
  });
}

/** Serves the installed package and opens a page on it. Close it in the end. */
export async function openPage(project) {
  const manifest = JSON.parse(await readFile(join(project.package, 'package.json'), 'utf8'));
  const entry = (subpath) => {
    const { browser, default: otherwise } = manifest.exports[subpath].import;
    return new URL(browser?.production.module ?? otherwise, 'http://localhost/package/').pathname;
  };
  const requests = [];
  const server = createServer(async ({ url }, response) => {
    const { pathname } = new URL(url, 'http://localhost');
    requests.push(pathname);
    const head = { 'content-security-policy': policy, 'content-type': types[extname(pathname)] ?? 'text/html' };
    try {
      response.writeHead(200, head).end(await fileFor(pathname, project));
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${server.address().port}`;

  const browser = await launchChromium();
  const page = await browser.newPage();
  const errors = [];
  page.on('pageerror', (error) => errors.push(error.message));
  // Chromium logs each reply of 4xx; those are the tests' own.
  const isOurs = (text) => text.startsWith('Failed to load resource');
  page.on('console', (message) => message.type() === 'error' && !isOurs(message.text()) && errors.push(message.text()));
  await page.goto(`${origin}/`);

  return {
    page,
    origin,
    /** Where the page finds what a subpath of the package names. */
    entry,
    /** What the page asked its server for. */
    requests,
    /** What the page complained of. */
    errors,
    /** Runs a function of a scenario file in the page: it gets the package, the sandbox's subpath and the arguments. */
    run(file, name, ...args) {
      return page.evaluate(
        async ([api, sandbox, scenario, name, args]) => {
          const loaded = { api: await import(api), sandbox: await import(sandbox) };
          return (await import(scenario))[name](loaded, ...args);
        },
        [entry('.'), entry('./sandbox'), `/scenarios/${file}`, name, args],
      );
    },
    async close() {
      await browser.close();
      server.close();
    },
  };
}

function fileFor(pathname, project) {
  const path = normalize(pathname);
  if (path.startsWith('/package/')) return readFile(join(project.package, path.slice('/package/'.length)));
  if (path.startsWith('/scenarios/')) return readFile(join(scenarios, path.slice('/scenarios/'.length)));
  return '<!doctype html><title>Test</title>';
}
