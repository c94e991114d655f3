import { printing, showing } from '../../support/entries.mjs';
import { titleIn } from '../../support/page.mjs';

/** Bundles for Node into a folder where nothing else is, and runs it there. */
async function forNode(project, format, extension) {
  project.write('main.mjs', printing);
  project.remove('out');
  const options = ['--bundle', '--platform=node', `--format=${format}`, `--outfile=out/main${extension}`];
  await project.run('esbuild', ['main.mjs', ...options]);
  return (await project.run('node', [`main${extension}`], { cwd: project.path('out') })).stdout;
}

async function forPage(project, entry, ...options) {
  project.write('page.mjs', entry);
  project.remove('site');
  await project.run('esbuild', ['page.mjs', '--bundle', '--outdir=site', ...options]);
  project.write('site/index.html', '<!doctype html><script type="module" src="page.js"></script>');
  return titleIn(project.path('site'));
}

export const row = {
  title: 'esbuild',
  of: 'esbuild',
  core: true,
  note: 'For Lambda, the CDK and the main process of Electron as well.',
  cases: {
    'for Node, ESM': (project) => forNode(project, 'esm', '.mjs'),
    'for Node, CommonJS': (project) => forNode(project, 'cjs', '.cjs'),
    'for browsers': (project) => forPage(project, showing),
    'for browsers, split': (project) => forPage(project, showing, '--format=esm', '--splitting', '--minify'),
    'for browsers, with `conditions: production`': (project) =>
      forPage(project, showing, '--format=esm', '--conditions=production'),
  },
};
