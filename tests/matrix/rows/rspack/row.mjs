import { titleIn } from '../../support/page.mjs';

async function page(project, mode) {
  project.remove('dist');
  await project.run('rspack', ['build', '--mode', mode]);
  project.write('dist/index.html', '<!doctype html><script src="main.js"></script>');
  return titleIn(project.path('dist'));
}

async function server(project, mode) {
  project.remove('dist');
  project.write('rspack.config.mjs', "export default { target: 'node', entry: './src/server.js' };\n");
  await project.run('rspack', ['build', '--mode', mode]);
  project.remove('rspack.config.mjs');
  project.write('dist/package.json', '{ "type": "commonjs" }');
  return (await project.run('node', ['dist/main.js'])).stdout;
}

export const row = {
  title: 'Rspack',
  of: '@rspack/core',
  nodeIsNewest: true,
  program: 'src/program.mjs',
  cases: {
    'for browsers, development': (project) => page(project, 'development'),
    'for browsers, production': (project) => page(project, 'production'),
    'for Node, development': (project) => server(project, 'development'),
    'for Node, production': (project) => server(project, 'production'),
  },
};
