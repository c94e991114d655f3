import { viteCases } from '../../support/vite.mjs';

export const row = {
  title: 'Vite',
  of: 'vite',

  nodeIsNewest: true,
  cases: viteCases,
};
