import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { openPage } from './support/chromium.mjs';
import { installPackage } from './support/install.mjs';
import { guideCsr } from './support/openssl.mjs';

const csr = guideCsr();
/** What makes a client that lists: its service replies with an empty page. */
const listing = `
  const fetch = async () => new Response('{"content":[]}');
  const auth = { apiKey: 'key', token: 'token' };
  const { content } = await new CertsClient({ auth, fetch }).orders.list();`;
/** A program that reads the CSR with what `imports` imports, and prints the common name or the error. */
const reading = (imports, before = '') => `
  ${imports}
  const report = (value) => console.log(JSON.stringify(value));
  ${before}
  await parseCsr(${JSON.stringify(csr)}).then(({ subject }) => report(subject.commonName), report);
`;

describe('in Node the wasm is loaded', () => {
  let project;
  before(async () => {
    project = await installPackage();
  });
  after(() => project?.remove());

  it('by itself, as ESM and inline', async () => {
    for (const entry of ['markmonitor-certs', 'markmonitor-certs/inline']) {
      assert.equal(await project.run(reading(`import { parseCsr } from '${entry}';`)), 'example.com', entry);
    }
  });

  it('by itself, as CommonJS, from a file that was moved away', async () => {
    const moved = `
      import { copyFileSync } from 'node:fs';
      import { createRequire } from 'node:module';
      const require = createRequire(process.cwd() + '/x.js');
      copyFileSync(require.resolve('markmonitor-certs'), 'moved.cjs');
      const { parseCsr } = require('./moved.cjs');`;
    assert.equal(await project.run(reading(moved)), 'example.com');
  });

  it('once more after an input that took much memory, which is given back', async () => {
    const program = `
      const { instantiate } = WebAssembly;
      const memories = [];
      WebAssembly.instantiate = async (...args) => {
        const instance = await instantiate(...args);
        const { exports } = instance.instance ?? instance;
        if (exports.parseCsr) memories.push(exports.memory);
        return instance;
      };
      const { parseCsr, inspectCsr } = await import('markmonitor-certs/pki');
      const csr = ${JSON.stringify(csr)};
      const large = ' '.repeat(2 ** 25) + csr;
      // A large input in between two others, by what returns at once and by what takes its time.
      for (const read of [parseCsr, inspectCsr]) for (const text of [csr, large, csr]) await read(text);
      console.log(JSON.stringify(memories.map(({ buffer }) => buffer.byteLength)));`;
    const sizes = await project.run(program);
    const limit = 2 ** 24;
    assert.deepEqual(
      sizes.map((size) => size > limit),
      [true, true, false],
    );
  });

  it('never by the slim entry, which says how to fix that', async () => {
    const error = await project.run(reading("import { parseCsr } from 'markmonitor-certs/slim';"));
    assert.equal(error.code, 'wasm_not_provided');
    assert.match(error.message, /call init first .* pki\.wasm .* init\(\{ pki: source \}\)/);
  });

  const bytesOf = (name) => `readFileSync(new URL(import.meta.resolve('markmonitor-certs/${name}.wasm')))`;
  const bytes = bytesOf('pki');
  const sources = {
    bytes,
    'a compiled module': `await WebAssembly.compile(${bytes})`,
    'a reply': `new Response(${bytes}, { headers: { 'content-type': 'application/wasm' } })`,
    'a reply of another media type': `new Response(${bytes})`,
  };
  for (const [what, source] of Object.entries(sources)) {
    it(`from ${what} that init is given`, async () => {
      const imports =
        "import { init, parseCsr } from 'markmonitor-certs/slim'; import { readFileSync } from 'node:fs';";
      assert.equal(await project.run(reading(imports, `await init({ pki: ${source} });`)), 'example.com');
    });
  }

  it('each from what init is given of it, or the client alone', async () => {
    const imports =
      "import { CertsClient, init, parseCsr } from 'markmonitor-certs/slim'; import { readFileSync } from 'node:fs';";
    const both = `await init({ core: ${bytesOf('core')}, pki: ${bytes} }); ${listing}`;
    assert.equal(await project.run(reading(imports, both)), 'example.com');
    const client = `${imports} await init(${bytesOf('core')}); ${listing} console.log(JSON.stringify(content));`;
    assert.deepEqual(await project.run(client), []);
  });

  it('from a file address that init is given', async () => {
    const imports = "import { init, parseCsr } from 'markmonitor-certs';";
    const source = "import.meta.resolve('markmonitor-certs/pki.wasm')";
    assert.equal(await project.run(reading(imports, `await init({ pki: ${source} });`)), 'example.com');
  });
});

describe('in a page the wasm is loaded', () => {
  let project;
  let opened;
  before(async () => {
    project = await installPackage();
  });
  after(() => project?.remove());
  const withPage = (work) => async () => {
    opened = await openPage(project);
    try {
      await work(opened);
    } finally {
      await opened.close();
    }
  };
  const wasmRequests = ({ requests }) => requests.filter((path) => path.endsWith('.wasm'));
  const parse = ({ page, entry }, subpath = '.') =>
    page.evaluate(
      async ([entry, csr]) => {
        const { parseCsr } = await import(entry);
        return parseCsr(csr).then(
          ({ subject }) => subject.commonName,
          (error) => error.toJSON(),
        );
      },
      [entry(subpath), csr],
    );

  it(
    'on first use, and once',
    withPage(async (opened) => {
      await opened.page.evaluate(async (entry) => {
        const { CertsClient } = await import(entry);
        new CertsClient({ auth: 'proxy' });
      }, opened.entry('.'));
      assert.deepEqual(wasmRequests(opened), []);
      assert.deepEqual(await Promise.all([parse(opened), parse(opened)]), ['example.com', 'example.com']);
      assert.deepEqual(wasmRequests(opened), ['/package/dist/pki.wasm']);
    }),
  );

  it(
    'each when something needs it: a client that lists does not need the reader',
    withPage(async (opened) => {
      await opened.page.evaluate(async (entry) => {
        const { CertsClient } = await import(entry);
        const fetch = async () => new Response('{"content":[]}');
        const auth = { apiKey: 'key', token: 'token' };
        await new CertsClient({ auth, fetch, dangerouslyAllowBrowser: true }).orders.list();
      }, opened.entry('.'));
      assert.deepEqual(wasmRequests(opened), ['/package/dist/core.wasm']);
    }),
  );

  it(
    'again after it could not be',
    withPage(async (opened) => {
      await opened.page.route('**/pki.wasm', (route) => route.fulfill({ status: 503 }), { times: 1 });
      const error = await parse(opened);
      assert.equal(error.code, 'wasm_load_failed');
      assert.match(error.message, /pki\.wasm could not be loaded: .* answered 503/);
      assert.equal(await parse(opened), 'example.com');
    }),
  );

  it(
    'with the JavaScript, inline',
    withPage(async (opened) => {
      assert.equal(await parse(opened, './inline'), 'example.com');
      assert.deepEqual(wasmRequests(opened), []);
      assert.deepEqual(opened.errors, []);
    }),
  );
});
