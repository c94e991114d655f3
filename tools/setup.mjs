/** Makes available what commands and checks use, by name. Each entry checks first, so that a second run costs next to nothing. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { cache, path, readJson, rustVersion, wasmBindgenVersion } from './lib/project.mjs';
import { pythonPackages } from './lib/python.mjs';
import { onPath, Problem, run } from './lib/run.mjs';

const wasmPackVersion = '0.15.1';
const cargoDenyVersion = '0.20.2';
const cargoFuzzVersion = '0.13.2';
const wasmTarget = 'wasm32-unknown-unknown';

const output = (command, ...args) => execFileSync(command, args, { encoding: 'utf8' }).trim();

const capitalized = (text) => text[0].toUpperCase() + text.slice(1);

/** Compares versions by their numbers: `1.9` is older than `1.88`. */
function isOlder(version, wanted) {
  const [a, b] = [version, wanted].map((text) => text.split('.').map((part) => Number.parseInt(part, 10)));
  const at = b.findIndex((part, index) => (a[index] ?? 0) !== part);
  return at >= 0 && (a[at] ?? 0) < b[at];
}

/** From here on, PATH finds the commands in this folder first. */
const prependToPath = (folder) => {
  process.env.PATH = [folder, process.env.PATH].join(delimiter);
};

function checkNode() {
  const wanted = readJson(path('package.json')).engines.node.replace('>=', '');
  if (isOlder(process.versions.node, wanted)) {
    throw new Problem(
      `Node.js ${wanted} or newer is needed, this is ${process.versions.node}: install it from https://nodejs.org.`,
    );
  }
}

/** Installs packages of the system where that is possible, which is as root on Debian or Ubuntu. */
async function installPackages(what, packages, otherwise = '') {
  const install = `apt-get install -y --no-install-recommends ${packages}`;
  if (process.getuid?.() !== 0 || !onPath('apt-get')) {
    throw new Problem(
      `${capitalized(what)} is missing: install it (on Debian or Ubuntu: \`sudo ${install}\`)${otherwise}, then run this again.`,
    );
  }
  console.log(`→ installing ${what}`);
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  await run('apt-get', ['update', '-qq'], { quiet: 'reading package lists', env });
  await run('apt-get', install.split(' ').slice(1), { quiet: `installing ${what}`, env });
}

/** A command that comes from the system's packages: found on PATH, or installed. */
async function systemTool(what, commands, packages, otherwise) {
  if (!onPath(...commands)) await installPackages(what, packages, otherwise);
  return onPath(...commands);
}

/** What `rustup` would add, unless it is there already. */
async function rustPart(isThere, what, ...args) {
  if (isThere) return;
  if (!onPath('rustup')) {
    throw new Problem(
      `${capitalized(what)} is missing and so is rustup to add it: install Rust from https://rustup.rs.`,
    );
  }
  console.log(`→ adding ${what}`);
  await run('rustup', args);
}

async function rust() {
  if (!onPath('cargo')) {
    throw new Problem(
      'Rust is missing: install it from https://rustup.rs (and have its bin folder on PATH), then run this again.',
    );
  }
  const version = output('rustc', '--version').split(' ')[1];
  if (isOlder(version, rustVersion())) {
    throw new Problem(`Rust ${rustVersion()} or newer is needed, this is ${version}: run \`rustup update\`.`);
  }
  await systemTool('a C linker', ['cc'], 'gcc libc6-dev');
}

async function rustTarget() {
  const hasTarget = existsSync(join(output('rustc', '--print', 'sysroot'), 'lib', 'rustlib', wasmTarget));
  await rustPart(hasTarget, `the Rust target ${wasmTarget}`, 'target', 'add', wasmTarget);
}

/** rustfmt and clippy, which a minimal rustup leaves out. */
async function rustLinters() {
  const sysroot = output('rustc', '--print', 'sysroot');
  for (const [component, command] of Object.entries({ rustfmt: 'rustfmt', clippy: 'clippy-driver' })) {
    const isThere = existsSync(join(sysroot, 'bin', command));
    await rustPart(isThere, component, 'component', 'add', component);
  }
}

function rustNightly() {
  try {
    execFileSync('cargo', ['+nightly', '--version'], { stdio: 'ignore' });
  } catch {
    throw new Problem("Rust's nightly toolchain is missing: run `rustup toolchain install nightly`.");
  }
}

/** Afterwards CHROME_PATH names a Chromium. */
async function chromium() {
  if (process.env.CHROME_PATH) {
    if (existsSync(process.env.CHROME_PATH)) return;
    throw new Problem(`CHROME_PATH names ${process.env.CHROME_PATH}, where nothing is: correct it or leave it out.`);
  }
  const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
  process.env.CHROME_PATH = await systemTool('Chromium', names, 'chromium', ' or set CHROME_PATH');
}

