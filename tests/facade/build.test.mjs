import assert from 'node:assert/strict';
import { webcrypto } from 'node:crypto';
import { before, describe, it } from 'node:test';
import { guardedGlue } from '../../pkg-template/glue.mjs';
import { entry, environments, esmEnvironments } from '../../pkg-template/src/wasm/environments.mjs';
import { loadFacade } from './support/facade.mjs';

/** What esbuild makes of the functions that wasm-bindgen generates, as far as it matters here. */
const glue = `var glue = (() => {
  function imports() {
    return {
      getter: function(arg0) { const ret = arg0.queueMicrotask; return ret; },
      call: function(arg0) { queueMicrotask(arg0); },
    };
  }
  let wasm;
  function init(instance) { wasm = instance.exports; return { wasm, imports: imports() }; }
  return { init };
})();`;

const load = async (text) => (await import(`data:text/javascript,${encodeURIComponent(text)}`)).default;

describe('the functions that wasm-bindgen generates', () => {
  it('see their exports as the guard returns them', async () => {
    const makeGlue = await load(guardedGlue('core', glue));
    const { wasm } = makeGlue((exports) => ({ ...exports, guarded: true }), globalThis).init({ exports: { a: 1 } });
    assert.deepEqual(wasm, { a: 1, guarded: true });
  });

  it('run the executor whatever a test makes of the global queueMicrotask', async () => {
    const real = globalThis.queueMicrotask;
    const faked = [];
    try {
      globalThis.queueMicrotask = () => faked.push('microtask');
      const makeGlue = await load(guardedGlue('core', glue));
      const { imports } = makeGlue((exports) => exports, globalThis).init({ exports: {} });
      let ran = 0;
      const run = () => {
        ran += 1;
      };
      imports.getter(globalThis)(run);
      imports.call(run);
      await undefined;
      assert.equal(ran, 2);
      assert.deepEqual(faked, []);
    } finally {
      globalThis.queueMicrotask = real;
    }
  });

  it('fail the build where they are written otherwise', () => {
    const written = (before, after) => () => guardedGlue('core', glue.replace(before, after));
    assert.throws(written('wasm = instance.exports;', ''), /The glue of core has .*instance.* 0 times/);
    assert.throws(written('queueMicrotask(arg0);', ''), /0 times/);
    assert.throws(written('arg0.queueMicrotask;', ''), /0 times/);
    assert.throws(() => guardedGlue('core', `${glue}${glue}`), /2 times/);
    assert.ok(
      guardedGlue('sandbox', 'let wasm; wasm = instance.exports; var glue = {};'),
      'nothing asynchronous in it',
    );
  });
});

describe('the entries', () => {
  it('find the wasm as their environment does', () => {
    assert.match(entry('file', 'core'), /coreLoader.*new URL\('\.\.\/core\.wasm', import\.meta\.url\)/);
    assert.match(
      entry('chunk', 'pki'),
      /await import\('\.\.\/\.\.\/embedded\/pki\.js'\); return embeddedWasm\('pki'\)/,
    );
    assert.match(entry('commonjs', 'pki'), /await require\('\.\.\/embedded\/pki\.js'\); return embeddedWasm\('pki'\)/);
    assert.match(entry('workerd', 'core'), /import core from '\.\.\/core\.wasm';/);
    assert.match(entry('edge-light', 'sandbox'), /import sandbox from '\.\.\/\.\.\/sandbox\.wasm\?module';/);
    assert.match(entry('inline', 'core'), /import '\.\.\/embedded\/core\.js';/);
    assert.equal(entry('slim', 'core'), "export * from './index.js';");
  });

  it('of the main part find the client and the reader, those of the reader no other', () => {
    for (const name of Object.keys(environments).filter((name) => environments[name].provider)) {
      const provided = (part) => entry(name, part).match(/\w+(?=Loader\(\)\.provide)/g);
      assert.deepEqual(provided('core'), ['core', 'pki', 'renewals'], name);
      assert.deepEqual(provided('pki'), ['pki'], name);
      assert.deepEqual(provided('sandbox'), ['sandbox'], name);
    }
  });

  it('that load nothing are of the main part alone, and CommonJS is not ESM', () => {
    assert.ok(esmEnvironments('core').includes('slim'));
    assert.ok(!esmEnvironments('pki').includes('slim'));
    assert.ok(!esmEnvironments('core').includes('commonjs'));
  });

  it('import each name once', () => {
    for (const name of Object.keys(environments)) {
      const imports = entry(name, 'core').match(/^import .*$/gm) ?? [];
      assert.equal(new Set(imports).size, imports.length, name);
    }
  });

  it('export what their part of the package does', () => {
    for (const environment of Object.keys(environments)) {
      assert.match(entry(environment, 'core'), /export \* from '\.\/index\.js';$/);
      assert.match(entry(environment, 'pki'), /export \* from '\.\/pki\.js';$/);
    }
  });
});

