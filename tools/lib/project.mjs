/** Paths in the project, and what its manifests say about versions. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));
export const path = (...parts) => join(root, ...parts);
export const readJson = (file) => JSON.parse(readFileSync(file, 'utf8'));

/** Tools that are built from source land here, one folder per version, so that nothing in ~/.cargo/bin is overwritten. */
export const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'markmonitor-certs');

let metadata;
/** What cargo says about the workspace's own packages. Needs no network. */
export function cargoMetadata() {
  metadata ??= JSON.parse(
    execFileSync('cargo', ['metadata', '--no-deps', '--offline', '--format-version', '1'], {
      cwd: root,
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024,
    }),
  );
  return metadata;
}

const crate = (name) => cargoMetadata().packages.find((entry) => entry.name === name);
/** The one version of everything here: `[workspace.package]` in Cargo.toml. */
export const version = () => crate('markmonitor-certs').version;
/** The oldest Rust that compiles the workspace. */
export const rustVersion = () => crate('markmonitor-certs').rust_version;

/** The wasm-bindgen command has to be the version of the library to the digit: it is read from Cargo.toml's pin. */
export function wasmBindgenVersion() {
  const { req } = crate('js').dependencies.find((entry) => entry.name === 'wasm-bindgen');
  return req.replace(/^=/, '');
}

/** What `npm run build` leaves for a user to install. */
export const tarball = () => path('dist', `markmonitor-certs-${version()}.tgz`);

export const isWorkspace = (folder) => existsSync(path(folder, 'package.json'));
