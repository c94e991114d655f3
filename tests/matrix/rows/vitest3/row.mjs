import { readFileSync } from 'node:fs';

const test = `import { writeFileSync } from 'node:fs';
import { test } from 'vitest';
import { program } from './program.mjs';
test('runs', async () => writeFileSync('result', await program()));`;

async function vitest(project, ...options) {
  project.remove('result');
  project.write('program.test.mjs', test);
  await project.run('vitest', ['run', ...options]);
  return readFileSync(project.path('result'), 'utf8');
}

export const row = {
  title: 'Vitest',
  of: 'vitest',
  nodeIsNewest: true,
  cases: {
    'with Node': (project) => vitest(project),
    'with jsdom': (project) => vitest(project, '--environment=jsdom'),
    'with jsdom in `vmThreads`': (project) => vitest(project, '--environment=jsdom', '--pool=vmThreads'),
  },
};
