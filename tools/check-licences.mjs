/** Everything that ships, as wasm or as JavaScript, has to be under a licence that MIT OR Apache-2.0 can include. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { path, readJson, root } from './lib/project.mjs';
import { main, Problem } from './lib/run.mjs';

const fine = new Set([
  '0BSD',
  'Apache-2.0',
  'Apache-2.0 WITH LLVM-exception',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'BSL-1.0',
  'ISC',
  'MIT',
  'Unicode-3.0',
  'Unlicense',
  'Zlib',
]);

/** Whether an SPDX expression offers a choice that is fine: OR takes one good side, AND needs both. */
export function isFine(expression) {
  const tokens = expression.replaceAll('/', ' OR ').match(/[()]|\bAND\b|\bOR\b|[^\s()]+(\s+WITH\s+[^\s()]+)?/g) ?? [];
  let isWhole = true;
  const choice = () => {
    let good = all();
    while (tokens[0] === 'OR') {
      tokens.shift();
      good = all() || good;
    }
    return good;
  };
  const all = () => {
    let good = one();
    while (tokens[0] === 'AND') {
      tokens.shift();
      good = one() && good;
    }
    return good;
  };
  const one = () => {
    const token = tokens.shift();
    isWhole &&= token !== undefined;
    if (token !== '(') return fine.has(token?.replace(/\s+/g, ' '));
    const good = choice();
    return tokens.shift() === ')' && good;
  };
  return choice() && isWhole && tokens.length === 0;
}

/** The crates that end up in the wasm: normal dependencies, all the way down. */
function crates() {
  const flags = ['metadata', '--format-version', '1', '--all-features', '--filter-platform', 'wasm32-unknown-unknown'];
  const {
    packages,
    resolve,
    workspace_members: own,
  } = JSON.parse(execFileSync('cargo', flags, { cwd: root, encoding: 'utf8', maxBuffer: 256 * 1024 * 1024 }));
  const nodes = new Map(resolve.nodes.map((node) => [node.id, node]));
  const seen = new Set();
  const visit = (id) => {
    if (seen.has(id)) return;
    seen.add(id);
    const shipped = nodes.get(id).deps.filter(({ dep_kinds: kinds }) => kinds.some(({ kind }) => kind === null));
    for (const { pkg } of shipped) visit(pkg);
  };
  for (const member of own) visit(member);
  return packages
    .filter(({ id }) => seen.has(id) && !own.includes(id))
    .map(({ name, version, license }) => ({ name, version, license }));
}

/** The npm packages that a user of the package gets. */
function npmPackages() {
  const found = new Map();
  const visit = (manifest) => {
    for (const name of Object.keys(manifest.dependencies ?? {})) {
      if (found.has(name)) continue;
      const file = path('node_modules', name, 'package.json');
      if (!existsSync(file)) throw new Problem(`${name} ships with the package but is not installed: run \`npm ci\`.`);
      const dependency = readJson(file);
      found.set(name, { name, version: dependency.version, license: dependency.license });
      visit(dependency);
    }
  };
  visit(readJson(path('pkg-template', 'package.json')));
  return [...found.values()];
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  main(async () => {
    const shipped = [...crates(), ...npmPackages()];
    const wrong = shipped.filter(({ license }) => !isFine(license ?? ''));
    if (wrong.length > 0) {
      const lines = wrong.map(({ name, version, license }) => `${name} ${version}: ${license ?? 'no licence named'}`);
      throw new Problem(['These may not ship:', ...lines].join('\n  '));
    }
    console.log(`${shipped.length} dependencies ship, all under licences that allow it.`);
  });
}
