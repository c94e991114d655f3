import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, relative, sep } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { path } from '../../tools/lib/project.mjs';
import { filesUnder } from '../../tools/lib/stamp.mjs';
import { installPackage } from './support/install.mjs';

const parts = ['pki', 'sandbox'];
const environments = ['chunk', 'edge-light', 'file', 'inline', 'workerd'];
const wasm = ['core', 'renewals', ...parts];
/** Subpaths that are the same wherever they run. */
const plain = ['proxy', 'redis'];
const withMaps = (files) => files.flatMap((file) => [file, `${file}.map`]);

/** Every file of the tarball, without the declarations and with one name for all chunks. */
const wanted = [
  ...['CHANGELOG.md', 'LICENSE-APACHE', 'LICENSE-MIT', 'README.md', 'SECURITY.md', 'THIRD-PARTY-NOTICES'],
  ...['package.json', 'sbom.cdx.json'],
  ...['cli', 'contract', 'errors', 'findings', 'options', 'portal', 'renewals', 'runtimes', 'security'].map(
    (name) => `docs/${name}.md`,
  ),
  ...readdirSync(path('docs', 'guides')).map((name) => `docs/guides/${name}`),
  'docs/screenshots/orders-light.webp',
  ...wasm.flatMap((name) => [`dist/${name}.wasm`, `dist/embedded/${name}.js`, `${name}.wasm/package.json`]),
  ...['inline', 'slim', ...plain, ...parts, ...parts.map((part) => `${part}/inline`)].map(
    (name) => `${name}/package.json`,
  ),
  ...['dist/cli.js', 'dist/embedded/package.json', 'dist/cjs/package.json'],
  ...withMaps(['index', 'slim', ...plain, ...parts].map((name) => `dist/cjs/${name}.js`)),
  ...withMaps([...environments, ...plain, 'slim'].map((name) => `dist/esm/${name}.js`)),
  ...withMaps(parts.flatMap((part) => environments.map((name) => `dist/esm/${part}/${name}.js`))),
  ...withMaps(
    ['', 'creation-', 'diagnose-', 'domain-suffixes-', 'unattended-'].map((name) => `dist/esm/chunks/${name}*.js`),
  ),
];

describe('the tarball', () => {
  let project;
  let files;
  before(async () => {
    project = await installPackage();
    files = [...filesUnder(project.package)].map((file) => relative(project.package, file));
  });
  after(() => project?.remove());
  const text = (file) => readFileSync(join(project.package, file), 'utf8');

  it('holds these files', () => {
    const isListed = (file) => !/^dist\/(cjs\/)?types\/.*\.d\.ts$|^examples\//.test(file);
    const named = files
      .filter(isListed)
      .map((file) =>
        file.replace(
          /(chunk|creation|diagnose|domain-suffixes|unattended)-\w{8}\.js/,
          (_, name) => `${name === 'chunk' ? '' : `${name}-`}*.js`,
        ),
      );
    assert.deepEqual([...new Set(named)].sort(), wanted.sort());
    for (const file of ['dist/types/index.d.ts', 'dist/cjs/types/index.d.ts']) assert.ok(files.includes(file), file);
    assert.ok(files.includes('examples/portal/node.mjs'), 'the guide has its reader copy it');
    assert.deepEqual(
      files.filter((file) => file.includes('node_modules')),
      [],
    );
  });

  it('has each wasm twice: as a file and inside the JavaScript', () => {
    for (const name of wasm) {
      const bytes = readFileSync(join(project.package, 'dist', `${name}.wasm`));
      const base64 = bytes.toString('base64');
      const holders = files.filter((file) => /\.[cm]?js(\.map)?$/.test(file) && text(file).includes(base64));
      assert.deepEqual(holders, [`dist/embedded/${name}.js`]);
    }
  });

  it('names no folder of the machine that built it', () => {
    const folders = [path(), homedir()].map((folder) => join(folder, sep));
    assert.deepEqual(
      files.filter((file) => folders.some((folder) => text(file).includes(folder))),
      [],
    );
  });

  it('has no link that leads nowhere', () => {
    const pages = files.filter((file) => file.endsWith('.md'));
    const links = pages.flatMap((page) =>
      [...text(page).matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)/g)].map(([, link]) => ({ page, link })),
    );
    assert.ok(links.length > 5);
    const broken = links.filter(({ page, link }) => !existsSync(join(project.package, dirname(page), link)));
    assert.deepEqual(broken, []);
  });

  it('names no repository: a release does', () => {
    const manifest = JSON.parse(text('package.json'));
    for (const name of ['repository', 'homepage', 'bugs']) assert.equal(manifest[name], undefined);
    for (const page of ['README.md', 'SECURITY.md']) assert.doesNotMatch(text(page), /\brepository\b/i, page);
  });

  it('has the notice of each crate and npm package in its bill of materials, which has what is compiled in', () => {
    const notices = text('THIRD-PARTY-NOTICES');
    const { components, metadata } = JSON.parse(text('sbom.cdx.json'));
    assert.equal(metadata.component.version, JSON.parse(text('package.json')).version);
    const names = components.map(({ name }) => name);
    for (const name of ['serde', 'wasm-bindgen', 'p256', 'x509-cert', 'commander', 'undici'])
      assert.ok(names.includes(name), name);
    for (const { name, version, hashes } of components) {
      assert.ok(notices.includes(`\n${name} ${version} (`), name);
      assert.match(hashes[0].content, /^([0-9a-f]{64}){1,2}$/, name);
    }
    assert.match(notices, /The Rust standard library/);
  });

  it('has maps that lead to the sources, which are in them', () => {
    const { sources, sourcesContent } = JSON.parse(text('dist/cjs/index.js.map'));
    const at = sources.findIndex((source) => source.endsWith('src/wasm/loader.ts'));
    assert.match(sourcesContent[at], /class WasmLoader/);
  });
});
