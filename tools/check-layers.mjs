/**
 * Dependencies point one way: js → client → api, js → pki, client → pki. The pure layers know neither JavaScript nor
 * a clock nor chance, and the sandbox, as a second reading of the service, knows nothing of the client.
 */
import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { path, root } from './lib/project.mjs';
import { main, Problem } from './lib/run.mjs';
import { filesUnder } from './lib/stamp.mjs';

/** Everything that would tie a pure layer to one platform, or make two runs of it differ. */
const outsideWorld =
  /^(wasm_bindgen|wasm_bindgen_futures|js_sys|web_sys|serde_wasm_bindgen|gloo\w*|rand\w*|getrandom|fastrand|instant|web_time|tokio)$|^std::(time|thread|net|fs|env|process)\b|\b(SystemTime|RandomState)$/;
const layer = (...names) => new RegExp(`^(crate|super)(::super)*::(${names.join('|')})\\b`);

/** Which paths a folder, but for its boundary, may not name. pki is a crate of its own, so it cannot name the others. */
const rules = [
  { folder: 'src/api/', forbidden: [outsideWorld, layer('client', 'pki', 'js'), /^pki\b/] },
  { folder: 'src/client/', forbidden: [outsideWorld, layer('js'), /\bpki::js\b/] },
  { folder: 'src/pki/', boundary: 'src/pki/js/', forbidden: [outsideWorld, layer('js')] },
  { folder: 'sandbox/', forbidden: [/^markmonitor_certs\b/] },
];

/** Takes comments and the insides of strings away: words in them are not dependencies. */
const withoutProse = (code) =>
  code.replace(/\/\/[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^\\']|\\[^']+)'|r(#*)"[\s\S]*?"\1|"(?:\\[\s\S]|[^"\\])*"/g, (text) =>
    text.replace(/[^\n]/g, ' '),
  );

/** `a::{b, c::{d, e}}` as `a::b`, `a::c::d`, `a::c::e`. */
function expandUse(tree) {
  const open = tree.indexOf('{');
  if (open < 0) return [tree.replace(/\bas\b.*/s, '').replace(/\s/g, '')];
  const prefix = tree.slice(0, open);
  const branches = [''];
  let depth = 0;
  for (const char of tree.slice(open + 1, tree.lastIndexOf('}'))) {
    if (char === ',' && depth === 0) branches.push('');
    else branches[branches.length - 1] += char;
    if (char === '{') depth += 1;
    if (char === '}') depth -= 1;
  }
  return branches.filter((branch) => branch.trim()).flatMap((branch) => expandUse(prefix + branch));
}

/** Every path that a piece of Rust names, with its line. */
function* namedPaths(code) {
  const text = withoutProse(code);
  const lineOf = (index) => text.slice(0, index).split('\n').length;
  for (const use of text.matchAll(/\buse\s+([^;]+);/g)) {
    for (const named of expandUse(use[1])) yield { named, line: lineOf(use.index) };
  }
  for (const inline of text.matchAll(/\b\w+(?:\s*::\s*\w+)+/g)) {
    yield { named: inline[0].replace(/\s/g, ''), line: lineOf(inline.index) };
  }
}

/** What is wrong with one file; `file` is its path inside the project. */
export function violations(file, code) {
  const isIn = ({ folder, boundary }) => file.startsWith(folder) && !(boundary && file.startsWith(boundary));
  const forbidden = rules.filter(isIn).flatMap((rule) => rule.forbidden);
  const found = new Set();
  for (const { named, line } of namedPaths(code)) {
    // A crate is forbidden as a whole: its name is the first segment.
    const crate = named.split('::')[0];
    if (forbidden.some((rule) => rule.test(named) || rule.test(crate))) found.add(`${file}:${line} names ${named}`);
  }
  return [...found];
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  main(async () => {
    const files = [...filesUnder(path('src'), path('sandbox'))].filter((file) => file.endsWith('.rs'));
    const found = files.flatMap((file) => violations(relative(root, file), readFileSync(file, 'utf8')));
    if (found.length > 0) throw new Problem(['Layers are crossed:', ...found].join('\n  '));
    console.log(`${files.length} files keep to their layer.`);
  });
}
