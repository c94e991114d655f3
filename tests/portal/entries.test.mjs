import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { host, installed } from './support/portal.mjs';

describe('the entries of a server', () => {
  let packed;
  before(async () => {
    packed = await installed();
  });
  after(() => packed?.project.remove());

  /** All files that an entry loads, and their text. */
  const reached = (entry) => {
    const root = join(packed.project.package, 'dist', 'esm');
    const files = new Map();
    const visit = (file) => {
      if (files.has(file)) return;
      const text = readFileSync(file, 'utf8');
      files.set(file, text);
      for (const [, path] of text.matchAll(/(?:from|import)\s*["'](\.[^"']+\.js)["']/g))
        visit(join(dirname(file), path));
    };
    visit(join(root, entry));
    return { names: [...files.keys()].map((file) => relative(root, file)), text: [...files.values()].join('\n') };
  };

  it('are reached by no entry of a page, and load no WebAssembly', () => {
    for (const entry of ['file.js', 'chunk.js', 'slim.js', 'pki/file.js']) {
      const { names, text } = reached(entry);
      assert.ok(!names.includes('proxy.js') && !names.includes('redis.js'), entry);
      assert.ok(!text.includes('organization_unnamed') && !text.includes("redis.call('GET'"), entry);
    }
    for (const entry of ['proxy.js', 'redis.js']) assert.ok(!/\.wasm|wasm_bindgen/.test(reached(entry).text), entry);
    assert.ok(reached('redis.js').text.length < 6000, 'itself, and what every entry begins with');
  });

  it('work as CommonJS, with a client of either form', async () => {
    const { createProxy, reading, toNodeHandler } = packed.project.require('markmonitor-certs/proxy');
    assert.equal(typeof packed.project.require('markmonitor-certs/redis').createRedisStore, 'function');
    assert.ok(reading.includes('orders.list') && !reading.includes('orders.create'));
    assert.equal(typeof toNodeHandler, 'function');
    const sandbox = await packed.sandbox.createSandbox({ demo: true });
    for (const api of [packed.api, packed.project.require('markmonitor-certs')]) {
      const client = new api.CertsClient({ auth: sandbox.credentials, fetch: sandbox.fetch });
      const handle = createProxy({ client, prefix: '/api/certs', hosts: [host], authorize: () => ({ user: 'ada' }) });
      const headers = { host, 'sec-fetch-site': 'same-origin' };
      const response = await handle(new Request(`https://${host}/api/certs/order`, { headers }));
      assert.equal(response.status, 200);
    }
  });
});
