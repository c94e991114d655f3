/**
 * `npm run docs [-- --serve | --crates]`: the documentation as a site, into build/site/html.
 *
 * `--serve`: shows it on loopback afterwards. `--crates`: the reference of the crates instead, for those who work on them.
 */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from './build.mjs';
import { cargoMetadata, path } from './lib/project.mjs';
import { main, Problem, run } from './lib/run.mjs';
import { buildTools, need } from './setup.mjs';

const site = path('docs', 'site');
const bin = (name) => join(site, 'node_modules', '.bin', name);

/**
 * Builds the site, into the folder that it returns. A page that is not there, a link that leads nowhere and a warning fail.
 * Wants `build` to have run.
 */
export async function buildSite() {
  const { introduceReference, layOut } = await import(pathToFileURL(join(site, 'pages.mjs')).href);
  layOut(join(site, 'pages'));
  let said = await run(bin('typedoc'), ['--options', 'typedoc.json'], { cwd: site, quiet: 'writing the reference' });
  introduceReference(join(site, 'pages'));
  said += await run(bin('vitepress'), ['build', '.'], { cwd: site, quiet: 'building the site' });
  const warning = said.split('\n').find((line) => /\(!\)|\bwarn/i.test(line));
  if (warning) throw new Problem(`${said}\nThe site was built with a warning: ${warning.trim()}`);
  return path('build', 'site', 'html');
}

async function buildCrates() {
  await need(['rust']);
  await run('cargo', ['doc', '--workspace', '--no-deps', '--lib']);
  return join(cargoMetadata().target_directory, 'doc');
}

async function buildDocs() {
  if (process.argv.includes('--crates')) return buildCrates();
  await need([...buildTools, 'site']);
  // The types among the package's come from Rust.
  await build();
  return buildSite();
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  main(async () => {
    console.log(`Written to ${await buildDocs()}`);
    if (process.argv.includes('--serve')) await run(bin('vitepress'), ['preview', '.'], { cwd: site });
  });
}
