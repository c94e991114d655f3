/** The manifest of the package, as its tarball has it. */
import { posix } from 'node:path';

/** A path of the manifest, seen from a folder in it. */
const from = (folder, file) => posix.relative(folder, posix.normalize(file));

/** What resolvers that know no conditions take of an export: its last resort. */
const lastOf = (target) => (typeof target === 'string' ? target : lastOf(Object.values(target).at(-1)));

/**
 * For each subpath a manifest in a folder of its name, for what does not read `exports`: Parcel, and TypeScript's old
 * resolution.
 *
 * @returns {Record<string, object>} by the folder's name
 */
export function subpathManifests({ exports }) {
  const subpaths = Object.keys(exports).filter((name) => name !== '.' && name !== './package.json');
  return Object.fromEntries(
    subpaths.map((name) => {
      const folder = posix.normalize(name);
      const { import: module, require } = exports[name];
      const targets = { main: lastOf(require), module: lastOf(module), types: require.types };
      return [folder, Object.fromEntries(Object.entries(targets).map(([key, file]) => [key, from(folder, file)]))];
    }),
  );
}

/** The manifest to publish: what the template says, and what only the build knows. What the program bundles nobody installs. */
export function completeManifest({ private: _, scripts: __, devDependencies: ___, ...template }, known) {
  const folders = Object.keys(subpathManifests(template)).map((folder) => folder.split('/')[0]);
  return { ...template, ...known, files: [...template.files, ...new Set(folders)] };
}
