/** Every check, the one list of them. To add one, add a row here and to the table in CONTRIBUTING.md. */
import { randomInt } from 'node:crypto';
import { relative } from 'node:path';
import { build, buildPage } from './build.mjs';
import { generateTypes } from './generate.mjs';
import { nodeTests, nodeTestsInTurn } from './lib/node-tests.mjs';
import { root, tarball } from './lib/project.mjs';
import { run } from './lib/run.mjs';

/** What `npm test SET` runs besides the checks that are of this set themselves. */
export const sets = {
  check: [],
  test: ['check'],
  matrix: [],
  soak: [],
  release: ['test', 'matrix'],
};

/** A command, its words divided by single spaces. */
const command =
  (line, env = {}) =>
  async () => {
    const [name, ...args] = line.split(' ');
    await run(name, args, { env });
  };

/** One after the other; what the last one returns. */
const inTurn =
  (...works) =>
  async () => {
    let result;
    for (const work of works) result = await work();
    return result;
  };

const wasmCrates = '-p core-wasm -p pki-wasm -p renewals-wasm -p sandbox-wasm --target wasm32-unknown-unknown';
const wasmRunner = { CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER: 'wasm-bindgen-test-runner' };

/** Random cases are the same in every run, so that a new failure is the change's; `soak` takes fresh ones. */
const nativeTests =
  (seed, { args = [], env = {} } = {}) =>
  async () => {
    console.log(`PROPTEST_RNG_SEED=${seed}`);
    await run('cargo', ['test', '--workspace', ...args], { env: { PROPTEST_RNG_SEED: seed, ...env } });
  };

/** A seed that nobody has chosen. Whatever takes one prints it. */
const drawn = () => `${randomInt(2 ** 31)}`;

/** Relative, so that no folder's name can hold a space. */
const packed = () => relative(root, tarball());
/** A .wasm has no types. */
const attwOptions = '--exclude-entrypoints ./core.wasm ./pki.wasm ./renewals.wasm ./sandbox.wasm';

/**
 * In the order in which they run: the quick ones first, fuzzing and the contract last.
 *
 * `what`: the row's text in CONTRIBUTING.md. `set`: the smallest set that it belongs to. `uses`: what set-up provides
 * (setup.mjs); a check is skipped without it. `needs`: a check that has to have passed before, and is run with it.
 */
