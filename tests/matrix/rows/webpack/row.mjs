import { webpackCases } from '../../support/webpack.mjs';

export const row = {
  title: 'webpack',
  of: 'webpack',
  nodeIsNewest: true,
  program: 'src/program.mjs',
  cases: webpackCases('webpack'),
};
