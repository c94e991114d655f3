import { showing } from '../../support/entries.mjs';
import { titleIn } from '../../support/page.mjs';

async function page(project, { entry = showing, plugin = 'node-resolve', output = ['--dir', 'site'], env = {} } = {}) {
  project.remove('site');
  project.write('main.mjs', entry);
  await project.run('rollup', ['main.mjs', '--plugin', plugin, '--format', 'es', ...output], { env });
  project.write('site/index.html', '<!doctype html><script type="module" src="main.js"></script>');
  return titleIn(project.path('site'));
}

/** Nothing is left to be emitted in these. */
const inline = showing.replace("from './program.mjs'", "from './inline.mjs'");

export const row = {
  title: 'Rollup',
  of: 'rollup',
  note:
    'With `node-resolve({ browser: true })`, or into one file: import `markmonitor-certs/inline`, `/pki/inline` and ' +
    '`/sandbox/inline`, as the error says.',
  cases: {
    'with node-resolve': (project) => page(project),
    'with node-resolve and NODE_ENV=production': (project) => page(project, { env: { NODE_ENV: 'production' } }),
    'with node-resolve({ browser: true })': {
      run: (project) => page(project, { plugin: 'node-resolve={browser: true}' }),
      says: /could not be loaded: .*import 'markmonitor-certs\/inline'/s,
    },
    'with `/inline`, into one file': async (project) => {
      const { readFileSync } = await import('node:fs');
      const text = readFileSync(project.path('program.mjs'), 'utf8');
      project.write('inline.mjs', text.replaceAll(/'(markmonitor-certs[^']*)'/g, "'$1/inline'"));
      return page(project, { entry: inline, output: ['--file', 'site/main.js'] });
    },
  },
};
