import { titleIn, titleOf } from '../../support/page.mjs';

export const row = {
  title: 'Angular',
  of: '@angular/cli',
  nodeIsNewest: true,
  program: 'src/program.mjs',
  cases: {
    async '`ng build`, within its budgets and without a warning'(project) {
      project.remove('dist', '.angular');
      const { stdout, stderr } = await project.run('ng', ['build']);
      const warnings = `${stdout}\n${stderr}`.match(/^.*(WARNING|▲).*$/gm);
      return warnings ? warnings.join('\n') : titleIn(project.path('dist', 'app', 'browser'));
    },
    async '`ng serve`'(project) {
      const { url } = await project.serve('ng', (port) => ['serve', '--port', `${port}`, '--host', '127.0.0.1']);
      return titleOf(`${url}/`);
    },
  },
};
