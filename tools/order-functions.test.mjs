import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { byLikeness, namedInOrder } from './lib/wasm/order-functions.mjs';

const body = (...octets) => Buffer.from(octets);
const sized = (...octets) => [octets.length, ...octets];
const text = (value) => sized(...Buffer.from(value));

describe('the order of the functions in a module', () => {
  it('puts each beside the one that is most like it, and loses none', () => {
    const bodies = [body(1, 2, 3, 4, 5), body(9, 9, 9, 8, 8), body(0, 1, 2, 3, 4), body(9, 9, 9, 8, 7), body()];
    assert.deepEqual(byLikeness(bodies), [0, 2, 1, 3, 4]);
    assert.deepEqual(byLikeness([body()]), [0]);
  });

  it('is written as names, after those of imports, and in place of the names that were there', () => {
    const [i32, drop] = [[0x41, 7], 0x1a];
    const code = (...instructions) => sized(0, ...instructions, 0x0b);
    const alike = code(...i32, drop, ...i32, drop);
    const module = (name) => [
      ...Buffer.from('\0asm'),
      ...[1, 0, 0, 0],
      ...[1, ...sized(1, 0x60, 0, 0)],
      ...[2, ...sized(2, ...text('m'), ...text('f'), 0, 0, ...text('m'), ...text('t'), 1, 0x70, 1, 2, 3)],
      ...[3, ...sized(3, 0, 0, 0)],
      ...[10, ...sized(3, ...alike, ...code(1, 1, 1, 1), ...alike)],
      ...[0, ...sized(...text('name'), ...name)],
    ];
    const named = namedInOrder(Buffer.from(module([1, ...sized(1, 1, ...text('old'))])));
    assert.ok(WebAssembly.validate(named));
    const names = [1, ...sized(3, 1, ...text('0'), 2, ...text('2'), 3, ...text('1'))];
    assert.deepEqual([...named], module(names));
  });
});
