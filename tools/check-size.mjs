/**
 * What the package weighs, file by file, whether each of its parts keeps to size-limits.json (bytes of brotli), and how far
 * it is from the last release, which size-released.json records.
 *
 * `node tools/check-size.mjs [--release]`: with the option it records this version as the last release.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { basename, relative } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { installInto } from './lib/package.mjs';
import { path, readJson, version } from './lib/project.mjs';
import { main, Problem } from './lib/run.mjs';
import { filesUnder } from './lib/stamp.mjs';

/** The name of a part that is not a file: all that a page runs of the main entry, as a bundler leaves it. */
const bundledName = 'client and reading, bundled';

function weigh(content, name) {
  const gzip = gzipSync(content, { level: 9 }).length;
  return { name, raw: content.length, gzip, brotli: brotliCompressSync(content).length };
}

const total = (rows, name) => ({
  name,
  raw: rows.reduce((sum, row) => sum + row.raw, 0),
  gzip: rows.reduce((sum, row) => sum + row.gzip, 0),
  brotli: rows.reduce((sum, row) => sum + row.brotli, 0),
});

async function bundled(installed) {
  const { outputFiles, metafile } = await build({
    stdin: { contents: `export * from './dist/esm/file.js';`, resolveDir: installed },
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    splitting: true,
    outdir: 'page',
    metafile: true,
    write: false,
  });
  // What is imported only when it is needed, such as the table of domain suffixes, is in files of its own.
  const later = new Set(
    Object.values(metafile.outputs)
      .flatMap(({ imports }) => imports)
      .filter(({ kind }) => kind === 'dynamic-import')
      .map(({ path }) => basename(path)),
  );
  const first = outputFiles.filter(({ path }) => !later.has(basename(path)));
  // Numbers in place of the hashes in the names of chunks, whose weight is another with each change.
  const numbered = outputFiles.reduce(
    (text, { path }, at) => text.replaceAll(basename(path), `${at}.js`),
    first.map(({ text }) => text).join(''),
  );
  return weigh(Buffer.from(numbered), bundledName);
}

main(async () => {
  // A part is a file or a folder: a bundler renames its chunks with each change, so they count together.
  const limits = readJson(path('tools', 'size-limits.json'));
  const released = readJson(path('tools', 'size-released.json'));
  const installed = await installInto(path('build', 'size'));
  const files = [...filesUnder(installed)]
    .filter((file) => /\.(wasm|[cm]?js)$/.test(file) && !relative(installed, file).startsWith('examples'))
    .map((file) => weigh(readFileSync(file), relative(installed, file)));
  const page = await bundled(installed);
  /** The closest part that holds a file, so that each counts once. */
  const partOf = ({ name }) =>
    Object.keys(limits)
      .filter((part) => name === part || name.startsWith(`${part}/`))
      .sort((a, b) => b.length - a.length)[0];
  const parts = Object.entries(limits).map(([part, limit]) => {
    const held = [...files, page].filter((file) => partOf(file) === part);
    const sizes = total(held, part);
    return { ...sizes, limit, held, since: sizes.brotli - (released.brotli[part] ?? 0) };
  });

  const width = Math.max(...[...files, page].map(({ name }) => name.length));
  const line = (name, ...cells) => console.log(name.padEnd(width), ...cells.map((cell) => String(cell).padStart(9)));
  line('file', 'raw', 'gzip', 'brotli');
  for (const { name, raw, gzip, brotli } of files) line(name, raw, gzip, brotli);
  console.log('');
  line('part', 'raw', 'gzip', 'brotli', 'limit', `to ${released.version}`);
  for (const { name, raw, gzip, brotli, limit, since } of parts)
    line(name, raw, gzip, brotli, limit, since > 0 ? `+${since}` : since);

  if (process.argv.includes('--release')) {
    const record = { version: version(), brotli: Object.fromEntries(parts.map(({ name, brotli }) => [name, brotli])) };
    writeFileSync(path('tools', 'size-released.json'), `${JSON.stringify(record, null, 2)}\n`);
  }
  const wrong = [
    ...parts
      .filter(({ brotli, limit }) => brotli > limit)
      .map(({ name, brotli, limit }) => `${name}: ${brotli} of ${limit}`),
    ...parts.filter(({ held }) => held.length === 0).map(({ name }) => `${name}: has a limit, but is not there`),
    ...files
      .filter((file) => !parts.some(({ held }) => held.includes(file)))
      .map(({ name }) => `${name}: has no limit`),
  ];
  if (wrong.length > 0) throw new Problem(['The package and tools/size-limits.json disagree:', ...wrong].join('\n  '));
});
