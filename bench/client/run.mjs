/**
 * The client beside others: `node bench/client/run.mjs [PART…] [--rounds N] [--calls N] [--write]`, after `npm run build`.
 *
 * The parts are those below, all of them by default. What a part measured stays in build/bench, so that one can be
 * measured again by itself; `--write` makes docs/performance.md and its pictures of the last measurement of each.
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
import { show } from './show.mjs';

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
  if (code !== 0) throw new Problem(`${file} ended with ${code}.`);
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

const parts = {
  calls: ({ rounds, calls }) =>
    inEachNode((node) => withServer((port) => measure(node, 'calls.mjs', port, rounds, calls))),
  pages: ({ rounds }) => inEachNode((node) => measure(node, 'pages.mjs', rounds)),
  crossings: () => measure(nodes['node-newest'], 'crossings.mjs'),
};

main(async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      rounds: { type: 'string', default: '5' },
      calls: { type: 'string', default: '2000' },
      write: { type: 'boolean', default: false },
    },
  });
  const unknown = positionals.filter((name) => !Object.hasOwn(parts, name));
  if (unknown.length > 0) throw new Problem(`No such part: ${unknown}. There are ${Object.keys(parts).join(', ')}.`);
  if (!existsSync(path('build', 'package'))) throw new Problem('There is no package to measure: run `npm run build`.');
  await install();
  mkdirSync(measured, { recursive: true });
  const options = { rounds: Number(values.rounds), calls: Number(values.calls) };
  for (const name of positionals.length > 0 ? positionals : Object.keys(parts)) {
    console.log(`→ ${name}`);
    const result = { options, processor: cpus()[0].model, result: await parts[name](options) };
    writeFileSync(join(measured, `${name}.json`), JSON.stringify(result));
    console.log(show(name, readJson(join(measured, `${name}.json`))));
  }
});
