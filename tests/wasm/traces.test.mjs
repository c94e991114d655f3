import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { root } from '../../tools/lib/project.mjs';
import { installPackage } from '../package/support/install.mjs';

/** The files of the standard library, and of the crates in it, are named alike everywhere. */
const standard = /^\/(rustc\/[0-9a-f]{40}\/library|rust\/deps)\//;

describe('the wasm in the package', () => {
  let project;
  let files;
  before(async () => {
    project = await installPackage();
    const dist = join(project.package, 'dist');
    files = readdirSync(dist)
      .filter((file) => file.endsWith('.wasm'))
      .map((file) => ({ file, bytes: readFileSync(join(dist, file)) }));
  });
  after(() => project?.remove());

  it('names the source files that panic messages are about', () => {
    for (const { file, bytes } of files) assert.match(`${bytes.toString('latin1')}`, /src\/[\w/]+\.rs/, file);
  });

  it('holds no folder of the machine that built it', () => {
    const { CARGO_HOME, RUSTUP_HOME } = process.env;
    const sysroot = execFileSync('rustc', ['--print', 'sysroot'], { encoding: 'utf8' }).trim();
    const folders = [root, dirname(root), homedir(), CARGO_HOME, RUSTUP_HOME, sysroot].filter(
      (folder) => folder?.length > 1,
    );
    for (const { file, bytes } of files) {
      assert.deepEqual(
        folders.filter((folder) => bytes.includes(folder)),
        [],
        file,
      );
    }
  });

  it('holds no absolute path of a source file, but those of the standard library', () => {
    const absolute = /(?:[A-Z]:\\|\/)[\w.@\\/+-]+?\.rs\b/g;
    for (const { file, bytes } of files) {
      const text = bytes.toString('latin1');
      const found = [...text.matchAll(absolute)].filter(({ index }) => !/[\w.]/.test(text[index - 1] ?? ''));
      assert.deepEqual(
        found.map(([path]) => path).filter((path) => !standard.test(path)),
        [],
        file,
      );
    }
  });

  it('does not say which registry its crates came from', () => {
    for (const { file, bytes } of files)
      assert.doesNotMatch(bytes.toString('latin1'), /index\.crates\.io|github\.com-/, file);
  });

  it('was made by what the manifest says', () => {
    const { builtWith } = JSON.parse(readFileSync(join(project.package, 'package.json'), 'utf8'));
    assert.deepEqual(Object.keys(builtWith), ['rustc', 'wasm-bindgen', 'binaryen']);
    for (const { file, bytes } of files) {
      const [producers] = WebAssembly.Module.customSections(new WebAssembly.Module(bytes), 'producers');
      const text = Buffer.from(producers).toString('latin1');
      assert.ok(text.includes(builtWith.rustc), `${file}: ${text}`);
      assert.ok(text.includes(builtWith['wasm-bindgen']), `${file}: ${text}`);
    }
  });
});
