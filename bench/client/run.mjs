/**
 * The client beside others: `node bench/client/run.mjs [PART…] [--rounds N] [--calls N] [--write]`, after `npm run build`.
 *
 * The parts are those below, all of them by default. What a part measured stays in build/bench, so that one can be
 * measured again by itself; `--write` makes docs/performance.md and its pictures of the last measurement of each.
 * PACKAGE names another build than build/package.
 */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { path, readJson } from '../../tools/lib/project.mjs';
import { main, Problem, run } from '../../tools/lib/run.mjs';
import { step } from '../../tools/lib/stamp.mjs';
import { writeDocument } from './document.mjs';
import { show } from './tables.mjs';

const here = path('bench', 'client');
const measured = path('build', 'bench');

/** The oldest Node that the package runs in, and the newest. */
const nodes = Object.fromEntries(
  ['node-20', 'node-newest'].map((name) => [name, join(here, 'node_modules', name, 'bin', 'node')]),
);
const versionOf = (node) => execFileSync(node, ['--version'], { encoding: 'utf8' }).trim();

function install() {
  const files = ['package.json', 'package-lock.json'].map((file) => join(here, file));
  return step('dependencies of bench/client', { inputs: files, outputs: Object.values(nodes) }, () =>
    run('npm', ['ci', '--silent'], { cwd: here }),
  );
}

/** Runs a file here with a Node; what it prints, which is JSON. */
async function measure(node, file, ...args) {
  const child = spawn(node, ['--expose-gc', '--no-warnings', join(here, file), ...args.map(String)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const output = [];
  child.stdout.on('data', (chunk) => output.push(chunk));
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Problem(`${[file, ...args].join(' ')} ended with ${code}.`);
  return JSON.parse(Buffer.concat(output));
}

/** Runs `work` with the port of a server in a process of its own. */
async function withServer(work) {
  const server = spawn(process.execPath, [join(here, 'server.mjs')], { stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    const [line] = await once(server.stdout, 'data');
    return await work(Number(line));
  } finally {
    server.kill();
  }
}

/** The same work in each Node, by its version. */
async function inEachNode(work) {
  const results = {};
  for (const node of Object.values(nodes)) results[versionOf(node)] = await work(node);
  return results;
}

/** Fresh processes, all kinds in turn, of ES modules and CommonJS: by system of modules and kind, the samples. */
async function starts(node, rounds, port) {
  const {
    default: { kinds },
  } = await import('./starts.cjs');
  const samples = Object.fromEntries(
    ['mjs', 'cjs'].map((kind) => [kind, Object.fromEntries(kinds.map((name) => [name, []]))]),
  );
  // The first round only fills the caches of the file system.
  for (let round = -1; round < 2 * rounds; round += 1) {
    for (const name of kinds) {
      for (const modules of ['mjs', 'cjs']) {
        const sample = await measure(node, `starts.${modules}`, name, port);
        if (round >= 0) samples[modules][name].push(sample);
      }
    }
  }
  return samples;
}

async function limiter(node) {
  const { limiters, servers } = await measure(node, 'limiter.mjs');
  const results = {};
  for (const name of limiters) {
    results[name] = {};
    for (const server of servers) results[name][server] = await measure(node, 'limiter.mjs', name, server);
  }
  return results;
}

const parts = {
  calls: ({ rounds, calls }) =>
    inEachNode((node) => withServer((port) => measure(node, 'calls.mjs', port, rounds, calls))),
  pages: ({ rounds }) => inEachNode((node) => measure(node, 'pages.mjs', rounds)),
  crossings: () => measure(nodes['node-newest'], 'crossings.mjs'),
  starts: ({ rounds }) => inEachNode((node) => withServer((port) => starts(node, rounds, port))),
  parses: ({ rounds }) => inEachNode((node) => measure(node, 'parses.mjs', rounds)),
  limiter: () => limiter(nodes['node-newest']),
};

const file = (name) => join(measured, `${name}.json`);

main(async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      rounds: { type: 'string', default: '5' },
      calls: { type: 'string', default: '2000' },
      write: { type: 'boolean', default: false },
    },
  });
  const names = Object.keys(parts);
  const unknown = positionals.filter((name) => !names.includes(name));
  if (unknown.length > 0) throw new Problem(`There is no part ${unknown.join(', ')}; there are ${names.join(', ')}.`);
  if (!process.env.PACKAGE && !existsSync(path('build', 'package'))) {
    throw new Problem('There is no package to measure: run `npm run build`.');
  }
  await install();
  mkdirSync(measured, { recursive: true });
  const options = { rounds: Number(values.rounds), calls: Number(values.calls) };
  const machine = `${cpus().length} × ${cpus()[0].model.trim()}`;
  for (const name of positionals.length > 0 ? positionals : names) {
    console.log(`→ ${name}`);
    const result = await parts[name](options);
    writeFileSync(file(name), JSON.stringify({ options, machine, result }));
    console.log(`${show(name, readJson(file(name)))}\n`);
  }
  if (!values.write) return;
  const missing = names.filter((name) => !existsSync(file(name)));
  if (missing.length > 0) throw new Problem(`Measure ${missing.join(', ')} first: the page is made of all parts.`);
  await writeDocument(Object.fromEntries(names.map((name) => [name, readJson(file(name))])));
});
