import { titleIn, titleOf } from '../../support/page.mjs';

export const row = {
  title: 'Create React App',
  of: 'react-scripts',
  program: 'src/program.mjs',
  cases: {
    async development(project) {
      const env = { BROWSER: 'none', HOST: '127.0.0.1' };
      const { url } = await project.serve('react-scripts', () => ['start'], { env });
      return titleOf(`${url}/`);
    },
    async build(project) {
      await project.run('react-scripts', ['build']);
      return titleIn(project.path('build'));
    },
  },
};
