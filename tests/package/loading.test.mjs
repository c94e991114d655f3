import assert from 'node:assert/strict';
import { join } from 'node:path';
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

  it('by itself, in every entry', async () => {
    for (const entry of ['', '/inline', '/pki', '/pki/inline']) {
      const name = `markmonitor-certs${entry}`;
      assert.equal(await project.run(reading(`import { parseCsr } from '${name}';`)), 'example.com', name);
      const required = `
        import { createRequire } from 'node:module';
        const { parseCsr } = createRequire(process.cwd() + '/x.js')('${name}');`;
      assert.equal(await project.run(reading(required)), 'example.com', `${name} as CommonJS`);
    }
  });

  it('and no more of it than is used', async () => {
    const texts = `
      import { parseCsr } from 'markmonitor-certs';
      const report = () => {
        const key = Object.getOwnPropertySymbols(globalThis).find(({ description }) => description.endsWith('/embedded'));
        return key ? Object.keys(globalThis[key]) : [];
      };
      const before = report();
      await parseCsr(${JSON.stringify(csr)});
      console.log(JSON.stringify([before, report()]));`;
    assert.deepEqual(await project.run(texts), [[], ['pki']]);
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
      const large = ' '.repeat(2 ** 24) + csr;
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

  const file = `import.meta.resolve('markmonitor-certs/pki.wasm')`;
  const places = {
    'a file address': file,
    'a URL of a file': `new URL(${file})`,
    'a path': `fileURLToPath(${file})`,
    'a relative path': `relative(process.cwd(), fileURLToPath(${file}))`,
  };
  for (const [what, source] of Object.entries(places)) {
    it(`from ${what} that init is given, by every entry`, async () => {
      for (const entry of ['markmonitor-certs', 'markmonitor-certs/slim']) {
        const imports = `import { init, parseCsr } from '${entry}';
          import { relative } from 'node:path';
          import { fileURLToPath } from 'node:url';`;
        assert.equal(await project.run(reading(imports, `await init({ pki: ${source} });`)), 'example.com', entry);
      }
    });
  }

  it('never of another version than the JavaScript, and the next that init is given serves', async () => {
    const imports = "import { init, parseCsr } from 'markmonitor-certs/slim'; import { readFileSync } from 'node:fs';";
    const program = `${imports}
      const refused = await init({ pki: ${bytesOf('core')} }).catch(({ code, message }) => ({ code, message }));
      await init({ pki: ${bytes} });
      await parseCsr(${JSON.stringify(csr)});
      console.log(JSON.stringify(refused));`;
    const { code, message } = await project.run(program);
    assert.equal(code, 'wasm_load_failed');
    assert.match(message, /pki\.wasm could not be loaded: .* version than the JavaScript, a cache may have kept it/);
  });

  it('never from where there is nothing, and the error says what else there is', async () => {
    const imports = "import { init, parseCsr } from 'markmonitor-certs/slim';";
    const program = reading(imports, "await init({ pki: './none.wasm' }).catch(report); process.exit();");
    const { code, message } = await project.run(program);
    assert.equal(code, 'wasm_load_failed');
    assert.match(message, /pki\.wasm could not be loaded: ENOENT.*Pass its bytes to init\(\), or import/);
    assert.doesNotMatch(message, /Content-Security-Policy/);
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
      assert.match(
        error.message,
        /pki\.wasm could not be loaded: .* answered 503.*'wasm-unsafe-eval'.*Unless you import '[^']*\/inline'/,
      );
      assert.equal(await parse(opened), 'example.com');
    }),
  );

  it(
    'and where a part of the code is not, each use of it says what to do',
    withPage(async (opened) => {
      await opened.page.route(/\/(creation|diagnose|domain-suffixes|unattended)-\w+\.js$/, (route) => route.abort());
      const entries = [opened.entry('.'), opened.entry('./pki')];
      const told = await opened.page.evaluate(async ([client, pki]) => {
        const { CertsClient } = await import(client);
        const { createCsr, inspectCsr } = await import(pki);
        const fetch = async () => new Response('{"content":[]}');
        const auth = { apiKey: 'key', username: 'user', password: 'word' };
        const certs = new CertsClient({ auth, fetch, dangerouslyAllowBrowser: true });
        const uses = [
          () => createCsr({ subject: { commonName: 'example.com' }, dnsNames: [] }),
          () => inspectCsr('x'),
          () => certs.diagnose(),
          () => certs.renewals.plan(),
        ];
        return Promise.all(uses.map((use) => use().catch(({ code, message }) => `${code} ${message}`)));
      }, entries);
      for (const words of told) assert.match(words, /^wasm_load_failed .*markmonitor-certs\/inline/);
    }),
  );

  it(
    'again after a cache gave one of another version',
    withPage(async (opened) => {
      const former = { contentType: 'application/wasm', path: join(project.package, 'dist', 'core.wasm') };
      await opened.page.route('**/pki.wasm', (route) => route.fulfill(former), { times: 1 });
      assert.match((await parse(opened)).message, /a cache may have kept it\. The next use tries again/);
      assert.equal(await parse(opened), 'example.com');
    }),
  );

  it(
    'with the JavaScript, inline',
    withPage(async (opened) => {
      for (const subpath of ['./inline', './pki/inline']) assert.equal(await parse(opened, subpath), 'example.com');
      assert.deepEqual(wasmRequests(opened), []);
      assert.deepEqual(opened.errors, []);
    }),
  );
});
