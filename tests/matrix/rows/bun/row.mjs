import { printing, showing } from '../../support/entries.mjs';
import { titleIn } from '../../support/page.mjs';

/** Runs in a folder where nothing else is. */
const alone = async (project, ...args) =>
  (await project.run(args[0], args.slice(1), { cwd: project.path('out') })).stdout;

export const row = {
  title: 'Bun',
  of: 'bun',
  runsScripts: true,
  core: true,
  cases: {
    async '`bun run`'(project) {
      project.write('main.mjs', printing);
      return (await project.run('bun', ['run', 'main.mjs'])).stdout;
    },
    async '`bun build --target=bun`'(project) {
      await project.run('bun', ['build', 'main.mjs', '--target=bun', '--outfile=out/bun.mjs']);
      return alone(project, 'bun', 'run', 'bun.mjs');
    },
    async '`bun build --target=node`'(project) {
      await project.run('bun', ['build', 'main.mjs', '--target=node', '--outfile=out/node.mjs']);
      return alone(project, 'node', 'node.mjs');
    },
    async '`bun build --compile`'(project) {
      await project.run('bun', ['build', 'main.mjs', '--compile', '--outfile=out/program']);
      return alone(project, './program');
    },
    async '`bun build --target=browser`'(project) {
      project.write('page.mjs', showing);
      await project.run('bun', ['build', 'page.mjs', '--target=browser', '--outdir=site']);
      project.write('site/index.html', '<!doctype html><script type="module" src="page.js"></script>');
      return titleIn(project.path('site'));
    },
  },
};
