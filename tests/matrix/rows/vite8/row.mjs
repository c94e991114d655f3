import { viteCases } from '../../support/vite.mjs';

export const row = {
  title: 'Vite',
  of: 'vite',
  core: true,
  nodeIsNewest: true,
  cases: viteCases,
};
