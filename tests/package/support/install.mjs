/** The package as a user has it: the tarball, installed into a fresh project, imported by its name. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { path, tarball } from '../../../tools/lib/project.mjs';

const run = promisify(execFile);

const npmInstall = ['install', '--offline', '--no-audit', '--no-fund', '--ignore-scripts'];
/** The links in node_modules/.bin lead from where they are. */
const copying = { recursive: true, verbatimSymlinks: true };

/** An empty project in which npm has installed a tarball, once: it takes seconds, and every file of tests wants one. */
async function installedOnce(file) {
  const digest = createHash('sha256').update(await readFile(file));
  const kept = path('build', 'installed', digest.digest('hex').slice(0, 16));
  if (existsSync(kept)) return kept;
  const made = await mkdtemp(join(tmpdir(), 'markmonitor-certs-'));
  await writeFile(join(made, 'package.json'), '{ "private": true }');
  await run('npm', [...npmInstall, file], { cwd: made });
  await mkdir(path('build', 'installed'), { recursive: true });
  const moving = `${kept}.${process.pid}`;
  await cp(made, moving, copying);
  await rm(made, { recursive: true });
  // Another file of tests may have been quicker.
  await rename(moving, kept).catch(() => rm(moving, { recursive: true }));
  return kept;
}

/** Installs the tarball (or the one that TARBALL names) into an empty project; returns the project. */
export async function installPackage() {
  const installed = await installedOnce(process.env.TARBALL ?? tarball());
  const folder = await mkdtemp(join(tmpdir(), 'markmonitor-certs-'));
  await cp(installed, folder, copying);
  return {
    folder,
    package: join(folder, 'node_modules', 'markmonitor-certs'),
    /** Imports the package as ESM: the name is resolved from inside the project. */
    async import(specifier = 'markmonitor-certs') {
      const file = join(folder, `${specifier.replaceAll('/', '_')}.mjs`);
      await writeFile(file, `export * from '${specifier}';\n`);
      return import(pathToFileURL(file).href);
    },
    /** Runs a module in a process of its own inside the project; returns what it printed, read as JSON. */
    async run(code) {
      const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', code], { cwd: folder });
      return JSON.parse(stdout);
    },
    /** Requires the package as CommonJS. */
    require: createRequire(join(folder, 'project.cjs')),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

/** Both copies of the package in one process, by the name of their form. */
export async function bothForms(project) {
  return {
    ESM: { api: await project.import(), sandbox: await project.import('markmonitor-certs/sandbox') },
    CommonJS: { api: project.require('markmonitor-certs'), sandbox: project.require('markmonitor-certs/sandbox') },
  };
}
