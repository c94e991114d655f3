import { jestCases } from '../../support/jest.mjs';

export const row = {
  title: 'Jest',
  of: 'jest',

  cases: jestCases,
};