export const checks = [
  {
    name: 'format',
    what: 'rustfmt and the formatter of Biome',
    set: 'check',
    uses: ['rust', 'rust linters', 'npm'],
    run: inTurn(command('cargo fmt --all --check'), command('biome format .')),
  },
  {
    name: 'biome',
    what: 'the lints of Biome; www and tools import nothing from examples',
    set: 'check',
    uses: ['npm'],
    run: command('biome lint --error-on-warnings .'),
  },
  {
    name: 'openapi',
    what: 'the lints of Redocly for `docs/openapi.yaml`',
    set: 'check',
    uses: ['npm'],
    run: command('redocly lint docs/openapi.yaml'),
  },
  {
    name: 'tools',
    what: 'the tests of the tools themselves',
    set: 'check',
    uses: ['rust', 'npm'],
    run: nodeTests('tools'),
  },
  {
    name: 'clippy',
    what: 'Clippy for the native build, any warning fails',
    set: 'check',
    uses: ['rust', 'rust linters'],
    run: command('cargo clippy --workspace --all-targets -- -D warnings'),
  },
  {
    name: 'types',
    what: 'the facade against the types that Rust and `docs/openapi.yaml` declare',
    set: 'check',
    uses: ['rust', 'npm'],
    run: inTurn(
      generateTypes,
      command('tsc --project pkg-template --noEmit'),
      command('tsc --project pkg-template/tsconfig.cli.json'),
    ),
  },
  {
    name: 'facade',
    what: 'the facade with a fake core in place of the wasm',
    set: 'check',
    uses: ['rust', 'npm'],
    run: inTurn(generateTypes, nodeTests('tests/facade')),
  },
  {
    name: 'native',
    what: 'the tests of all crates, with fixed seeds',
    set: 'check',
    uses: ['rust'],
    run: nativeTests(process.env.PROPTEST_RNG_SEED ?? '1'),
  },
  {
    name: 'deny',
    what: 'licences, duplicates and sources of the crates that ship',
    set: 'test',
    uses: ['rust', 'rust target', 'cargo-deny'],
    run: command('cargo deny --offline check licenses bans sources'),
  },
  {
    name: 'floors',
    what: 'a clock, randomness or JavaScript, planted in a pure crate, is refused',
    set: 'test',
    uses: ['rust', 'rust linters'],
    run: nodeTests('tests/floors'),
  },
  {
    name: 'clippy-wasm',
    what: 'Clippy for the wasm build',
    set: 'test',
    uses: ['rust', 'rust linters', 'rust target'],
    run: command(`cargo clippy ${wasmCrates} -- -D warnings`),
  },
  {
    name: 'boundary',
    what: 'the crate `js` in wasm, under Node',
    set: 'test',
    uses: ['rust', 'rust target', 'wasm tools'],
    run: command('cargo test -p js --all-features --target wasm32-unknown-unknown', wasmRunner),
  },
  {
    name: 'build',
    what: 'from source to the tarball',
    set: 'test',
    uses: ['rust', 'rust target', 'npm', 'wasm tools'],
    run: build,
  },
  {
    name: 'shipped-types',
    what: "programs of users against the types in the tarball, and the names in the documentation and of the last release; the facade's interface of each wasm against the build's",
    set: 'test',
    uses: ['npm'],
    run: nodeTests('tests/types'),
    needs: 'build',
  },
  {
    name: 'readme',
    what: 'the programs of the README and of the guides, run; `docs/guides/curl.md` is what the package sends, `docs/options.md` what its types say',
    set: 'test',
    run: command('node tools/check-readme.mjs'),
    needs: 'build',
  },
  {
    name: 'size',
    what: 'every part of the tarball against `tools/size-limits.json`',
    set: 'test',
    run: command('node tools/check-size.mjs'),
    needs: 'build',
  },
  {
    name: 'wasm',
    what: 'no function of ours is in two wasm modules, no path of the machine in any; how often a call crosses into one',
    set: 'test',
    uses: ['rust', 'npm'],
    run: nodeTests('tests/wasm'),
    needs: 'build',
  },
  {
    name: 'oracles',
    what: 'what is read and made, compared with OpenSSL and pyca/cryptography',
    set: 'test',
    uses: ['openssl', 'pyca'],
    run: nodeTests('tests/pki'),
    needs: 'build',
  },
  {
    name: 'package',
    what: 'the tarball in Node (ESM and CommonJS) and in Chromium',
    set: 'test',
    uses: ['openssl', 'chromium', 'npm'],
    run: nodeTests('tests/package'),
    needs: 'build',
  },
  {
    name: 'cli',
    what: 'the program of the tarball at a prompt: every command with its wrong inputs, against the sandbox over HTTP',
    set: 'test',
    uses: ['openssl', 'npm'],
    run: nodeTests('tests/cli'),
    needs: 'build',
  },
  {
    name: 'bundlers',
    what: 'the tarball through esbuild and Vite',
    set: 'test',
    uses: ['openssl', 'chromium', 'npm'],
    run: nodeTests('tests/bundlers'),
    needs: 'build',
  },
  {
    name: 'portal',
    what: 'the proxy: who may do what, one limit, bought once, and a table of attacks, in Node and in Chromium',
    set: 'test',
    uses: ['chromium', 'npm'],
    run: nodeTests(
      ...['entries', 'attacks', 'scope', 'once', 'lists', 'failures', 'http', 'queue', 'browser'].map(
        (name) => `tests/portal/${name}.test.mjs`,
      ),
    ),
    needs: 'build',
  },
  {
    name: 'page',
    what: "the demo page's build",
    set: 'test',
    uses: ['npm'],
    run: buildPage,
    needs: 'build',
  },
  {
    name: 'demo',
    what: "the demo page's parts for portals; the page in Chromium: inspecting, following orders, and that none is placed twice",
    set: 'test',
    uses: ['chromium', 'npm'],
    run: nodeTests('www/tests/portal', ...['inspect', 'orders', 'money'].map((name) => `www/tests/${name}.test.mjs`)),
    needs: 'page',
  },
  {
    name: 'matrix-core',
    what: 'the tarball in the runtimes and tools that are used most',
    set: 'test',
    uses: ['chromium', 'npm'],
    run: command('node tests/matrix/run.mjs --core'),
    needs: 'build',
  },
  {
    name: 'matrix-more',
    what: 'the tarball in the other runtimes, bundlers and frameworks of `docs/runtimes.md`',
    set: 'matrix',
    uses: ['chromium', 'npm'],
    run: command('node tests/matrix/run.mjs --more'),
    needs: 'build',
  },
  {
    name: 'portals',
    what: 'the examples of portals, each with its login; four processes with one Redis; three tabs',
    set: 'matrix',
    uses: ['rust', 'redis', 'npm'],
    run: nodeTestsInTurn(...['examples', 'cloudflare', 'redis', 'tabs'].map((name) => `tests/portal/${name}.test.mjs`)),
    needs: 'build',
  },
  {
    name: 'dns',
    what: 'the example of RFC 2136, by which renewals show control of domains, against BIND',
    set: 'matrix',
    uses: ['rust', 'bind', 'npm'],
    run: nodeTests('tests/dns/rfc2136.test.mjs'),
    needs: 'build',
  },
  {
    name: 'vitest',
    what: "the example of a user's tests",
    set: 'matrix',
    uses: ['npm'],
    run: command('node tools/check-example.mjs'),
    needs: 'build',
  },
  {
    name: 'demo-more',
    what: 'the rest of the demo page in Chromium: loading, accessibility, the proxy, the clock, secrets, long lists, renewals, many documents',
    set: 'matrix',
    uses: ['chromium', 'npm'],
    run: nodeTestsInTurn(
      ...['loading', 'accessibility', 'proxy', 'clock', 'private-keys', 'list', 'renewals', 'bench', 'everyone'].map(
        (name) => `www/tests/${name}.test.mjs`,
      ),
    ),
    needs: 'page',
  },
  {
    name: 'firefox',
    what: 'the demo page in Firefox',
    set: 'matrix',
    uses: ['firefox', 'npm'],
    run: nodeTests('www/tests/firefox.test.mjs'),
    needs: 'page',
  },
  {
    name: 'same-bytes',
    what: 'the package built in another folder is the same, byte by byte',
    set: 'release',
    uses: ['rust', 'rust target', 'npm', 'wasm tools'],
    run: command('node tools/check-same-bytes.mjs'),
    needs: 'build',
  },
  {
    name: 'publint',
    what: 'the manifest of the tarball',
    set: 'release',
    uses: ['npm'],
    run: () => command(`publint run ${packed()} --strict`)(),
    needs: 'build',
  },
  {
    name: 'attw',
    what: 'how TypeScript resolves the tarball (Are the types wrong)',
    set: 'release',
    uses: ['npm'],
    run: () => command(`attw ${packed()} ${attwOptions}`)(),
    needs: 'build',
  },
  {
    name: 'examples',
    what: 'the examples that are programs, against the sandbox; the page of the quick start; the portal in React',
    set: 'matrix',
    uses: ['chromium', 'npm'],
    run: nodeTestsInTurn('tests/examples'),
    needs: 'build',
  },
  {
    name: 'reference',
    what: 'the site of the documentation: no warning, no dead link, no other host, read by everyone, on a phone',
    set: 'release',
    uses: ['chromium', 'npm', 'site'],
    run: nodeTestsInTurn('tests/site'),
    needs: 'build',
  },
  {
    name: 'rustdoc',
    what: 'the reference of the crates, any warning fails',
    set: 'release',
    uses: ['rust'],
    run: command('cargo doc --workspace --no-deps --lib', { RUSTDOCFLAGS: '-D warnings' }),
  },
  {
    name: 'traffic',
    what: 'what the client sends and the sandbox replies, beside `docs/openapi.yaml`',
    set: 'test',
    uses: ['rust', 'openssl', 'chromium', 'npm'],
    run: nodeTests('tests/contract'),
    needs: 'build',
  },
  {
    name: 'contract',
    what: 'the sandbox against `docs/openapi.yaml`, some hundred generated cases',
    set: 'test',
    uses: ['rust', 'schemathesis'],
    run: command('node tests/contract/run.mjs --quick'),
  },
  {
    name: 'fuzz',
    what: 'the readers under libFuzzer, a fixed number of runs from a fixed seed',
    set: 'test',
    uses: ['rust', 'rust nightly', 'cargo-fuzz'],
    run: command('node fuzz/run.mjs'),
  },
  {
    name: 'memory',
    what: 'ten thousand calls leave the memory as it was',
    set: 'test',
    uses: ['openssl'],
    run: command('node --expose-gc tests/soak/memory.mjs 0.1'),
    needs: 'build',
  },
  {
    name: 'memory-soak',
    what: 'ten times as many calls and clients leave the memory as it was',
    set: 'soak',
    uses: ['openssl'],
    run: command('node --expose-gc tests/soak/memory.mjs'),
    needs: 'build',
  },
  {
    name: 'portal-soak',
    what: 'two hundred pages at once for ten minutes of their time, attacks among them, leave the memory as it was',
    set: 'soak',
    run: command('node --expose-gc tests/soak/portal.mjs'),
    needs: 'build',
  },
  {
    name: 'renewals-soak',
    what: 'a hundred small estates and one of three thousand certificates through three years, with fresh seeds',
    set: 'soak',
    uses: ['rust'],
    run: async () => {
      for (const estates of [{ RENEWALS_RUNS: '100' }, { RENEWALS_ESTATE: '3000' }]) {
        const env = { RENEWALS_SEED: drawn(), ...estates };
        console.log(env);
        await run('cargo', ['test', '--profile', 'soak', '--test', 'renewals', 'simulation'], { env });
      }
    },
  },
  {
    name: 'renewals-killed',
    what: 'renewing at a prompt, killed at two hundred random moments: one order each, every key there, all delivered',
    set: 'soak',
    run: nodeTests('tests/soak/renewals-killed.test.mjs'),
    needs: 'build',
  },
  {
    name: 'native-soak',
    what: 'the tests of all crates, ten times with other seeds',
    set: 'soak',
    uses: ['rust'],
    run: async () => {
      // The simulation runs a thousand times in each.
      const options = { args: ['--profile', 'soak'], env: { SIMULATION_RUNS: '1000' } };
      for (let round = 0; round < 10; round += 1) await nativeTests(drawn(), options)();
    },
  },
  {
    name: 'contract-soak',
    what: 'the sandbox against `docs/openapi.yaml`, thousands of cases from another seed',
    set: 'soak',
    uses: ['rust', 'schemathesis'],
    run: () => command(`node tests/contract/run.mjs --seed ${drawn()}`)(),
  },
  {
    name: 'fuzz-soak',
    what: 'the readers under libFuzzer, five minutes each from another seed',
    set: 'soak',
    uses: ['rust', 'rust nightly', 'cargo-fuzz'],
    run: () => command(`node fuzz/run.mjs --seconds 300 --seed ${drawn()}`)(),
  },
];
