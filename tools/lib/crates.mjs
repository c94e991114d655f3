/** What the package holds of others, crates in the wasm and npm packages in the program: their notices, and the bill of materials. */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { path, readJson, root } from './project.mjs';
import { Problem } from './run.mjs';

const wasmTarget = 'wasm32-unknown-unknown';
const cargo = (...args) =>
  execFileSync('cargo', args, { cwd: root, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 }).trim();

/**
 * The crates from elsewhere that these wasm modules consist of, by name and version. What only compiles them (build
 * scripts, procedural macros) is not among them.
 */
export function compiledCrates(modules) {
  const packages = modules.flatMap((name) => ['--package', `${name}-wasm`]);
  const edges = ['--edges', 'normal,no-proc-macro', '--prefix', 'none', '--format', '{p}'];
  const tree = cargo('tree', '--locked', '--offline', '--target', wasmTarget, ...packages, ...edges);
  const used = new Set(tree.split('\n').map((line) => line.split(' ').slice(0, 2).join('@').replace('@v', '@')));
  const metadata = JSON.parse(
    cargo('metadata', '--locked', '--offline', '--format-version', '1', '--filter-platform', wasmTarget),
  );
  return metadata.packages
    .filter(({ name, version, source }) => source !== null && used.has(`${name}@${version}`))
    .map(({ name, version, license, manifest_path }) => {
      const folder = dirname(manifest_path);
      return { name, version, license: license?.replace('/', ' OR '), folder };
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The npm packages that the program `dist/cli.js` holds: those are what the manifest names, which the build makes sure of. */
export function bundledPackages() {
  const template = path('pkg-template');
  const { devDependencies } = readJson(join(template, 'package.json'));
  const locked = readJson(join(template, 'package-lock.json')).packages;
  return Object.keys(devDependencies)
    .sort()
    .map((name) => {
      const { version, license, integrity } = locked[`node_modules/${name}`];
      return { name, version, license, integrity, folder: join(template, 'node_modules', name) };
    });
}

/** The files of a crate's folder that its notices are in. Where a choice is offered, it is MIT. */
function noticeFiles(folder) {
  const files = readdirSync(folder).filter((file) => /^(licen[sc]e|copying|notice|unlicense)/i.test(file));
  const alternatives = files.includes('LICENSE-MIT') ? /^(license-apache|unlicense|copying)|^license$/i : /(?!)/;
  return files.filter((file) => !alternatives.test(file)).sort();
}

/** What a crate has to be shipped with. */
function noticesOf({ name, version, license, folder }) {
  const files = noticeFiles(folder);
  if (files.length > 0) return files.map((file) => readFileSync(join(folder, file), 'utf8').trim());
  // The text is the same for everyone, and beside this file.
  if (/\bApache-2\.0\b/.test(license ?? '')) return ['Taken under the Apache License 2.0: see LICENSE-APACHE.'];
  throw new Problem(`The crate ${name} ${version} (${license}) has no licence file to ship: see tools/lib/crates.mjs.`);
}

/** Each text once, below those that it is of. */
function texts(parts) {
  const byText = new Map();
  for (const part of parts) {
    for (const text of noticesOf(part)) byText.set(text, [...(byText.get(text) ?? []), part]);
  }
  return [...byText].map(([text, parts]) => {
    const names = parts.map(({ name, version, license }) => `${name} ${version} (${license})`);
    return `${names.join('\n')}\n\n${text}`;
  });
}

/** The text of THIRD-PARTY-NOTICES. */
export function notices(crates, packages) {
  const standardLibrary = readFileSync(path('tools', 'lib', 'rust-notice.txt'), 'utf8').trim();
  const rule = `\n\n${'-'.repeat(80)}\n\n`;
  const head =
    'The WebAssembly of this package holds code of the Rust standard library and of these crates.\n' +
    'Where a crate offers several licences, it is taken under the one whose text is here.';
  const program =
    'The program of this package, dist/cli.js, holds code of these npm packages. No other file of it does.';
  return `${[head, standardLibrary, ...texts(crates), program, ...texts(packages)].join(rule)}\n`;
}

/** The SHA-256 of each crate's archive, by name and version, from Cargo.lock. */
function checksums() {
  const entries = readFileSync(path('Cargo.lock'), 'utf8').split('[[package]]').slice(1);
  const field = (entry, name) => entry.match(new RegExp(`^${name} = "(.*)"$`, 'm'))?.[1];
  return new Map(
    entries.map((entry) => [`${field(entry, 'name')}@${field(entry, 'version')}`, field(entry, 'checksum')]),
  );
}

/**
 * The bill of materials (CycloneDX 1.6) of the package: what its wasm and its program are made of. Without a date, so that it
 * can be made again.
 */
export function billOfMaterials(crates, packages, { name, version, license, builtWith }) {
  const known = checksums();
  const parts = [
    ...crates.map((crate) => ({
      ...{ ...crate, purl: `pkg:cargo/${crate.name}@${crate.version}` },
      hash: { alg: 'SHA-256', content: known.get(`${crate.name}@${crate.version}`) },
    })),
    ...packages.map((one) => ({
      ...{ ...one, purl: `pkg:npm/${one.name.replace('@', '%40')}@${one.version}` },
      hash: { alg: 'SHA-512', content: Buffer.from(one.integrity.replace('sha512-', ''), 'base64').toString('hex') },
    })),
  ];
  const itself = `pkg:npm/${name}@${version}`;
  return {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: {
      component: {
        ...{ type: 'library', 'bom-ref': itself, name, version, purl: itself },
        licenses: [{ expression: license }],
      },
      properties: Object.entries(builtWith).map(([tool, value]) => ({ name: `markmonitor-certs:${tool}`, value })),
    },
    components: parts.map(({ name, version, license, purl, hash }) => ({
      ...{ type: 'library', 'bom-ref': purl, name, version, purl },
      hashes: [hash],
      licenses: [{ expression: license }],
    })),
    dependencies: [{ ref: itself, dependsOn: parts.map(({ purl }) => purl) }],
  };
}
