/** The table of endpoints beside docs/openapi.yaml: each row says what the description says. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { operations } from '../lib/operations.mjs';
import { described, resolved } from './description.mjs';

const paging = ['page', 'size', 'sort'];

/** A row, as the description has it. */
function rowOf({ url, method, operation }) {
  const [, service, rest] = /^\/(auth|certs)\/v1(\/.*)$/.exec(url);
  const query = (operation.parameters ?? []).map(resolved).filter(({ in: place }) => place === 'query');
  const own = query.filter(({ name }) => !paging.includes(name));
  return {
    operation: operation.operationId,
    method: method.toUpperCase(),
    service,
    path: rest,
    query: own.map(({ name, schema }) => ({ name, takes: schema.type === 'array' ? 'list' : 'text' })),
    body: bodyOf(operation),
    reply: replyOf(method, operation),
    isPaged: paging.every((name) => query.some((parameter) => parameter.name === name)),
    inferred: [operation, ...own].some((part) => part['x-inferred'] === true),
  };
}

/** The service refuses an action without a body, so there is always one. */
function bodyOf({ requestBody, tags }) {
  if (!requestBody) return 'none';
  return tags.includes('Actions') ? 'orEmpty' : 'given';
}

function replyOf(method, { responses }) {
  const [success] = Object.keys(responses).filter((status) => status.startsWith('2'));
  const [[type, { schema: reference }]] = Object.entries(resolved(responses[success]).content);
  const schema = resolved(reference);
  if (type !== 'application/json') return 'file';
  // What a deletion replies with is not documented; a token's forms are more than the description has.
  if (method === 'delete') return 'nothing';
  if (reference.$ref?.endsWith('/Token')) return 'any';
  if (schema.type === 'array') return 'list';
  const [items] = Object.keys(schema.properties).filter((name) => schema.required?.includes('page') && name !== 'page');
  return items ? { page: { items } } : 'object';
}

const byOperation = (rows) => Object.fromEntries(rows.map((row) => [row.operation, row]));

test('the table of endpoints and docs/openapi.yaml say the same', async () => {
  // What has no counterpart in the description: what changes anything, what costs, and where the guide says so.
  const rows = (await operations()).map(({ writes, costs, guide, ...row }) => ({
    ...row,
    isPaged: row.reply.page !== undefined,
  }));
  assert.deepEqual(byOperation(rows), byOperation(described.map(rowOf)));
});
