/** The crates that are compiled into the wasm: their notices, and the bill of materials. */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { path, root } from './project.mjs';
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

/** The text of THIRD-PARTY-NOTICES: each text once, below the crates that it is of. */
export function notices(crates) {
  const byText = new Map();
  for (const crate of crates) {
    for (const text of noticesOf(crate)) byText.set(text, [...(byText.get(text) ?? []), crate]);
  }
  const standardLibrary = readFileSync(path('tools', 'lib', 'rust-notice.txt'), 'utf8').trim();
  const parts = [...byText].map(([text, crates]) => {
    const names = crates.map(({ name, version, license }) => `${name} ${version} (${license})`);
    return `${names.join('\n')}\n\n${text}`;
  });
  const rule = `\n\n${'-'.repeat(80)}\n\n`;
  const head =
    'The WebAssembly of this package holds code of the Rust standard library and of these crates.\n' +
    'Where a crate offers several licences, it is taken under the one whose text is here.';
  return `${[head, standardLibrary, ...parts].join(rule)}\n`;
}

/** The SHA-256 of each crate's archive, by name and version, from Cargo.lock. */
function checksums() {
  const entries = readFileSync(path('Cargo.lock'), 'utf8').split('[[package]]').slice(1);
  const field = (entry, name) => entry.match(new RegExp(`^${name} = "(.*)"$`, 'm'))?.[1];
  return new Map(
    entries.map((entry) => [`${field(entry, 'name')}@${field(entry, 'version')}`, field(entry, 'checksum')]),
  );
}

/** The bill of materials (CycloneDX 1.6) of the package: what its wasm is made of. Without a date, so that it can be made again. */
export function billOfMaterials(crates, { name, version, license, builtWith }) {
  const known = checksums();
  const purl = (crate) => `pkg:cargo/${crate.name}@${crate.version}`;
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
    components: crates.map((crate) => ({
      ...{ type: 'library', 'bom-ref': purl(crate), name: crate.name, version: crate.version, purl: purl(crate) },
      hashes: [{ alg: 'SHA-256', content: known.get(`${crate.name}@${crate.version}`) }],
      licenses: [{ expression: crate.license }],
    })),
    dependencies: [{ ref: itself, dependsOn: crates.map(purl) }],
  };
}
