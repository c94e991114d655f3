/**
 * The pure crates take time and chance as arguments and know no JavaScript: `src/clippy.toml` says so. Here each of them,
 * in a copy of the workspace, breaks that, and Clippy has to refuse it.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { appendFileSync, cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import { cargoMetadata, path } from '../../tools/lib/project.mjs';

const scratch = path('build', 'floors');
/** All but the boundary to JavaScript. */
const crates = readdirSync(path('src')).filter((name) => name !== 'js' && existsSync(path('src', name, 'Cargo.toml')));

/** What must not be named; each is planted in a line of its own. */
const forbidden = {
  'a clock': 'pub fn planted_clock() -> bool { std::time::Instant::now() < std::time::Instant::now() }',
  'the time of day': 'pub fn planted_time() -> bool { std::time::SystemTime::now() == std::time::UNIX_EPOCH }',
  chance: 'pub fn planted_chance() { drop(std::hash::RandomState::new()); }',
  "JavaScript's clock": 'pub fn planted_date() -> f64 { js_sys::Date::now() }',
  "JavaScript's chance": 'pub fn planted_random() -> f64 { js_sys::Math::random() }',
};

/** The crate's copy with all of them at the end of its lib.rs, and a dependency that makes JavaScript reachable. */
function plantIn(crate) {
  const [manifest, lib] = ['Cargo.toml', 'lib.rs'].map((file) => join(scratch, 'src', crate, file));
  const text = readFileSync(manifest, 'utf8');
  writeFileSync(manifest, text.replace('[dependencies]\n', '[dependencies]\njs-sys = { workspace = true }\n'));
  const firstLine = readFileSync(lib, 'utf8').split('\n').length;
  appendFileSync(lib, `${Object.values(forbidden).join('\n')}\n`);
  return firstLine;
}

/** What Clippy says of the copies: for each message its lint, file and line. */
function lint() {
  const packages = crates.flatMap((crate) => ['-p', crate]);
  const { stdout, stderr, status } = spawnSync(
    'cargo',
    // With warnings only, for an error in one crate would keep those that use it from being looked at.
    ['clippy', '--offline', '--message-format=json', ...packages, '--', '--cap-lints', 'warn'],
    {
      cwd: scratch,
      env: { ...process.env, CARGO_TARGET_DIR: cargoMetadata().target_directory },
      encoding: 'utf8',
      maxBuffer: 1 << 28,
    },
  );
  assert.equal(status, 0, stderr);
  return stdout
    .split('\n')
    .filter((line) => line.startsWith('{"reason":"compiler-message"'))
    .map((line) => JSON.parse(line).message)
    .flatMap(({ code, spans }) =>
      spans.map((span) => ({ code: code?.code, file: span.file_name, line: span.line_start })),
    );
}

describe('a pure crate may not name', () => {
  const firstLines = {};
  let messages;
  before(() => {
    rmSync(scratch, { recursive: true, force: true });
    const parts = ['Cargo.toml', 'Cargo.lock', 'clippy.toml', 'src', 'wasm', 'sandbox', 'tests', 'tools'];
    const isSource = (file) => !/\/(node_modules|target)$/.test(file);
    for (const part of parts) cpSync(path(part), join(scratch, part), { recursive: true, filter: isSource });
    for (const crate of crates) firstLines[crate] = plantIn(crate);
    messages = lint();
  });

  it('anything of this: those that the architecture names are among them', () => {
    for (const crate of ['api', 'client', 'der', 'pki']) assert.ok(crates.includes(crate), crate);
  });

  for (const crate of crates) {
    Object.keys(forbidden).forEach((what, index) => {
      it(`${what}, in ${crate}`, () => {
        const here = messages.filter(
          ({ file, line }) => file === `src/${crate}/lib.rs` && line === firstLines[crate] + index,
        );
        const lints = here.map(({ code }) => code).filter((code) => code?.startsWith('clippy::disallowed_'));
        assert.ok(lints.length > 0, `Clippy lets it through: ${forbidden[what]}`);
      });
    });
  }
});
