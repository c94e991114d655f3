import { webpackCases } from '../../support/webpack.mjs';

export const row = {
  title: 'Rspack',
  of: '@rspack/core',
  nodeIsNewest: true,
  program: 'src/program.mjs',
  cases: webpackCases('rspack'),
};
