import assert from 'node:assert/strict';
import { test } from 'node:test';
import { extractModels } from './models.mjs';

const models = extractModels(`
/* tslint:disable */
/** An order. */
export interface Order { /** Its id. */ id?: string }
type OrderStatus = "CREATED" | (string & {});
export class Client { free(): void; [Symbol.dispose](): void }
export function parseCsr(input: string): Order;
export type InitInput = RequestInfo | URL;
export interface InitOutput { readonly memory: WebAssembly.Memory }
`);

test('interfaces and aliases are taken with their comments', () => {
  assert.match(models, /\/\*\* An order. \*\/\nexport interface Order \{ \/\*\* Its id. \*\/ id\?: string \}/);
});

test('what was not exported is exported', () => {
  assert.match(models, /^export type OrderStatus = "CREATED" \| \(string & \{\}\);$/m);
});

test('classes, functions and the loader stay behind', () => {
  assert.doesNotMatch(models, /Client|parseCsr|Init|dispose|tslint/);
});
