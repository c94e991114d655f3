import { nextCases } from '../../support/next.mjs';

export const row = {
  title: 'Next',
  of: 'next',
  nodeIsNewest: true,
  cases: { ...nextCases('webpack', []), ...nextCases('Turbopack', ['--turbopack']) },
};
