/** What the documentation names in its prose is there: options, fields, methods, codes, values, entries. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { path } from '../../tools/lib/project.mjs';
import { installPackage } from '../package/support/install.mjs';

/** For users of the package; docs/pki.md is left out, which is full of the names of other programs' lints. */
const pages = [
  'README.md',
  ...['cli', 'contract', 'errors', 'findings', 'options', 'portal', 'renewals', 'runtimes', 'security'].map(
    (name) => `docs/${name}.md`,
  ),
  ...readdirSync(path('docs', 'guides')).map((name) => `docs/guides/${name}`),
];

/** Names of others, by whose they are. */
const foreign = {
  Node: ['AsyncLocalStorage'],
  undici: ['EnvHttpProxyAgent', 'ProxyAgent'],
  Vitest: ['vmThreads'],
  Next: ['basePath'],
  systemd: ['OnFailure', 'KillMode', 'RequiresMountsFor'],
  nginx: ['http_host'],
  Apache: ['SSLCertificateFile', 'SSLCertificateKeyFile', 'SSLCertificateChainFile'],
  "the package's manifest": ['builtWith'],
  'the service, in replies that the client does not hand on': ['expiresIn'],
  'the program, in the JSON of a failure': ['exitCode'],
};

/** Options of other programs, by whose they are. */
const foreignOptions = {
  Node: ['--import', '--use-system-ca'],
  npm: ['--global', '--serve'],
  Bun: ['--target', '--compile'],
  cargo: ['--test'],
  Python: ['--bind'],
  systemctl: ['--now'],
};

const camelCase = /(?<![\w./\\-])(?:[a-z][a-z0-9]*[A-Z]|[A-Z][a-z]+[A-Z]|SSL[A-Z][a-z])\w*/g;
const snakeCase = /(?<![\w./-])[a-z]+(?:_[a-z0-9]+)+\b/g;
const values = /\b(?:SSL|DIGI|REISSUE)_[A-Z0-9_]*[A-Z0-9]\b/g;
const members =
  /(?<![\w./-])(?:client|sandbox|orders|contacts|organizations|groups|certs|tokens|renewals|rateLimit)(?!\.mjs)(?:\.[a-z]\w*)+(?![\w./])/g;
const entries = /\bmarkmonitor-certs\/[\w/]+/g;

/** What a page names in its prose, between backticks; the tables of readings name fields as other services might. */
function namedIn(markdown) {
  const prose = markdown.replace(/^```[\s\S]*?^```|^<!-- readings[\s\S]*?^<!-- end -->/gm, '');
  const code = [...prose.matchAll(/`([^`\n]+)`/g)].map(([, text]) => text);
  const all = (pattern) => code.flatMap((text) => text.match(pattern) ?? []);
  return {
    names: [
      ...all(camelCase),
      ...all(snakeCase),
      ...all(values),
      ...all(members).flatMap((text) => text.split('.').slice(1)),
    ],
    entries: all(entries),
  };
}

const optionsIn = (text) => text.match(/(?<![\w-])--[a-z][a-z-]*/g) ?? [];

describe('what the documentation names is in the package', { timeout: 120_000 }, () => {
  let project;
  let declared;
  let exported;
  before(async () => {
    project = await installPackage();
    const types = join(project.package, 'dist', 'types');
    const files = readdirSync(types, { recursive: true }).filter((name) => name.endsWith('.d.ts'));
    const text = files
      .map((name) => readFileSync(join(types, name), 'utf8').replace(/\/\*[\s\S]*?\*\//g, ''))
      .join('\n');
    // The codes of the proxy's answers are no part of the types.
    const proxy = readFileSync(join(project.package, 'dist', 'esm', 'proxy.js'), 'utf8');
    const codes = [...proxy.matchAll(/["']([a-z]+(?:_[a-z]+)+)["']/g)].map(([, code]) => code);
    declared = new Set([...text.match(/[A-Za-z_]\w*/g), ...codes, ...Object.values(foreign).flat()]);
    exported = Object.keys(JSON.parse(readFileSync(join(project.package, 'package.json'), 'utf8')).exports);
  });
  after(() => project?.remove());

  const missingIn = (markdown) => {
    const named = namedIn(markdown);
    return [
      ...named.names.filter((name) => !declared.has(name)),
      ...named.entries.filter((entry) => !exported.includes(entry.replace('markmonitor-certs', '.'))),
    ];
  };

  for (const page of pages) {
    it(page, () => {
      assert.deepEqual([...new Set(missingIn(readFileSync(path(page), 'utf8')))], []);
    });
  }

  it('and every option that they write is one of the program', async () => {
    const program = join(project.package, 'dist', 'cli.js');
    const { stdout } = await promisify(execFile)(process.execPath, [program, 'completion', 'bash']);
    const known = new Set([...optionsIn(stdout), ...Object.values(foreignOptions).flat()]);
    assert.ok(known.has('--yes') && known.has('--base-url'));
    const written = pages.flatMap((page) => optionsIn(readFileSync(path(page), 'utf8')));
    assert.deepEqual([...new Set(written.filter((option) => !known.has(option)))], []);
    assert.deepEqual(optionsIn('`markmonitor-certs order --lost`, a - b, |---|'), ['--lost']);
  });

  it('a name that is not there is found, of whatever kind', () => {
    const wrong = ['baseUrl', 'order_lost', 'DIGI_LOST', 'client.orders.lose', 'LostError', 'markmonitor-certs/lost'];
    const text = wrong.map((name) => `\`${name}\``).join(' ');
    assert.deepEqual(missingIn(text), [
      'baseUrl',
      'LostError',
      'order_lost',
      'DIGI_LOST',
      'lose',
      'markmonitor-certs/lost',
    ]);
    assert.deepEqual(
      missingIn('`client.orders.list` `maxRetries` `/lost/fileName` `not_found` `markmonitor-certs/pki`'),
      [],
    );
  });
});