/** Whether this Python can make a virtual environment: Debian has that in a package of its own. */
function hasVenv(python) {
  try {
    execFileSync(python, ['-c', 'import ensurepip, venv'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** Python and the packages that a requirements.txt lists. */
async function python(...requirements) {
  const command = onPath('python3');
  if (!command || !hasVenv(command)) {
    await installPackages('Python 3 with its module venv', 'python3 python3-venv');
  }
  await pythonPackages(path(...requirements));
}

/** Whether node_modules holds every package that the lock file wants, however it got there. */
function packagesAreInstalled(folder) {
  const listing = join(folder, 'node_modules', '.package-lock.json');
  if (!existsSync(listing)) return false;
  const installed = readJson(listing).packages;
  return Object.entries(readJson(join(folder, 'package-lock.json')).packages)
    .filter(([at, wanted]) => at.includes('node_modules/') && !wanted.optional && !wanted.peer)
    .every(([at, wanted]) => at in installed && installed[at].version === wanted.version);
}

/** Afterwards PATH finds the commands of the npm packages. The generator of the service's types has its own, and so has the program. */
async function npmPackages() {
  for (const folder of [path(), path('tools', 'types'), path('pkg-template')]) await packagesOf(folder);
  prependToPath(path('node_modules', '.bin'));
}

async function packagesOf(folder) {
  if (!existsSync(folder) || packagesAreInstalled(folder)) return;
  console.log('→ installing npm packages');
  await run('npm', ['ci'], { cwd: folder, quiet: 'installing npm packages' });
}

/** Builds a command from source at exactly this version, and has PATH find it first. */
async function cargoTool(crate, command, version, ...options) {
  const folder = join(cache, `${crate}-${version}`);
  if (!existsSync(join(folder, 'bin', command))) {
    console.log(`→ building ${command} ${version} from source: this takes minutes, once`);
    await run('cargo', ['install', crate, '--version', `=${version}`, '--root', folder, ...options]);
  }
  prependToPath(join(folder, 'bin'));
}

async function wasmTools() {
  // Not locked: the lock file of this one names releases that not every index serves. What it makes is the same: the
  // version of the library that it generates for is its own.
  await cargoTool('wasm-bindgen-cli', 'wasm-bindgen', wasmBindgenVersion());
  await cargoTool('wasm-pack', 'wasm-pack', wasmPackVersion, '--locked');
}

/** The server, and the program that changes its zones, which comes in a package of its own. */
async function bind() {
  await systemTool('BIND', ['named'], 'bind9');
  await systemTool("BIND's nsupdate", ['nsupdate'], 'bind9-dnsutils');
}

/** And the crates that it looks at: those of the target, and what compiles for it here. */
async function cargoDeny() {
  const [, host] = output('rustc', '-vV').match(/^host: (.*)$/m);
  await run('cargo', ['fetch', '--quiet', '--locked', '--target', wasmTarget, '--target', host]);
  // Locked, for newer releases of what it uses may need a newer Rust; unoptimized, for it runs for seconds.
  await cargoTool('cargo-deny', 'cargo-deny', cargoDenyVersion, '--locked', '--debug');
}

const cargoFuzz = () => cargoTool('cargo-fuzz', 'cargo-fuzz', cargoFuzzVersion, '--locked');

/**
 * In the order in which they are set up: what is found or missed in a moment, what is downloaded, and last what is
 * compiled, so that nobody waits for minutes to hear that a browser is missing.
 */
const all = {
  rust,
  'rust linters': rustLinters,
  'rust target': rustTarget,
  'rust nightly': rustNightly,
  openssl: () => systemTool('OpenSSL', ['openssl'], 'openssl'),
  chromium,
  redis: () => systemTool('Redis', ['redis-server'], 'redis-server'),
  bind,
  firefox: () => systemTool('Firefox', ['firefox-esr', 'firefox'], 'firefox-esr'),
  schemathesis: () => python('tests', 'contract', 'requirements.txt'),
  pyca: () => python('tests', 'pki', 'oracle', 'requirements.txt'),
  npm: npmPackages,
  site: () => packagesOf(path('docs', 'site')),
  'wasm tools': wasmTools,
  'cargo-deny': cargoDeny,
  'cargo-fuzz': cargoFuzz,
};

/** Without these the checks that use them are skipped. The rest is needed to work here at all: without it nothing runs. */
const optional = new Set([
  ...['rust nightly', 'openssl', 'chromium', 'redis', 'bind', 'firefox', 'schemathesis', 'pyca'],
  ...['cargo-deny', 'cargo-fuzz'],
]);

/** What a build uses. */
export const buildTools = ['rust', 'rust target', 'npm', 'wasm tools'];

/** The names that a check can say it uses. */
export const toolNames = Object.keys(all);

/** Makes these available; returns for each that is missing the reason, by its name. */
export async function setUp(names) {
  checkNode();
  const missing = new Map();
  for (const name of toolNames.filter((name) => names.includes(name))) {
    try {
      await all[name]();
    } catch (error) {
      if (!(error instanceof Problem) || !optional.has(name)) throw error;
      missing.set(name, error.message);
    }
  }
  return missing;
}

/** Makes all of these available, or fails with the reason. */
export async function need(names) {
  for (const reason of (await setUp(names)).values()) throw new Problem(reason);
}
