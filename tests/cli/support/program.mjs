/** The program as a user has it: of the tarball in an empty project, run in a folder of its own against a sandbox over HTTP. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { path } from '../../../tools/lib/project.mjs';
import { installPackage } from '../../package/support/install.mjs';

/** Installs the program. Remove it in the end. */
export async function installProgram() {
  const project = await installPackage();
  const file = join(project.folder, 'node_modules', '.bin', 'markmonitor-certs');
  const folder = await mkdtemp(join(tmpdir(), 'markmonitor-certs-cli-'));
  const sandboxes = [];

  /**
   * Runs a command line to its end; `text` goes to standard input, which is no terminal. Nobody reads the streams that
   * `unread` names. `started` is called with the process; the code is the signal's name where one ended it. `user` is who runs
   * it, where that is not the one who runs the tests.
   */
  async function run(words, { env = {}, text = '', cwd = folder, unread = [], started = () => {}, user } = {}) {
    const child = start(words, { env, cwd, user });
    started(child);
    child.stdin.on('error', () => {});
    child.stdin.end(text);
    for (const name of unread) child[name].destroy();
    const [stdout, stderr, code] = await Promise.all([all(child.stdout), all(child.stderr), ended(child)]);
    return { stdout, stderr, code };
  }

  function start(words, { env, cwd = folder, user }) {
    // Nothing of whoever runs the tests: no credentials, no proxies.
    const { PATH } = process.env;
    return spawn(file, words, { cwd, env: { PATH, HOME: folder, ...env }, uid: user, gid: user });
  }

  return {
    project,
    folder,
    file,
    run,
    /** The same, and standard output as JSON. */
    async json(words, options) {
      const result = await run([...words, '--json'], options);
      try {
        return { ...result, value: JSON.parse(result.stdout) };
      } catch {
        throw new Error(`${words.join(' ')} printed no JSON: ${result.stdout}\n${result.stderr}`);
      }
    },
    /** Serves a sandbox with these options; returns the environment that leads to it. */
    async sandbox(...options) {
      const server = start(['sandbox', '--port', '0', '--json', ...options], { env: {} });
      let complaints = '';
      server.stderr.on('data', (data) => {
        complaints += data;
      });
      const line = new Promise((resolve) => createInterface(server.stdout).once('line', resolve));
      const early = ended(server).then(() => Promise.reject(new Error(`The sandbox ended: ${complaints}`)));
      early.catch(() => {});
      sandboxes.push(server);
      const { url, credentials } = JSON.parse(await Promise.race([line, early]));
      return {
        server,
        MARKMONITOR_BASE_URL: url,
        MARKMONITOR_API_KEY: credentials.apiKey,
        MARKMONITOR_USERNAME: credentials.username,
        MARKMONITOR_PASSWORD: credentials.password,
      };
    },
    write: (name, content) => writeFile(join(folder, name), content),
    read: (name) => readFile(join(folder, name)),
    mode: async (name) => (await stat(join(folder, name))).mode & 0o777,
    files: () => readdir(folder),
    async remove() {
      for (const server of sandboxes) server.kill('SIGKILL');
      await project.remove();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The file of this name that docs/cli.md shows, as JSON. */
export function sample(name) {
  const page = readFileSync(path('docs', 'cli.md'), 'utf8');
  return JSON.parse(page.split(`\`\`\`json ${name}\n`)[1].split('```')[0]);
}

const ended = (child) => new Promise((resolve) => child.once('close', (code, signal) => resolve(code ?? signal)));

async function all(stream) {
  if (stream.destroyed) return '';
  const chunks = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

/**
 * Tests of wrong inputs, from a table: what is typed, the exit code, and what standard error has to say. Whatever it is,
 * nothing is on standard output, no stack is shown, and none of `secrets` is repeated.
 */
export function refusals(it, assert, { table, program, env = () => ({}), secrets = [] }) {
  for (const [line, code, said, options = {}] of table) {
    it(`refuses ${line.join(' ')}`, async () => {
      const result = await program().run(line, { ...options, env: { ...env(), ...options.env } });
      assert.match(result.stderr, said);
      assert.equal(result.code, code, result.stderr);
      assert.doesNotMatch(result.stderr, /\n {4}at /, 'no stack');
      for (const secret of secrets) assert.ok(!(result.stdout + result.stderr).includes(secret), 'a secret');
    });
  }
}
