import { printing } from '../../support/entries.mjs';

export const row = {
  title: 'Deno',
  of: 'deno',
  runsScripts: true,
  cases: {
    async '`deno run`'(project) {
      project.write('main.mjs', printing);
      return (await project.run('deno', ['run', '--node-modules-dir=manual', '--allow-read', 'main.mjs'])).stdout;
    },
    async '`deno bundle`'(project) {
      await project.run('deno', ['bundle', '--node-modules-dir=manual', 'main.mjs', '-o', 'out/main.mjs']);
      return (await project.run('deno', ['run', 'main.mjs'], { cwd: project.path('out') })).stdout;
    },
  },
};
