import { readFileSync } from 'node:fs';

/** The programs that the present TypeScript is tried with, too. */
const programs = ['usage.ts', 'mistakes.ts', 'promises.ts', 'portal.ts'];
const textOf = (name) => readFileSync(new URL(`../../../types/programs/${name}`, import.meta.url), 'utf8');

/** How users have TypeScript resolve a package. TypeScript 7 has no old resolution any more. */
const resolutions = (version) => ({
  'Node, ESM': { type: 'module', module: 'NodeNext' },
  'Node, CommonJS': { type: 'commonjs', module: 'NodeNext' },
  'a bundler': { type: 'module', module: 'ESNext', moduleResolution: 'Bundler' },
  ...(version < 7 && {
    'the old resolution': {
      ...{ type: 'commonjs', module: 'CommonJS', moduleResolution: 'Node10' },
      ...(version === 6 && { ignoreDeprecations: '6.0' }),
    },
  }),
});

const compiling = (version) => ({
  // A compiler that has nothing to say says nothing.
  says: /^$/,
  async run(project) {
    const said = [];
    for (const program of programs) project.write(program, textOf(program));
    for (const [name, { type, ...options }] of Object.entries(resolutions(Number.parseInt(version, 10)))) {
      const compilerOptions = {
        ...{ noEmit: true, strict: true, skipLibCheck: false, exactOptionalPropertyTypes: true, types: [] },
        ...{ noUncheckedIndexedAccess: true, target: 'ES2022', lib: ['ES2022', 'DOM'], ...options },
      };
      project.write('package.json', JSON.stringify({ private: true, type }));
      project.write('tsconfig.json', JSON.stringify({ compilerOptions, files: programs }));
      const tsc = project.path('node_modules', `typescript-${version}`, 'bin', 'tsc');
      await project
        .run(process.execPath, [tsc, '--project', '.'])
        .catch(({ message }) => said.push(`${name}: ${message}`));
    }
    return said.join('\n');
  },
});

const versions = ['5.4', '5.5', '5.6', '5.7', '5.8', '5.9', '6.0', '7.0'];

export const row = {
  title: 'TypeScript',
  cases: Object.fromEntries(versions.map((version) => [version, compiling(version)])),
  note: 'Under `strict`, in a project for Node or for a bundler; in the old resolution, too, where the compiler has it.',
};
