/** What compiles the wasm, and how it is kept from leaving traces of the machine in it. */
import { execFileSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { path, readJson, root, wasmBindgenVersion } from './project.mjs';

const wasmTarget = 'wasm32-unknown-unknown';
const output = (command, ...args) =>
  execFileSync(command, args, { cwd: root, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 }).trim();

/** A line of `rustc --version --verbose`. */
const rustcSays = (name) => output('rustc', '-vV').match(new RegExp(`^${name}: (.*)$`, 'm'))[1];

/**
 * What made the wasm, to the version: with the same, the same source makes the same bytes. rustc's is in the form that
 * it leaves in the section `producers` of the wasm.
 */
export function builtWith() {
  return {
    rustc: output('rustc', '--version').replace(/^rustc /, ''),
    'wasm-bindgen': wasmBindgenVersion(),
    binaryen: readJson(path('package.json')).devDependencies.binaryen,
  };
}

/** The folders that the sources of crates from registries are in, which are named after the registry's address. */
function crateFolders() {
  const args = ['metadata', '--format-version', '1', '--locked', '--filter-platform', wasmTarget];
  const { packages } = JSON.parse(output('cargo', ...args));
  const fromElsewhere = packages.filter(({ source }) => source !== null);
  return new Set(fromElsewhere.map(({ manifest_path }) => dirname(dirname(manifest_path))));
}

/**
 * What LLVM does for speed at the price of size even where size is asked for: it keeps counters and addresses of loops in
 * variables of their own, for registers that wasm has not, and loads values on each way to where they are needed. What
 * branches end with alike it moves behind them, which brotli has no need of.
 */
const sparing = [
  '-disable-lsr',
  '-enable-load-pre=false',
  '-enable-pre=false',
  '-disable-licm-promotion',
  '-simplifycfg-sink-common=false',
];

/**
 * Panic messages name source files: they are to say the same on every machine, and nothing of this one. For rustc the
 * last that fits counts. SHA-256 keeps its loops: unrolled it is eight kilobytes larger, and what is hashed is short.
 */
export function rustFlags() {
  // With the component `rust-src`, rustc names the files of the standard library by their place here.
  const standardLibrary = join(output('rustc', '--print', 'sysroot'), 'lib', 'rustlib', 'src', 'rust');
  const remap = [
    [root, '.'],
    ...[...crateFolders()].map((folder) => [folder, 'crates']),
    [standardLibrary, `/rustc/${rustcSays('commit-hash')}`],
  ];
  const flags = remap.map((pair) => `--remap-path-prefix=${pair.join('=')}`);
  flags.push(`-Cllvm-args=${sparing.join(' ')}`, '--cfg=sha2_backend_soft="compact"');
  return { CARGO_ENCODED_RUSTFLAGS: flags.join('\x1f') };
}
