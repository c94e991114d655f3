import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isFine } from './check-licences.mjs';

test('one good side of an OR is enough', () => {
  for (const expression of [
    'MIT',
    'MIT OR Apache-2.0',
    'MIT/Apache-2.0',
    'GPL-3.0 OR MIT',
    'Apache-2.0 WITH LLVM-exception OR MIT',
  ]) {
    assert.ok(isFine(expression), expression);
  }
});

test('both sides of an AND have to be good', () => {
  assert.ok(isFine('(MIT OR Apache-2.0) AND Unicode-3.0'));
  assert.ok(!isFine('MIT AND LGPL-2.1'));
  assert.ok(!isFine('(MIT OR Apache-2.0) AND MPL-2.0'));
});

test('an unknown, missing or malformed licence is not good', () => {
  for (const expression of [
    '',
    'MPL-2.0',
    'UNLICENSED',
    'MIT OR',
    '(MIT',
    'MIT MIT',
    'GPL-2.0 WITH Classpath-exception-2.0',
  ]) {
    assert.ok(!isFine(expression), expression);
  }
});
