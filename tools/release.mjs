/**
 * Makes the tarball to publish of the one that `npm run build` leaves, and publishes it.
 *
 * `node tools/release.mjs --repository https://HOST/OWNER/NAME [--publish]`: without `--publish` all is done but that, and
 * npm says what it would send. Provenance needs a workflow of a host that npm knows, such as .github/workflows/release.yml.
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { build } from './build.mjs';
import { path, readJson, tarball, version } from './lib/project.mjs';
import { assertInChangelog, publishedManifest, repositoryAddress } from './lib/release.mjs';
import { main, run } from './lib/run.mjs';
import { buildTools, need } from './setup.mjs';

main(async () => {
  const { values } = parseArgs({ options: { repository: { type: 'string' }, publish: { type: 'boolean' } } });
  const address = repositoryAddress(values.repository ?? process.env.REPOSITORY_URL);
  assertInChangelog(readFileSync(path('CHANGELOG.md'), 'utf8'), version());
  await need(buildTools);
  await build();

  const folder = path('build', 'release');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  await run('tar', ['-xzf', tarball(), '-C', folder]);
  const manifest = join(folder, 'package', 'package.json');
  writeFileSync(manifest, `${JSON.stringify(publishedManifest(readJson(manifest), address), null, 2)}\n`);
  await run('npm', ['pack', '--silent', '--pack-destination', folder], { cwd: join(folder, 'package') });
  const packed = join(folder, `markmonitor-certs-${version()}.tgz`);
  await run('npm', ['publish', packed, '--access', 'public', values.publish ? '--provenance' : '--dry-run']);
});
