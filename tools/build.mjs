/** `npm run build [-- --names]`: from source to the installable dist/markmonitor-certs-VERSION.tgz. */
import { cpSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { generateTypes } from './generate.mjs';
import { billOfMaterials, bundledPackages, compiledCrates, notices } from './lib/crates.mjs';
import { completeManifest, subpathManifests } from './lib/manifest.mjs';
import { installInto } from './lib/package.mjs';
import { isWorkspace, path, readJson, tarball, version } from './lib/project.mjs';
import { main, run } from './lib/run.mjs';
import { step } from './lib/stamp.mjs';
import { builtWith, rustFlags } from './lib/toolchain.mjs';
import { optimize } from './lib/wasm/optimize.mjs';
import { buildTools, need } from './setup.mjs';

/** The wasm modules, by the names of their files. */
export const modules = ['core', 'pki', 'renewals', 'sandbox'];

const sharedInputs = [
  ...['Cargo.toml', 'Cargo.lock'].map((file) => path(file)),
  ...['build.mjs', join('lib', 'toolchain.mjs'), join('lib', 'wasm')].map((file) => path('tools', file)),
];

/** `npm run build -- --names` keeps the names of functions in the wasm, for the stack of a trap: it is larger by half. */
const keepsNames = process.argv.includes('--names');

/** Compiles a crate once for every environment: the loaders differ, the wasm does not. */
function buildWasm(name, sources) {
  const out = path('build', name);
  const wasm = join(out, `${name}_bg.wasm`);
  const withNames = path('build', 'names', `${name}.wasm`);
  const namesOfGlue = path('build', 'names', `${name}.json`);
  const outputs = [wasm, withNames, namesOfGlue, join(out, `${name}.js`), join(out, `${name}.d.ts`)];
  return step(
    `wasm of ${name}`,
    { inputs: [...sharedInputs, path('wasm', name), ...sources], outputs, facts: [builtWith(), keepsNames] },
    async () => {
      const flags = '--mode no-install --release --target web --no-pack --no-opt --out-dir'.split(' ');
      await run('wasm-pack', ['build', path('wasm', name), ...flags, out, '--out-name', name], { env: rustFlags() });
      // It says `*`, and `npm pack` would obey.
      rmSync(join(out, '.gitignore'), { force: true });
      // The functions' names, which wasm-opt drops, for the checks of what is in which module.
      cpSync(wasm, withNames);
      const before = statSync(wasm).size;
      writeJson(namesOfGlue, await optimize(wasm, join(out, `${name}.js`), { keepsNames }));
      console.log(`  ${name}_bg.wasm: ${before} bytes, ${statSync(wasm).size} after wasm-opt`);
    },
  );
}

const buildCore = () => buildWasm('core', [path('src')]);
const buildPki = () =>
  buildWasm(
    'pki',
    ['der', 'finding', 'js', 'pki'].map((crate) => path('src', crate)),
  );
const buildRenewals = () =>
  buildWasm(
    'renewals',
    ['api', 'finding', 'js', 'renewals'].map((crate) => path('src', crate)),
  );
const buildSandbox = () => buildWasm('sandbox', [path('sandbox')]);

/** The user's part of the README is the package's page on npm. */
function packageReadme() {
  const [users] = readFileSync(path('README.md'), 'utf8').split('<!-- end of the npm page -->');
  return `${users.trimEnd()}\n`;
}

const writeJson = (file, content) => writeFileSync(file, `${JSON.stringify(content, null, 2)}\n`);

function buildTarball() {
  const template = path('pkg-template');
  const texts = [
    'CHANGELOG.md',
    'SECURITY.md',
    'LICENSE-MIT',
    'LICENSE-APACHE',
    'docs/cli.md',
    'docs/contract.md',
    'docs/errors.md',
    'docs/findings.md',
    'docs/options.md',
    'docs/portal.md',
    'docs/renewals.md',
    'docs/security.md',
    'docs/runtimes.md',
  ];
  texts.push('docs/guides', 'docs/screenshots/orders-light.webp');
  // What the guides have their readers copy.
  const portals = [
    'account.mjs',
    'page.mjs',
    'sandbox.mjs',
    'node.mjs',
    'express.mjs',
    'hono.mjs',
    'next',
    'cloudflare',
  ];
  const programs = ['csv/orders.mjs', 'inspect/inspect.mjs', 'order/order.mjs', 'opentelemetry/telemetry.mjs'];
  programs.push('README.md', 'stores/file-store.mjs');
  programs.push('renewals/rfc2136.mjs', 'vitest/certificate.js', 'vitest/certificate.test.js');
  texts.push(...[...portals.map((name) => `portal/${name}`), ...programs].map((name) => `examples/${name}`));
  const inputs = [
    ...sharedInputs,
    ...['README.md', 'package-lock.json', ...texts].map((file) => path(file)),
    ...['src', 'build.mjs', 'glue.mjs', 'package.json', 'package-lock.json', 'tsconfig.json'].map((file) =>
      join(template, file),
    ),
    ...modules.map((name) => path('build', name)),
    ...['crates.mjs', 'manifest.mjs', 'rust-notice.txt'].map((file) => path('tools', 'lib', file)),
  ];
  return step('npm package', { inputs, outputs: [tarball()], facts: [builtWith()] }, async () => {
    await run('node', ['build.mjs'], { cwd: template, env: { PACKAGE_VERSION: version() } });
    const staging = path('build', 'package');
    rmSync(staging, { recursive: true, force: true });
    cpSync(join(template, 'dist'), join(staging, 'dist'), { recursive: true });
    for (const file of texts) cpSync(path(file), join(staging, file), { recursive: true });
    writeFileSync(join(staging, 'README.md'), packageReadme());
    const manifest = readJson(join(template, 'package.json'));
    const complete = completeManifest(manifest, { version: version(), builtWith: builtWith() });
    writeJson(join(staging, 'package.json'), complete);
    const crates = compiledCrates(modules);
    const packages = bundledPackages();
    writeFileSync(join(staging, 'THIRD-PARTY-NOTICES'), notices(crates, packages));
    writeJson(join(staging, 'sbom.cdx.json'), billOfMaterials(crates, packages, complete));
    for (const [folder, content] of Object.entries(subpathManifests(manifest))) {
      mkdirSync(join(staging, folder), { recursive: true });
      writeJson(join(staging, folder, 'package.json'), content);
    }
    rmSync(path('dist'), { recursive: true, force: true });
    mkdirSync(path('dist'));
    await run('npm', ['pack', '--silent', '--pack-destination', path('dist')], { cwd: staging });
    // What tests have kept of the last one.
    rmSync(path('build', 'installed'), { recursive: true, force: true });
    cpSync(join(staging, 'sbom.cdx.json'), path('dist', `markmonitor-certs-${version()}.cdx.json`));
  });
}

/** The page uses the package as any user does: unpacked from the tarball, not linked to the tree. */
function installIntoPage() {
  const outputs = [path('www', 'node_modules', 'markmonitor-certs', 'package.json')];
  return step('package for the page', { inputs: [tarball()], outputs }, () => installInto(path('www')));
}

/** The page as static files, in www/dist. Wants `build` to have run. */
export function buildPage() {
  const sources = ['src', 'public', 'index.html', 'vite.config.ts', 'tsconfig.json', 'package.json'];
  const inputs = [tarball(), path('package-lock.json'), ...sources.map((file) => path('www', file))];
  return step('page', { inputs, outputs: [path('www', 'dist', 'index.html')] }, () =>
    run('npm', ['run', '--silent', 'build', '-w', 'www']),
  );
}

/** Builds whatever changed since the last time. Wants `buildTools` to be set up. */
export async function build() {
  // Side by side: cargo takes turns by itself, and one's wasm-opt runs during the other's compilation.
  const compiled = await Promise.allSettled([buildCore(), buildPki(), buildRenewals(), buildSandbox()]);
  for (const { reason } of compiled.filter(({ status }) => status === 'rejected')) throw reason;
  await generateTypes();
  await buildTarball();
  if (isWorkspace('www')) await installIntoPage();
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  main(async () => {
    await need(buildTools);
    await build();
    console.log(`Built ${tarball()}`);
  });
}
