/** docs/openapi.yaml, read. */
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { path } from '../lib/project.mjs';

export const description = parse(readFileSync(path('docs', 'openapi.yaml'), 'utf8'));

/** Every operation, with its path and its method. */
export const described = Object.entries(description.paths).flatMap(([url, { parameters, ...methods }]) =>
  Object.entries(methods).map(([method, operation]) => ({ url, method, operation })),
);

/** What a reference in the description leads to; anything else as it is. */
export const resolved = ({ $ref, ...rest }) => {
  if (!$ref) return rest;
  const names = $ref.slice('#/'.length).split('/');
  return names.reduce((part, name) => part[name], description);
};
