/** What the package weighs, file by file, and whether each of its parts keeps to size-limits.json (bytes after gzip). */
import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { installInto } from './lib/package.mjs';
import { path, readJson } from './lib/project.mjs';
import { main, Problem } from './lib/run.mjs';
import { filesUnder } from './lib/stamp.mjs';

function weigh(file, name) {
  const content = readFileSync(file);
  const gzip = gzipSync(content, { level: 9 }).length;
  return { name, raw: content.length, gzip, brotli: brotliCompressSync(content).length };
}

const total = (rows, name) => ({
  name,
  raw: rows.reduce((sum, row) => sum + row.raw, 0),
  gzip: rows.reduce((sum, row) => sum + row.gzip, 0),
  brotli: rows.reduce((sum, row) => sum + row.brotli, 0),
});

main(async () => {
  // A part is a file or a folder: a bundler renames its chunks with each change, so they count together.
  const limits = readJson(path('tools', 'size-limits.json'));
  const installed = await installInto(path('build', 'size'));
  const files = [...filesUnder(installed)]
    .filter((file) => /\.(wasm|[cm]?js)$/.test(file))
    .map((file) => weigh(file, relative(installed, file)));
  /** The closest part that holds a file, so that each counts once. */
  const partOf = ({ name }) =>
    Object.keys(limits)
      .filter((part) => name === part || name.startsWith(`${part}/`))
      .sort((a, b) => b.length - a.length)[0];
  const parts = Object.entries(limits).map(([part, limit]) => {
    const held = files.filter((file) => partOf(file) === part);
    return { ...total(held, part), limit, held };
  });

  const width = Math.max(...files.map(({ name }) => name.length));
  const line = (name, ...cells) => console.log(name.padEnd(width), ...cells.map((cell) => String(cell).padStart(9)));
  line('file', 'raw', 'gzip', 'brotli');
  for (const { name, raw, gzip, brotli } of files) line(name, raw, gzip, brotli);
  console.log('');
  line('part', 'raw', 'gzip', 'brotli', 'limit');
  for (const { name, raw, gzip, brotli, limit } of parts) line(name, raw, gzip, brotli, limit);

  const wrong = [
    ...parts.filter(({ gzip, limit }) => gzip > limit).map(({ name, gzip, limit }) => `${name}: ${gzip} of ${limit}`),
    ...parts.filter(({ held }) => held.length === 0).map(({ name }) => `${name}: has a limit, but is not there`),
    ...files
      .filter((file) => !parts.some(({ held }) => held.includes(file)))
      .map(({ name }) => `${name}: has no limit`),
  ];
  if (wrong.length > 0) throw new Problem(['The package and tools/size-limits.json disagree:', ...wrong].join('\n  '));
});
