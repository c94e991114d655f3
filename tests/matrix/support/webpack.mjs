import { titleIn } from './page.mjs';

/** What is tried with webpack, and with what takes its configuration; `command` is its name. */
export function webpackCases(command) {
  const page = (mode) => async (project) => {
    project.remove('dist');
    await project.run(command, ['build', '--mode', mode]);
    project.write('dist/index.html', '<!doctype html><script src="main.js"></script>');
    return titleIn(project.path('dist'));
  };
  const server = (mode) => async (project) => {
    project.remove('dist');
    const config = `${command}.config.mjs`;
    project.write(config, "export default { target: 'node', entry: './src/server.js' };\n");
    await project.run(command, ['build', '--mode', mode]);
    project.remove(config);
    project.write('dist/package.json', '{ "type": "commonjs" }');
    return (await project.run('node', ['dist/main.js'])).stdout;
  };
  return {
    'for browsers, development': page('development'),
    'for browsers, production': page('production'),
    'for Node, development': server('development'),
    'for Node, production': server('production'),
  };
}
