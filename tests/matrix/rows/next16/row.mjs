import { nextCases } from '../../support/next.mjs';

export const row = {
  title: 'Next',
  of: 'next',
  core: true,
  nodeIsNewest: true,
  cases: { ...nextCases('Turbopack', []), ...nextCases('webpack', ['--webpack']) },
};