describe('base64 is decoded', () => {
  let bytesOfBase64;
  before(async () => {
    ({ bytesOfBase64 } = await loadFacade());
  });
  const octets = Uint8Array.from({ length: 1000 }, (_, at) => at * 7);
  const text = Buffer.from(octets).toString('base64');

  /** Does something with these values in the globals; undefined stands for none. */
  const without = (globals, work) => {
    const before = Object.fromEntries(Object.keys(globals).map((name) => [name, globalThis[name]]));
    try {
      Object.assign(globalThis, globals);
      return work();
    } finally {
      Object.assign(globalThis, before);
    }
  };

  it('by whatever the environment has', () => {
    assert.deepEqual(Uint8Array.from(bytesOfBase64(text)), octets);
    const bytes = without({ Buffer: undefined }, () => bytesOfBase64(text));
    assert.equal(bytes.constructor, Uint8Array);
    assert.deepEqual(bytes, octets);
    class Native extends Uint8Array {
      static fromBase64 = (given) => ({ given });
    }
    assert.deepEqual(
      without({ Buffer: undefined, Uint8Array: Native }, () => bytesOfBase64(text)),
      { given: text },
    );
  });

  it('of a wasm whose script has run; another is named', async () => {
    const { embeddedWasm, version } = await loadFacade();
    globalThis[Symbol.for(`markmonitor-certs@${version}/embedded`)] = { core: text };
    assert.deepEqual(Uint8Array.from(embeddedWasm('core')), octets);
    assert.throws(() => embeddedWasm('pki'), /embedded\/pki\.js/);
  });
});

describe('UTF-8', () => {
  const { Buffer, TextDecoder, TextEncoder } = globalThis;
  const texts = ['', 'a', 'bücher', '\uFEFFmarked', '\u{1F512} \uD800'];
  let codecs;
  before(async () => {
    ({ codecs } = await loadFacade());
  });
  const inGlobals = (globals, work) => {
    try {
      Object.assign(globalThis, globals);
      return work();
    } finally {
      Object.assign(globalThis, { Buffer, TextDecoder, TextEncoder });
    }
  };

  it('is read and written without TextDecoder as with it', () => {
    const made = inGlobals({ TextDecoder: undefined, TextEncoder: undefined }, codecs);
    assert.notEqual(made.TextDecoder, TextDecoder);
    for (const text of texts) {
      const bytes = new TextEncoder().encode(text);
      assert.deepEqual(Uint8Array.from(new made.TextEncoder().encode(text)), bytes);
      for (const room of [0, 1, 3, 4, 100]) {
        const into = (Encoder) => {
          const target = new Uint8Array(room);
          return { ...new Encoder().encodeInto(text, target), target };
        };
        assert.deepEqual(into(made.TextEncoder), into(TextEncoder), `${text} into ${room}`);
      }
      for (const ignoreBOM of [false, true]) {
        const wanted = new TextDecoder('utf-8', { ignoreBOM }).decode(bytes);
        assert.equal(new made.TextDecoder('utf-8', { ignoreBOM }).decode(bytes), wanted);
        // A view of a larger buffer, as the memory of a wasm is.
        const larger = Uint8Array.of(65, ...bytes, 65);
        assert.equal(new made.TextDecoder('utf-8', { ignoreBOM }).decode(larger.subarray(1, -1)), wanted);
      }
    }
    assert.equal(new made.TextDecoder().decode(), '');
  });

  it('is the own one where there is one, and asked for where there is nothing', () => {
    assert.equal(codecs().TextDecoder, TextDecoder);
    const none = { Buffer: undefined, TextDecoder: undefined };
    assert.throws(() => inGlobals(none, codecs), /Object\.assign\(globalThis, require\('node:util'\)\)/);
  });
});

describe('WebCrypto', () => {
  const { crypto } = globalThis;
  let webCrypto;
  before(async () => {
    ({ webCrypto } = await loadFacade());
  });
  const withCrypto = (value, work) => {
    try {
      Object.defineProperty(globalThis, 'crypto', { configurable: true, value });
      return work();
    } finally {
      Object.defineProperty(globalThis, 'crypto', { configurable: true, value: crypto });
    }
  };

  it("is the global one, and Node's where that lacks what jsdom's does", () => {
    assert.equal(webCrypto(), crypto);
    for (const lacking of [undefined, { getRandomValues() {} }]) {
      assert.equal(withCrypto(lacking, webCrypto), webcrypto);
    }
  });
});
