import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { shortNames } from './lib/wasm/short-names.mjs';

const sized = (...octets) => [octets.length, ...octets];
const text = (value) => sized(...Buffer.from(value));
const hash = '0123456789abcdef';

/** One that imports a function and a table, and exports the function twice. */
const module = Buffer.from([
  ...Buffer.from('\0asm'),
  ...[1, 0, 0, 0],
  ...[1, ...sized(1, 0x60, 0, 0)],
  ...[2, ...sized(2, ...text('m'), ...text(`__wbg_now_${hash}`), 0, 0, ...text('m'), ...text('own'), 1, 0x70, 0, 3)],
  ...[7, ...sized(2, ...text('start'), 0, 0, ...text('__wbg_draft_free'), 0, 0)],
  ...[0, ...sized(...text('kept'), 1, 2)],
]);

describe('the names between a module and its glue', () => {
  const glue = `const imports = { m: { __wbg_now_${hash}: now, own } }; wasm.__wbg_draft_free(this.__wbg_ptr); wasm.start();`;
  const short = shortNames(module, glue);

  it('are short in both where wasm-bindgen made them', () => {
    const compiled = new WebAssembly.Module(short.module);
    const names = (list) => list.map(({ name, kind }) => [name, kind]);
    assert.deepEqual(names(WebAssembly.Module.imports(compiled)), [
      ['$0', 'function'],
      ['own', 'table'],
    ]);
    assert.deepEqual(names(WebAssembly.Module.exports(compiled)), [
      ['start', 'function'],
      ['$1', 'function'],
    ]);
    assert.equal(short.glue, 'const imports = { m: { $0: now, own } }; wasm.$1(this.__wbg_ptr); wasm.start();');
    assert.deepEqual(short.names, { $0: `__wbg_now_${hash}`, $1: '__wbg_draft_free' });
  });

  it('are all that changes', () => {
    assert.equal(WebAssembly.Module.customSections(new WebAssembly.Module(short.module), 'kept').length, 1);
    const again = shortNames(short.module, short.glue);
    assert.deepEqual(again, { ...short, names: {} });
  });
});
