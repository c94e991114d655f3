/** What the reference says of each method and each function that a user can call. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import { path } from '../../tools/lib/project.mjs';
import { run } from '../../tools/lib/run.mjs';

const site = path('docs', 'site');
/** Reflections of TypeDoc's. */
const [func, method] = [64, 2048];

/** What the table of endpoints says of each call: its section of the guide, and whether a part of it is a guess. */
function table() {
  const source = readFileSync(path('src', 'api', 'endpoints.rs'), 'utf8').split('\n];')[0];
  return source
    .split(/\n {4}(?=(?:get|post|patch|delete)\()/)
    .slice(1)
    .map((row) => ({
      operation: row.match(/"([a-zA-Z.]+)"/)[1],
      sections: [...row.matchAll(/\.guide\("([\d.]+)"\)/g)].map(([, section]) => section),
      isInferred: row.includes('.inferred()'),
      // What is a guess of a list is a parameter, which says so itself.
      isList: /PAGE|Form::Page/.test(row),
    }));
}

const textOf = (comment) => (comment?.summary ?? []).map(({ text }) => text).join('');
const tagsOf = (comment, name) => (comment?.blockTags ?? []).filter(({ tag }) => tag === name);

describe('the reference', { timeout: 300_000 }, () => {
  const callables = [];
  before(async () => {
    const file = path('build', 'site', 'reference.json');
    await mkdir(path('build', 'site'), { recursive: true });
    const args = ['--options', path('pkg-template', 'typedoc.json'), '--json', file];
    await run(join(site, 'node_modules', '.bin', 'typedoc'), args, { cwd: site, quiet: 'reading the comments' });
    const walk = (node, owner) => {
      const isOwn = !node.inheritedFrom && !node.sources?.some(({ fileName }) => fileName.includes('node_modules'));
      if ([func, method].includes(node.kind) && isOwn) {
        for (const signature of node.signatures ?? [])
          callables.push({ owner, name: node.name, kind: node.kind, signature });
      }
      for (const child of node.children ?? []) walk(child, node.name);
    };
    walk(JSON.parse(readFileSync(file, 'utf8')), '');
  });

  const named = ({ owner, name }) => `${owner}.${name}`;
  /** What users make themselves, for the package to call. */
  const theirs =
    /^(FileLike|Lease|Store|TokenStore|RateLimitStore|RedisClient|RedisStore|ProxyOptions|Node(Request|Response)|Renewal(Journal|Keys|Lease))$/;
  const isCalled = ({ kind, owner, name }) =>
    [func, method].includes(kind) && !theirs.test(owner) && !/Error$/.test(owner) && !name.startsWith('[');
  /** Answers to whatever it is given. */
  const neverFail = new Set(['allowedActions']);
  const called = () => callables.filter(isCalled);

  it('has an example for each method and each function', () => {
    const all = called();
    assert.ok(all.length > 60);
    assert.deepEqual(all.filter(({ signature }) => tagsOf(signature.comment, '@example').length === 0).map(named), []);
  });

  it('says what each call throws', () => {
    const answers = /^(Promise|PagePromise|AsyncGenerator|AsyncIterable)$/;
    const calls = called().filter(({ name, signature }) => answers.test(signature.type?.name) && !neverFail.has(name));
    assert.ok(calls.length > 50);
    assert.deepEqual(calls.filter(({ signature }) => tagsOf(signature.comment, '@throws').length === 0).map(named), []);
  });

  it("has the guide's section for each call, and says what is a guess", () => {
    const methods = new Map(called().map((one) => [`${one.owner}.${one.name}`, textOf(one.signature.comment)]));
    const owners = {
      tokens: 'Tokens',
      groups: 'Groups',
      organizations: 'Organizations',
      contacts: 'Contacts',
      certs: 'Certs',
      orders: 'Orders',
    };
    for (const { operation, sections, isInferred, isList } of table()) {
      const parts = operation.split('.');
      const owner = parts[1] === 'history' ? 'HistoryOf' : owners[parts[0]];
      const text = methods.get(`${owner}.${parts.at(-1)}`);
      assert.ok(text !== undefined, operation);
      for (const section of sections) assert.ok(text.includes(section), `${operation}: guide ${section}`);
      if (isInferred && !isList) assert.match(text, /\*[Ii]nferred\*/, operation);
    }
  });
});
