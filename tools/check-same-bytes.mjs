/** Builds the wasm modules in another folder, from the same files, and compares them with those of this one byte by byte. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { modules } from './build.mjs';
import { path, root } from './lib/project.mjs';
import { main, Problem, run } from './lib/run.mjs';

const git = (...args) => execFileSync('git', args, { cwd: root, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });

main(async () => {
  // A name of another length: what grows with the path is found as well.
  const parent = mkdtempSync(join(tmpdir(), 'same-bytes-'));
  const clone = join(parent, 'the', 'same', 'project', 'elsewhere');
  try {
    // As a clone has it, and with what is not committed yet.
    const files = git('ls-files', '--cached', '--others', '--exclude-standard', '-z').split('\0').filter(Boolean);
    for (const file of files.filter((name) => existsSync(path(name)))) cpSync(path(file), join(clone, file));
    await run('node', [join(clone, 'tools', 'build-modules.mjs')], {
      cwd: clone,
      env: { CARGO_TARGET_DIR: join(clone, 'target') },
      quiet: 'building in another folder',
    });
    const different = [];
    for (const name of modules) {
      const [here, there] = [root, clone].map((folder) => readFileSync(join(folder, 'build', name, `${name}_bg.wasm`)));
      const sha256 = createHash('sha256').update(here).digest('hex');
      console.log(`${name}.wasm: ${here.length} bytes, SHA-256 ${sha256}`);
      if (!here.equals(there)) different.push(`${name}.wasm: ${there.length} bytes in the other folder`);
    }
    if (different.length > 0) throw new Problem(['Two folders build different wasm:', ...different].join('\n  '));
  } finally {
    rmSync(parent, { recursive: true, force: true });
  }
});
