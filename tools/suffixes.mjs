/**
 * Makes the table of top-level domains and public suffixes that rules about names use: `node tools/suffixes.mjs`.
 *
 * To renew it, raise the versions of the packages that it is made of (parse-domain has the ICANN part of the Public Suffix
 * List, tlds IANA's root zone), then run this. `tools/suffixes.test.mjs` holds the file against the packages.
 *
 * The first line is the date of the list. Then there is a line for each top-level domain, followed by the suffixes under it,
 * without it: `*.` stands for any label, `!` makes an exception, as in the list itself.
 */
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { domainToASCII, pathToFileURL } from 'node:url';
import { path, readJson } from './lib/project.mjs';

export const table = path('src', 'pki', 'suffixes.txt');

const require = createRequire(import.meta.url);

/** Every rule of a serialized trie: labels with a separator behind each, which says where the next one is. */
function* rulesOf(trie) {
  let parents = [];
  for (const [, label, separator] of trie.matchAll(/([^,><|]*)([,><|]|$)/g)) {
    const rule = [label, ...parents].join('.');
    if (label !== '') yield rule;
    if (separator === '>') parents = [label, ...parents];
    if (separator === '<') parents = parents.slice(1);
    if (separator === '|') parents = [];
  }
}

/** What the municipalities of Norway are under, and what is there for others than them. */
const norwegian = new Set(
  (
    'fhs folkebibl fylkesbibl idrett museum priv vgs dep herad kommune mil stat ' +
    'aa ah bu fm hl hm jan-mayen mr nl nt of ol oslo rl sf st svalbard tm tr va vf'
  )
    .split(' ')
    .map((label) => `${label}.no`),
);

/** The municipal rules of .jp and .no are nearly half of the list, and keep apart what hardly anybody orders for. */
function isMunicipal(rule) {
  if (rule.endsWith('.no')) return !norwegian.has(rule);
  return rule.endsWith('.jp') && rule.split('.').length > 2 && !/^[*!]/.test(rule);
}

/** What is ASCII stays as it is: of a number, a host name would be an address. */
const asciiLabel = (label) => (/^[!-~]*$/.test(label) ? label : label.replace(/[^*!].*/, domainToASCII));
const ascii = (rule) => rule.split('.').map(asciiLabel).join('.');
const byCode = (a, b) => (a < b ? -1 : 1);

export async function generated() {
  const suffixList = join(dirname(require.resolve('parse-domain')), '..', 'serialized-tries');
  const { default: trie } = await import(pathToFileURL(join(suffixList, 'icann.js')));
  const date = readJson(join(suffixList, 'info.json')).updatedAt.slice(0, 10);

  /** What is under each top-level domain: one that only one of the two lists has is newer, or about to go. */
  const under = new Map(require('tlds').map((tld) => [domainToASCII(tld), []]));
  for (const rule of rulesOf(trie)) {
    const labels = ascii(rule).split('.');
    const tld = labels.pop();
    if (!under.has(tld)) under.set(tld, []);
    if (labels.length > 0 && !isMunicipal(rule)) under.get(tld).push(labels.join('.'));
  }
  // What is above a wildcard looks like a rule in the trie, and is none.
  for (const [tld, rules] of under) {
    const parents = new Set(rules.filter((rule) => rule.startsWith('*.')).map((rule) => rule.slice(2)));
    under.set(
      tld,
      rules.filter((rule) => !parents.has(rule)),
    );
  }
  // Not in the public DNS, and a rule of its own.
  under.delete('onion');
  const lines = [...under]
    .sort(([a], [b]) => byCode(a, b))
    .map(([tld, rules]) => [tld, ...rules.sort(byCode)].join(' '));
  return `${[date, ...lines].join('\n')}\n`;
}

if (process.argv[1] === import.meta.filename) writeFileSync(table, await generated());
