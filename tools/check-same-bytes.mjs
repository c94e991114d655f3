/** Builds the package in another folder, from the same files, and compares it with that of this one file by file. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { path, root, tarball } from './lib/project.mjs';
import { main, Problem, run } from './lib/run.mjs';
import { filesUnder } from './lib/stamp.mjs';

const git = (...args) => execFileSync('git', args, { cwd: root, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
const sha256 = (file) => createHash('sha256').update(readFileSync(file)).digest('hex');

/** The hashes of all that is in the package that was built in a folder, by the names of the files. */
function builtIn(folder) {
  const staging = join(folder, 'build', 'package');
  return new Map([...filesUnder(staging)].map((file) => [relative(staging, file), sha256(file)]));
}

main(async () => {
  // A name of another length: what grows with the path is found as well.
  const parent = mkdtempSync(join(tmpdir(), 'same-bytes-'));
  const clone = join(parent, 'the', 'same', 'project', 'elsewhere');
  try {
    // As a clone has it, and with what is not committed yet.
    const files = git('ls-files', '--cached', '--others', '--exclude-standard', '-z').split('\0').filter(Boolean);
    for (const file of files.filter((name) => existsSync(path(name)))) cpSync(path(file), join(clone, file));
    await run('node', [join(clone, 'tools', 'build.mjs')], {
      cwd: clone,
      env: { CARGO_TARGET_DIR: join(clone, 'target') },
      quiet: 'building in another folder',
    });
    const [here, there] = [root, clone].map(builtIn);
    const names = [...new Set([...here.keys(), ...there.keys()])].sort();
    for (const name of names.filter((name) => name.endsWith('.wasm')))
      console.log(`${name}: SHA-256 ${here.get(name)}`);
    const different = names.filter((name) => here.get(name) !== there.get(name));
    const packed = relative(root, tarball());
    if (different.length === 0 && sha256(tarball()) !== sha256(join(clone, packed))) different.push(packed);
    if (different.length > 0) throw new Problem(['Two folders build different files:', ...different].join('\n  '));
    console.log(`${packed}: SHA-256 ${sha256(tarball())}, with ${names.length} files`);
  } finally {
    rmSync(parent, { recursive: true, force: true });
  }
});
