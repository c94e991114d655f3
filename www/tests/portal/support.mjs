/** The parts of `src/portal`, as a portal would have them: bundled by themselves, with the package and nothing of the page. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const source = fileURLToPath(new URL('../../src/portal/', import.meta.url));

/** What some of its files export. */
export async function bundled(...files) {
  const contents = files.map((file) => `export * from './${file}';`).join('\n');
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: source, loader: 'ts' },
    ...{ bundle: true, write: false, format: 'esm', platform: 'node', external: ['markmonitor-certs'] },
  });
  // Beside this file, where the package is found.
  const folder = mkdtempSync(fileURLToPath(new URL('./bundle-', import.meta.url)));
  try {
    const file = join(folder, 'portal.mjs');
    writeFileSync(file, outputFiles[0].contents);
    return await import(pathToFileURL(file).href);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** A `Storage` in memory. */
export function pageStorage() {
  const values = new Map();
  return {
    getItem: (key) => values.get(key) ?? null,
    setItem: (key, value) => void values.set(key, `${value}`),
    removeItem: (key) => void values.delete(key),
    key: (index) => [...values.keys()][index] ?? null,
    get length() {
      return values.size;
    },
  };
}
