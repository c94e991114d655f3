/**
 * The project of a row: a copy of its folder outside of this project, with what its lock file names and the packed
 * package, as a user would have it. What is installed stays for the next run.
 */
import { execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installInto } from '../../../tools/lib/package.mjs';
import { cache, root } from '../../../tools/lib/project.mjs';
import { freePort } from '../../package/support/listen.mjs';

const matrix = fileURLToPath(new URL('..', import.meta.url));
// Of this clone alone, for two would put their packages into one folder.
const home = join(cache, 'matrix', createHash('sha256').update(root).digest('hex').slice(0, 8));

/** The folder of a row, as it is in this project. */
export const rowFolder = (name) => join(matrix, 'rows', name);

/** The newest Node, for tools that do not run in older ones; installed with the row `node`. */
export const newestNode = () => join(home, 'node', 'node_modules', 'node-newest', 'bin');

/** What a process printed, when it failed. */
class Failed extends Error {}

/** Lays out the project of a row, and installs what it needs. */
export async function layOut(name, { nodeIsNewest = false, runsScripts = false } = {}) {
  const folder = join(home, name);
  mkdirSync(folder, { recursive: true });
  for (const entry of readdirSync(folder).filter((entry) => entry !== 'node_modules' && entry !== 'installed')) {
    rmSync(join(folder, entry), { recursive: true });
  }
  cpSync(rowFolder(name), folder, { recursive: true, filter: (file) => !/node_modules|row\.mjs$/.test(file) });
  const paths = nodeIsNewest ? [newestNode()] : [];
  const env = {
    ...process.env,
    PATH: [join(folder, 'node_modules', '.bin'), ...paths, process.env.PATH].join(delimiter),
    // A tool behaves in CI as it does at a prompt, and asks for nothing.
    ...{ CI: undefined, NODE_ENV: undefined, NODE_TEST_CONTEXT: undefined, NO_COLOR: '1', FORCE_COLOR: undefined },
    ...{ NEXT_TELEMETRY_DISABLED: '1', ASTRO_TELEMETRY_DISABLED: '1', NG_CLI_ANALYTICS: 'false' },
  };
  const project = new Project(folder, env);
  await project.install(runsScripts ? [] : ['--ignore-scripts']);
  await installInto(folder);
  return project;
}

class Project {
  #servers = [];

  constructor(folder, env) {
    this.folder = folder;
    this.env = env;
  }

  /** What the lock file names, unless it is there from the last time. */
  async install(options) {
    const lock = join(this.folder, 'package-lock.json');
    if (!existsSync(lock)) return;
    const stamp = join(this.folder, 'installed');
    const wanted = createHash('sha256').update(readFileSync(lock)).digest('hex');
    if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
    await this.run('npm', ['ci', '--no-audit', '--no-fund', ...options]);
    writeFileSync(stamp, wanted);
  }

  path(...parts) {
    return join(this.folder, ...parts);
  }

  write(file, content) {
    mkdirSync(join(this.folder, file, '..'), { recursive: true });
    writeFileSync(this.path(file), content);
  }

  /** Removes what an earlier case has left. */
  remove(...entries) {
    for (const entry of entries) rmSync(this.path(entry), { recursive: true, force: true });
  }

  /** Runs a command to its end; returns what it printed. */
  run(command, args, { env = {}, cwd = this.folder } = {}) {
    return new Promise((resolve, reject) => {
      const options = { cwd, env: { ...this.env, ...env }, maxBuffer: 64 * 1024 * 1024 };
      execFile(command, args, options, (error, stdout, stderr) => {
        if (!error) return resolve({ stdout: stdout.trim(), stderr });
        reject(new Failed(`${[command, ...args].join(' ')}: ${error.code ?? error.signal}\n${stdout}\n${stderr}`));
      });
    });
  }

  /** Starts a server on a free port, which `args` gets; returns its address once it answers. */
  async serve(command, args, { env = {}, host = '127.0.0.1' } = {}) {
    const port = await freePort();
    const child = spawn(command, args(port), {
      cwd: this.folder,
      env: { ...this.env, PORT: `${port}`, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk) => {
        output += chunk;
      });
    }
    const ended = new Promise((resolve) => {
      child.once('error', resolve).once('exit', resolve);
    });
    this.#servers.push({ child, ended });
    let isRunning = true;
    ended.then(() => {
      isRunning = false;
    });
    const url = `http://${host}:${port}`;
    while (isRunning) {
      // Any answer will do, and none can come before it listens.
      const answer = await fetch(url, { signal: AbortSignal.timeout(120_000) }).catch(() => undefined);
      if (answer) return { url, output: () => output };
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Failed(`${command} ended before it listened:\n${output}`);
  }

  /** Ends the servers. */
  async stop() {
    for (const { child, ended } of this.#servers.splice(0)) {
      if (child.exitCode === null && child.signalCode === null) process.kill(-child.pid, 'SIGKILL');
      await ended;
    }
  }
}
