/** Installs what is missing and only that. Every function checks first, so that a second run costs next to nothing. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { cache, path, readJson, rustVersion, wasmBindgenVersion } from './lib/project.mjs';
import { onPath, Problem, run } from './lib/run.mjs';

const wasmPackVersion = '0.15.1';
const wasmTarget = 'wasm32-unknown-unknown';

const output = (command, ...args) => execFileSync(command, args, { encoding: 'utf8' }).trim();

const capitalized = (text) => text[0].toUpperCase() + text.slice(1);

/** Compares versions by their numbers: `1.9` is older than `1.88`. */
function isOlder(version, wanted) {
  const [a, b] = [version, wanted].map((text) => text.split('.').map((part) => Number.parseInt(part, 10)));
  const at = b.findIndex((part, index) => (a[index] ?? 0) !== part);
  return at >= 0 && (a[at] ?? 0) < b[at];
}

function checkNode() {
  const wanted = readJson(path('package.json')).engines.node.replace('>=', '');
  if (isOlder(process.versions.node, wanted)) {
    throw new Problem(
      `Node.js ${wanted} or newer is needed, this is ${process.versions.node}: install it from https://nodejs.org.`,
    );
  }
}

/** A command that comes from the system's packages: found on PATH, or installed where that is possible. */
async function systemTool(what, commands, packages, otherwise = '') {
  const found = onPath(...commands);
  if (found) return found;
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
  const sysroot = output('rustc', '--print', 'sysroot');
  const hasTarget = existsSync(join(sysroot, 'lib', 'rustlib', wasmTarget));
  await rustPart(hasTarget, `the Rust target ${wasmTarget}`, 'target', 'add', wasmTarget);
}

/** rustfmt and clippy, which a minimal rustup leaves out. */
export async function rustLinters() {
  const sysroot = output('rustc', '--print', 'sysroot');
  for (const [component, command] of Object.entries({ rustfmt: 'rustfmt', clippy: 'clippy-driver' })) {
    const isThere = existsSync(join(sysroot, 'bin', command));
    await rustPart(isThere, component, 'component', 'add', component);
  }
}

/** Builds a command from source at exactly this version; gives the folder that holds it. */
async function cargoTool(crate, command, version) {
  const folder = join(cache, `${crate}-${version}`);
  if (!existsSync(join(folder, 'bin', command))) {
    console.log(`→ building ${command} ${version} from source: this takes minutes, once`);
    // Without --locked: a lock file can name a release that the index no longer, or not yet, serves.
    await run('cargo', ['install', crate, '--version', `=${version}`, '--root', folder]);
  }
  return join(folder, 'bin');
}

/** Whether node_modules holds every package that the lock file wants, whoever put it there. */
function packagesAreInstalled() {
  const listing = path('node_modules', '.package-lock.json');
  if (!existsSync(listing)) return false;
  const installed = readJson(listing).packages;
  return Object.entries(readJson(path('package-lock.json')).packages)
    .filter(([at, wanted]) => at.includes('node_modules/') && !wanted.optional && !wanted.peer)
    .every(([at, wanted]) => at in installed && installed[at].version === wanted.version);
}

async function npmPackages() {
  if (packagesAreInstalled()) return;
  console.log('→ installing npm packages');
  await run('npm', ['ci'], { quiet: 'installing npm packages' });
}

/** Everything that a build needs. Afterwards PATH names the right wasm-pack, wasm-bindgen and npm commands first. */
export async function setUpBuild() {
  checkNode();
  await rust();
  const bindgen = await cargoTool('wasm-bindgen-cli', 'wasm-bindgen', wasmBindgenVersion());
  const pack = await cargoTool('wasm-pack', 'wasm-pack', wasmPackVersion);
  await npmPackages();
  process.env.PATH = [bindgen, pack, path('node_modules', '.bin'), process.env.PATH].join(delimiter);
}

/** What the checks need on top. Afterwards CHROME_PATH names a Chromium. */
export async function setUpTests() {
  await rustLinters();
  await systemTool('OpenSSL', ['openssl'], 'openssl');
  if (process.env.CHROME_PATH) {
    if (!existsSync(process.env.CHROME_PATH)) {
      throw new Problem(`CHROME_PATH names ${process.env.CHROME_PATH}, where nothing is: correct it or leave it out.`);
    }
    return;
  }
  const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
  process.env.CHROME_PATH = await systemTool('Chromium', names, 'chromium', ' or set CHROME_PATH');
}
