/** The examples' own project, with what they use from npm and the packed package: installed once, into the cache. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { installInto } from '../../../tools/lib/package.mjs';
import { path } from '../../../tools/lib/project.mjs';
import { run } from '../../../tools/lib/run.mjs';

const source = path('examples', 'portal');
const folder = path('build', 'portals');

/** Copies the examples, installs what they name, and the package beside it. */
export async function installBeside() {
  await mkdir(folder, { recursive: true });
  await cp(source, folder, { recursive: true, filter: (file) => !file.includes('node_modules') });
  const lock = await readFile(join(source, 'package-lock.json'), 'utf8');
  const mark = join(folder, 'node_modules', '.installed');
  const before = await readFile(mark, 'utf8').catch(() => '');
  if (before !== lock) {
    await rm(join(folder, 'node_modules'), { recursive: true, force: true });
    await run('npm', ['ci', '--no-audit', '--no-fund', '--ignore-scripts'], {
      cwd: folder,
      quiet: 'installing the examples',
    });
    await writeFile(mark, lock);
  }
  await installInto(folder);
  return {
    folder,
    async import(specifier) {
      const file = join(folder, `import-${specifier.replaceAll('/', '_')}.mjs`);
      await writeFile(file, `export * from '${specifier}';\n`);
      return import(pathToFileURL(file).href);
    },
  };
}

/** Starts an example and waits until it says where it listens. */
export async function startExample(command, args, env) {
  const child = spawn(command, args, {
    cwd: folder,
    env: { ...process.env, ...env, PORT: '0' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  const audit = [];
  const log = createInterface(child.stderr).on('line', (line) => {
    said += `${line}\n`;
    if (line.startsWith('{')) audit.push(JSON.parse(line));
  });
  const ended = new Promise((_, reject) => child.once('close', () => reject(new Error(`It ended: ${said}`))));
  ended.catch(() => {});
  const listening = new Promise((resolve) => {
    createInterface(child.stdout).on('line', (line) => {
      const address = /http:\/\/localhost:\d+/.exec(line)?.[0];
      if (address) resolve(address);
    });
  });
  const origin = await Promise.race([listening, ended]);
  return {
    origin,
    audit,
    /** Rejects with what it said, once it has ended. */
    ended,
    /** Waits until its log has such a line. */
    async said(pattern) {
      while (!pattern.test(said)) await once(log, 'line');
    },
    stop() {
      const gone = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      return gone;
    },
  };
}
