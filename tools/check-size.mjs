/** What the package weighs, file by file, against the limits in size-limits.json (bytes after gzip). */
import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { installInto } from './lib/package.mjs';
import { path, readJson } from './lib/project.mjs';
import { main, Problem } from './lib/run.mjs';
import { filesUnder } from './lib/stamp.mjs';

main(async () => {
  const limits = readJson(path('tools', 'size-limits.json'));
  const installed = await installInto(path('build', 'size'));
  const rows = [...filesUnder(installed)]
    .filter((file) => /\.(wasm|[cm]?js)$/.test(file))
    .map((file) => {
      const content = readFileSync(file);
      const name = relative(installed, file);
      const gzip = gzipSync(content, { level: 9 }).length;
      return { name, raw: content.length, gzip, brotli: brotliCompressSync(content).length, limit: limits[name] };
    });

  const width = Math.max(...rows.map(({ name }) => name.length));
  const line = (name, ...numbers) => console.log(name.padEnd(width), ...numbers.map((n) => String(n).padStart(9)));
  line('', 'raw', 'gzip', 'brotli', 'limit');
  for (const { name, raw, gzip, brotli, limit = '–' } of rows) line(name, raw, gzip, brotli, limit);

  const wrong = [
    ...rows.filter(({ limit }) => limit === undefined).map(({ name }) => `${name} has no limit yet`),
    ...rows.filter(({ gzip, limit }) => gzip > limit).map(({ name, gzip, limit }) => `${name} has ${gzip} of ${limit}`),
    ...Object.keys(limits)
      .filter((name) => !rows.some((row) => row.name === name))
      .map((name) => `${name} has a limit but is not there`),
  ];
  if (wrong.length > 0) throw new Problem(['Sizes and tools/size-limits.json disagree:', ...wrong].join('\n  '));
});
